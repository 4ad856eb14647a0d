package dev.valija.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an image's first octets say. The type is by these alone, never by what a server calls it, and of the four that
 * browsers show from of old; SVG is a document and none of them. Nothing is decoded: that is left to the browser's own
 * process, once the dimensions promise that it will not be asked for gigabytes.
 *
 * @param type a media type
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record ImageHeader(String type, int width, int height) {
    private static final long MOST_PIXELS = 40_000_000;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Whether it would take a browser more memory than a picture in a mail is worth. */
    public boolean isVast() {
        return (long) width * height > MOST_PIXELS;
    }

    /** Reads it; nothing where this is no image that we show. */
    public static Optional<ImageHeader> read(byte[] octets) {
        try {
            return header(octets).filter(image -> image.width > 0 && image.height > 0);
        } catch (IndexOutOfBoundsException e) {
            return Optional.empty(); // it ends before it says how large it is
        }
    }

    private static Optional<ImageHeader> header(byte[] octets) {
        var buffer = ByteBuffer.wrap(octets);
        if (starts(octets, 0, new String(PNG, StandardCharsets.ISO_8859_1)) && starts(octets, 12, "IHDR")) {
            return Optional.of(new ImageHeader("image/png", buffer.getInt(16), buffer.getInt(20)));
        }
        if (starts(octets, 0, "\u00ff\u00d8\u00ff")) {
            return jpeg(buffer);
        }
        var little = buffer.order(ByteOrder.LITTLE_ENDIAN);
        if (starts(octets, 0, "GIF87a") || starts(octets, 0, "GIF89a")) {
            return Optional.of(gif(little));
        }
        if (starts(octets, 0, "RIFF") && starts(octets, 8, "WEBP")) {
            return webp(octets, little);
        }
        return Optional.empty();
    }

    /** ITU T.81 B.1.1: the first frame header (SOF0 to SOF15) has the size. */
    private static Optional<ImageHeader> jpeg(ByteBuffer buffer) {
        int at = 2;
        while (true) {
            if (unsigned(buffer, at) != 0xff) {
                return Optional.empty();
            }
            int marker = unsigned(buffer, at + 1);
            if (marker == 0xff) {
                at++; // fill
            } else if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
                at += 2; // no parameters
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                return Optional.of(new ImageHeader(
                        "image/jpeg",
                        Short.toUnsignedInt(buffer.getShort(at + 7)),
                        Short.toUnsignedInt(buffer.getShort(at + 5))));
            } else if (marker == 0xd9 || marker == 0xda) {
                return Optional.empty(); // it ends or begins to draw without a size
            } else {
                int length = Short.toUnsignedInt(buffer.getShort(at + 2));
                if (length < 2) {
                    return Optional.empty();
                }
                at += 2 + length;
            }
        }
    }

    /** GIF89a 18 and 20: browsers make room for the screen or the first picture, whichever is larger. */
    private static ImageHeader gif(ByteBuffer buffer) {
        int width = Short.toUnsignedInt(buffer.getShort(6));
        int height = Short.toUnsignedInt(buffer.getShort(8));
        int flags = unsigned(buffer, 10);
        int at = 13 + ((flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1));
        while (unsigned(buffer, at) == 0x21) { // extensions
            at += 2;
            for (int block = unsigned(buffer, at); block != 0; block = unsigned(buffer, at)) {
                at += 1 + block;
            }
            at++;
        }
        if (unsigned(buffer, at) != 0x2c) {
            return new ImageHeader("image/gif", 0, 0);
        }
        return new ImageHeader(
                "image/gif",
                Math.max(width, Short.toUnsignedInt(buffer.getShort(at + 5))),
                Math.max(height, Short.toUnsignedInt(buffer.getShort(at + 7))));
    }

    /** RFC 9649 2.5 to 2.7. */
    private static Optional<ImageHeader> webp(byte[] octets, ByteBuffer buffer) {
        if (starts(octets, 12, "VP8X")) {
            return Optional.of(new ImageHeader("image/webp", 1 + threeOctets(buffer, 24), 1 + threeOctets(buffer, 27)));
        }
        if (starts(octets, 12, "VP8L") && unsigned(buffer, 20) == 0x2f) {
            int bits = buffer.getInt(21);
            return Optional.of(new ImageHeader("image/webp", 1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff)));
        }
        if (starts(octets, 12, "VP8 ") && starts(octets, 23, "\u009d\u0001*")) {
            return Optional.of(
                    new ImageHeader("image/webp", buffer.getShort(26) & 0x3fff, buffer.getShort(28) & 0x3fff));
        }
        return Optional.empty();
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return Byte.toUnsignedInt(buffer.get(at));
    }

    private static int threeOctets(ByteBuffer buffer, int at) {
        return unsigned(buffer, at) | unsigned(buffer, at + 1) << 8 | unsigned(buffer, at + 2) << 16;
    }

    private static boolean starts(byte[] octets, int from, String magic) {
        if (octets.length < from + magic.length()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            if ((octets[from + i] & 0xff) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
