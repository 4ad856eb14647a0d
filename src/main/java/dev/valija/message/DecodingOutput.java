package dev.valija.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes a content transfer encoding (RFC 2045 6) off what is written through it, in constant memory. */
public abstract class DecodingOutput extends OutputStream {
    final OutputStream out;

    private DecodingOutput(OutputStream out) {
        this.out = out;
    }

    /** The right one; encodings nobody knows are passed through. Finish with {@link #finish()}, not with close. */
    public static DecodingOutput of(@Nullable String encoding, OutputStream out) {
        return switch (encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> new FromBase64(out);
            case "quoted-printable" -> new FromQuotedPrintable(out);
            case "x-uuencode", "uuencode", "x-uue", "uue" -> new FromUuencode(out);
            default -> new AsItIs(out);
        };
    }

    /** Writes what was held back. */
    public abstract void finish() throws IOException;

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    private static final class AsItIs extends DecodingOutput {
        AsItIs(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void finish() {}
    }

    private static final class FromBase64 extends DecodingOutput {
        private static final boolean[] ALPHABET = new boolean[256];

        static {
            for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".toCharArray()) {
                ALPHABET[c] = true;
            }
        }

        private final byte[] held = new byte[48 << 10];
        private int count;

        FromBase64(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            int end = offset + length;
            for (int from = offset; from < end; ) {
                int most = Math.min(end, from + held.length - count);
                int to = from;
                while (to < most && ALPHABET[octets[to] & 0xff]) {
                    to++;
                }
                System.arraycopy(octets, from, held, count, to - from);
                count += to - from;
                if (count == held.length) {
                    decode();
                } else if (to < end) {
                    if (octets[to] == '=') {
                        // Padding may stand in the middle, where two encoded texts were joined.
                        finish();
                    }
                    to++;
                }
                from = to;
            }
        }

        private void decode() throws IOException {
            int whole = count - count % 4;
            out.write(Base64.getDecoder()
                    .decode(whole == count && count == held.length ? held : Arrays.copyOf(held, whole)));
            System.arraycopy(held, whole, held, 0, count - whole);
            count -= whole;
        }

        @Override
        public void finish() throws IOException {
            if (count % 4 == 1) {
                count--; // six bits alone are no octet
            }
            if (count > 0) {
                out.write(Base64.getDecoder().decode(Arrays.copyOf(held, count)));
                count = 0;
            }
        }
    }

    /** Lines between "begin" and "end", each with its length first; no RFC, POSIX has it. */
    private static final class FromUuencode extends DecodingOutput {
        private static final int LONGEST_LINE = 256;

        private final byte[] line = new byte[LONGEST_LINE];
        private final byte[] decoded = new byte[64];
        private int length;
        private boolean begun;
        private boolean ended;

        FromUuencode(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (octets[i] == '\n') {
                    finish();
                } else if (octets[i] != '\r' && this.length < LONGEST_LINE) {
                    line[this.length++] = octets[i];
                }
            }
        }

        @Override
        public void finish() throws IOException {
            if (!begun) {
                begun = starts("begin ");
            } else if (!ended) {
                ended = starts("end") || length == 0;
                if (!ended) {
                    decode();
                }
            }
            length = 0;
        }

        /** Blanks at a line's end may have been lost on the way; they stand for zeros. */
        private void decode() throws IOException {
            int count = value(0);
            int made = 0;
            for (int at = 1; made < count; at += 4) {
                int group = value(at) << 18 | value(at + 1) << 12 | value(at + 2) << 6 | value(at + 3);
                for (int shift = 16; shift >= 0 && made < count; shift -= 8) {
                    decoded[made++] = (byte) (group >> shift);
                }
            }
            out.write(decoded, 0, made);
        }

        private int value(int at) {
            return at < length ? line[at] - ' ' & 0x3f : 0;
        }

        private boolean starts(String word) {
            return length >= word.length()
                    && new String(line, 0, word.length(), StandardCharsets.US_ASCII).equals(word);
        }
    }

    private static final class FromQuotedPrintable extends DecodingOutput {
        private final byte[] decoded = new byte[16 << 10];
        private int count;
        /** What follows a "=": nothing, one digit or CR; -1 outside. */
        private int escape = -1;

        private int blanks;
        private final byte[] spaces = new byte[1000];

        FromQuotedPrintable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                next(octets[i]);
            }
        }

        private void next(byte octet) throws IOException {
            if (escape == -1) {
                plain(octet);
            } else if (escape == 0) {
                if (octet == '\n') {
                    escape = -1;
                } else if (octet != ' ' && octet != '\t') {
                    escape = octet & 0xff; // blanks after "=" at a line's end are transport padding
                }
            } else {
                int high = Character.digit(escape, 16);
                int low = Character.digit(octet, 16);
                int first = escape;
                escape = -1;
                if (high >= 0 && low >= 0) {
                    put((byte) (high * 16 + low));
                } else if (first != '\r' || octet != '\n') {
                    put((byte) '=');
                    plain((byte) first);
                    plain(octet);
                }
            }
        }

        private void plain(byte octet) throws IOException {
            if (octet == ' ' || octet == '\t') {
                blanks++;
                spaces[Math.min(blanks, spaces.length) - 1] = octet;
                return;
            }
            if (blanks > 0) {
                // RFC 2045 6.7 (3): blanks at the end of a line were added on the way.
                if (octet != '\r' && octet != '\n') {
                    for (int i = 0; i < blanks; i++) {
                        put(spaces[Math.min(i, spaces.length - 1)]);
                    }
                }
                blanks = 0;
            }
            if (octet == '=') {
                escape = 0;
            } else {
                put(octet);
            }
        }

        private void put(byte octet) throws IOException {
            if (count == decoded.length) {
                out.write(decoded, 0, count);
                count = 0;
            }
            decoded[count++] = octet;
        }

        @Override
        public void finish() throws IOException {
            out.write(decoded, 0, count);
            count = 0;
        }
    }
}
