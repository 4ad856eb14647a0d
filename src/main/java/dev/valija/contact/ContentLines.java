package dev.valija.contact;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a vCard file, unfolded (RFC 6350 3.2): octets, since old programs fold within characters, and each says
 * in what charset it is. Of long ones, which are pictures and the like, the beginning is kept and the rest passed over.
 */
final class ContentLines {
    private static final int LONGEST = 16 << 10;
    private static final int END = -1;
    /** What UTF-8 files of Windows begin with. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private int ahead;

    ContentLines(InputStream in) throws IOException {
        this.in = new BufferedInputStream(in);
        this.in.mark(MARK.length);
        if (!Arrays.equals(this.in.readNBytes(MARK.length), MARK)) {
            this.in.reset();
        }
        this.ahead = this.in.read();
    }

    /** A line that is being read. */
    private static final class Line extends ByteArrayOutputStream {
        void add(int octet) {
            if (count < LONGEST) {
                write(octet);
            }
        }

        /** Whether an equals sign takes the next line along: quoted-printable in version 2.1. */
        boolean isOpen() {
            return count > 0
                    && buf[count - 1] == '='
                    && new String(buf, 0, Math.min(count, 200), StandardCharsets.ISO_8859_1)
                            .toUpperCase(Locale.ROOT)
                            .contains("QUOTED-PRINTABLE");
        }

        void dropLast() {
            count--;
        }
    }

    /** The next line without its end, or null after the last. */
    byte @Nullable [] next() throws IOException {
        if (ahead == END) {
            return null;
        }
        var line = new Line();
        readTo(line);
        while (ahead != END) {
            if (line.isOpen()) {
                line.dropLast();
            } else if (ahead == ' ' || ahead == '\t') {
                ahead = in.read();
            } else {
                break;
            }
            readTo(line);
        }
        return line.toByteArray();
    }

    /** Up to the end of a line and past it: CR LF, or either of them. */
    private void readTo(Line line) throws IOException {
        while (ahead != END && ahead != '\r' && ahead != '\n') {
            line.add(ahead);
            ahead = in.read();
        }
        boolean carriageReturn = ahead == '\r';
        ahead = ahead == END ? END : in.read();
        if (carriageReturn && ahead == '\n') {
            ahead = in.read();
        }
    }
}
