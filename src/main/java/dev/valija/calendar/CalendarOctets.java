package dev.valija.calendar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes a calendar file of at most a megabyte into memory. */
final class CalendarOctets extends OutputStream {
    private static final int MOST = 1 << 20;

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    /** The file is larger than any invitation. */
    static final class TooMany extends IOException {
        TooMany() {
            super("more than " + MOST + " octets");
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (octets.size() + length > MOST) {
            throw new TooMany();
        }
        octets.write(from, offset, length);
    }

    byte[] toByteArray() {
        return octets.toByteArray();
    }
}
