package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** A text ready for the wire: its octets with CRLF line ends and the transfer encoding that suits them. */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record TextBody(String encoding, byte[] octets) {
    private static final Pattern QUOTE = Pattern.compile("^(>+) ?");
    private static final int FLOWED_LINE = 72;

    /** Takes the encoding that keeps most of it readable on the wire and no line beyond 998 octets (RFC 5322 2.1.1). */
    static TextBody of(String text) {
        String lines = text.replaceAll("\\r\\n?|\\n", "\r\n");
        byte[] octets = lines.getBytes(StandardCharsets.UTF_8);
        int eightBit = 0;
        int longest = 0;
        int line = 0;
        for (byte octet : octets) {
            eightBit += octet < 0 ? 1 : 0;
            line = octet == '\n' ? 0 : line + 1;
            longest = Math.max(longest, line);
        }
        if (eightBit == 0 && longest <= 900) {
            return new TextBody("7bit", octets);
        }
        if (eightBit > octets.length / 4) {
            return new TextBody("base64", base64(octets));
        }
        return new TextBody("quoted-printable", quotedPrintable(octets));
    }

    static byte[] base64(byte[] octets) {
        byte[] encoded = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encode(octets);
        var out = new ByteArrayOutputStream(encoded.length + 2);
        out.writeBytes(encoded);
        if (encoded.length > 0) {
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        return out.toByteArray();
    }

    /** RFC 2045 6.7, over text whose line ends are CRLF. */
    private static byte[] quotedPrintable(byte[] octets) {
        var out = new ByteArrayOutputStream(octets.length * 5 / 4);
        int column = 0;
        for (int i = 0; i < octets.length; i++) {
            int c = octets[i] & 0xff;
            if (c == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                out.writeBytes(new byte[] {'\r', '\n'});
                i++;
                column = 0;
                continue;
            }
            boolean lastOfLine = i + 1 == octets.length || octets[i + 1] == '\r';
            boolean blank = c == ' ' || c == '\t';
            boolean literal = blank ? !lastOfLine : c > ' ' && c < 0x7f && c != '=';
            // A dot alone and "From " at the start of a line are changed on the way by some.
            literal &= column > 0 || (c != '.' && c != 'F');
            int width = literal ? 1 : 3;
            if (column + width > 75) {
                out.writeBytes(new byte[] {'=', '\r', '\n'});
                column = 0;
            }
            if (literal) {
                out.write(c);
            } else {
                out.writeBytes("=%02X".formatted(c).getBytes(StandardCharsets.US_ASCII));
            }
            column += width;
        }
        return out.toByteArray();
    }

    /** RFC 3676: long lines are broken after a blank, so that readers can join them again. */
    static String flowed(String text) {
        var out = new StringBuilder(text.length() + text.length() / 20);
        for (String line : text.split("\\r\\n|[\\r\\n]", -1)) {
            var quote = QUOTE.matcher(line);
            boolean quoted = quote.lookingAt();
            String prefix = quoted ? quote.group(1) + " " : "";
            String rest = quoted ? line.substring(quote.end()) : line;
            boolean signature = rest.equals("-- ");
            rest = signature ? rest : rest.stripTrailing();
            int from = 0;
            do {
                int to = signature ? rest.length() : breakAfter(rest, from, FLOWED_LINE - prefix.length());
                String piece = rest.substring(from, to);
                out.append(prefix);
                // RFC 3676 4.4: space-stuffing.
                if (!quoted && (piece.startsWith(" ") || piece.startsWith(">") || piece.startsWith("From "))) {
                    out.append(' ');
                }
                out.append(piece).append("\r\n");
                from = to;
            } while (from < rest.length());
        }
        out.setLength(out.length() - 2);
        return out.toString();
    }

    private static int breakAfter(String text, int from, int room) {
        if (text.length() - from <= Math.max(room, 20)) {
            return text.length();
        }
        int blank = text.lastIndexOf(' ', from + Math.max(room, 20));
        if (blank <= from) {
            blank = text.indexOf(' ', from + 1);
        }
        return blank < 0 || blank + 1 >= text.length() ? text.length() : blank + 1;
    }
}
