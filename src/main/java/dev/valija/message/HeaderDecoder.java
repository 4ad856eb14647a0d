package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes header values readable: unfolds them, decodes encoded words (RFC 2047) however broken, raw 8-bit text and
 * nothing at all, and takes out what could deceive the eye or break a line. Never throws; long values are cut.
 */
public final class HeaderDecoder {
    private static final int LONGEST_INPUT = 256 * 1024;
    private static final int LONGEST_OUTPUT = 4000;

    /** Decodes a field body as it came over the wire. */
    public static String decode(byte[] raw) {
        return decode(text(raw));
    }

    /** Decodes a field body; characters up to U+00FF that make valid UTF-8 as octets are taken for those. */
    public static String decode(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return "";
        }
        String text = raw.length() > LONGEST_INPUT ? raw.substring(0, LONGEST_INPUT) : raw;
        text = octetsAsText(text);
        return clean(text.contains("=?") ? encodedWords(text) : text, LONGEST_OUTPUT);
    }

    /** Makes a value fit to be read in which nothing is encoded (RFC 2047 5: no address, no name of a host). */
    public static String plain(byte[] raw) {
        return plain(text(raw));
    }

    static String plain(String raw) {
        return clean(octetsAsText(raw), LONGEST_OUTPUT);
    }

    /** The octets of a header as text: UTF-8 (RFC 6532) where it fits. */
    static String text(byte[] raw) {
        return Charsets.decodeHeader(raw, null);
    }

    private static String octetsAsText(String text) {
        boolean eightBit = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff) {
                return text;
            }
            eightBit |= c > 0x7f;
        }
        if (!eightBit) {
            return text;
        }
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return Charsets.isUtf8(octets) ? new String(octets, StandardCharsets.UTF_8) : text;
    }

    /**
     * Decodes every encoded word. Octets of neighbours with one charset are joined before they become text: many
     * mailers split characters between words, against RFC 2047 5.
     */
    private static String encodedWords(String text) {
        var out = new StringBuilder(text.length());
        var octets = new ByteArrayOutputStream();
        @Nullable String charset = null;
        int plainFrom = 0;
        int at = text.indexOf("=?");
        while (at >= 0) {
            Word word = Word.at(text, at);
            if (word == null) {
                at = text.indexOf("=?", at + 2);
                continue;
            }
            String between = text.substring(plainFrom, at);
            boolean adjacent = charset != null && between.isBlank();
            if (!adjacent || !word.charset.equalsIgnoreCase(charset)) {
                if (charset != null) {
                    out.append(Charsets.decode(octets.toByteArray(), charset));
                    octets.reset();
                }
                // RFC 2047 6.2: white space between encoded words is not shown.
                if (!adjacent) {
                    out.append(between);
                }
            }
            octets.writeBytes(word.octets);
            charset = word.charset;
            plainFrom = word.end;
            at = text.indexOf("=?", word.end);
        }
        if (charset != null) {
            out.append(Charsets.decode(octets.toByteArray(), charset));
        }
        return out.append(text, plainFrom, text.length()).toString();
    }

    /** One line of text without control characters and without characters that reorder what surrounds them. */
    static String clean(String text, int longest) {
        if (text.length() <= longest && isClean(text)) {
            return text;
        }
        var out = new StringBuilder(Math.min(text.length(), longest));
        boolean space = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029 || c == 0x85) {
                space = !out.isEmpty();
            } else if (!isHidden(c)) {
                if (out.length() + (space ? 1 : 0) + Character.charCount(c) > longest) {
                    break;
                }
                if (space) {
                    out.append(' ');
                    space = false;
                }
                out.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
            }
        }
        return out.toString();
    }

    /** Whether it is plain ASCII with single blanks inside, as nearly all values are. */
    private static boolean isClean(String text) {
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || (c == ' ' && before == ' ')) {
                return false;
            }
            before = c;
        }
        return before != ' ' || text.isEmpty();
    }

    /** Controls, and the bidirectional embeddings, overrides and isolates by which a file name can lie. */
    private static boolean isHidden(int c) {
        return c < 0x20
                || (c >= 0x7f && c <= 0x9f)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff
                || (c >= 0xe0000 && c <= 0xe007f);
    }

    /** An encoded word's octets. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one loop, never compared
    private record Word(String charset, byte[] octets, int end) {

        static @Nullable Word at(String text, int start) {
            int charsetEnd = text.indexOf('?', start + 2);
            if (charsetEnd < 0 || charsetEnd - start > 60 || charsetEnd + 2 >= text.length()) {
                return null;
            }
            char encoding = Character.toLowerCase(text.charAt(charsetEnd + 1));
            if ((encoding != 'b' && encoding != 'q') || text.charAt(charsetEnd + 2) != '?') {
                return null;
            }
            String charset = text.substring(start + 2, charsetEnd);
            int language = charset.indexOf('*'); // RFC 2231 5
            if (language >= 0) {
                charset = charset.substring(0, language);
            }
            int from = charsetEnd + 3;
            int close = text.indexOf("?=", from);
            // A word cut off by the end of the field still says something.
            int to = close >= 0 ? close : text.length();
            String encoded = text.substring(from, to);
            byte[] octets = encoding == 'b' ? TransferEncoding.base64(encoded) : q(encoded);
            return new Word(charset.strip(), octets, close >= 0 ? close + 2 : to);
        }

        private static byte[] q(String encoded) {
            var out = new ByteArrayOutputStream(encoded.length());
            for (int i = 0; i < encoded.length(); i++) {
                char c = encoded.charAt(i);
                int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = high >= 0 ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (c == '_') {
                    out.write(' ');
                } else if (c == '=' && low >= 0) {
                    out.write(high * 16 + low);
                    i += 2;
                } else if (c < 0x80 && c >= ' ') {
                    out.write(c);
                } else if (c >= 0x80) {
                    out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                }
            }
            return out.toByteArray();
        }
    }

    private HeaderDecoder() {}
}
