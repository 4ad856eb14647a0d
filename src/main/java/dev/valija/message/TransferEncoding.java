package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Takes content transfer encodings off (RFC 2045 6), forgiving what is broken in them. */
public final class TransferEncoding {

    /** Decodes what is already here, or the beginning of it. */
    public static byte[] decode(byte[] encoded, @Nullable String encoding) {
        var decoded = new ByteArrayOutputStream(encoded.length);
        try {
            var decoding = DecodingOutput.of(encoding, decoded);
            decoding.write(encoded);
            decoding.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from memory
        }
        return decoded.toByteArray();
    }

    /** The octets of base64 text; characters outside the alphabet and a lost end are passed over. */
    static byte[] base64(String text) {
        var out = new ByteArrayOutputStream(text.length());
        int bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = sextet(text.charAt(i));
            if (value < 0) {
                if (text.charAt(i) == '=') {
                    held = 0; // padding may stand in the middle where two encoded texts were joined
                }
                continue;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                out.write(bits >> held & 0xff);
            }
        }
        return out.toByteArray();
    }

    private static int sextet(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        } else if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        } else if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }

    private TransferEncoding() {}
}
