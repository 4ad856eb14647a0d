package dev.valija.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.eclipse.angus.mail.util.BASE64DecoderStream;
import org.eclipse.angus.mail.util.QPDecoderStream;
import org.eclipse.angus.mail.util.UUDecoderStream;
import org.jspecify.annotations.Nullable;

/** Takes content transfer encodings off (RFC 2045 6), forgiving what is broken in them. */
public final class TransferEncoding {

    /** Decodes as it is read, in constant memory; an encoding nobody knows is passed through. */
    public static InputStream decode(InputStream encoded, @Nullable String encoding) {
        return switch (encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> new BASE64DecoderStream(encoded, true);
            case "quoted-printable" -> new QPDecoderStream(encoded);
            case "x-uuencode", "uuencode", "x-uue", "uue" ->
                new EndingAtDefects(new UUDecoderStream(encoded, true, true));
            default -> encoded;
        };
    }

    /** Angus's decoder stumbles over lines of wrong lengths. */
    private static final class EndingAtDefects extends FilterInputStream {
        EndingAtDefects(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IndexOutOfBoundsException e) {
                return -1;
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return in.read(into, from, length);
            } catch (IndexOutOfBoundsException e) {
                return -1;
            }
        }
    }

    /** Decodes what is already here; octets before a defect that ends the decoding are kept. */
    public static byte[] decode(byte[] encoded, @Nullable String encoding) {
        var out = new ByteArrayOutputStream(encoded.length);
        try (var in = decode(new ByteArrayInputStream(encoded), encoding)) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // A truncated or mangled tail; what came before it is worth showing.
            return out.toByteArray();
        }
        return out.toByteArray();
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
