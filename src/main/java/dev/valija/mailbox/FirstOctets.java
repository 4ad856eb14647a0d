package dev.valija.mailbox;

import java.io.ByteArrayOutputStream;

/** Keeps the first octets written to it and lets the others go. */
final class FirstOctets extends ByteArrayOutputStream {
    private final int most;
    private boolean overflown;

    FirstOctets(int most) {
        this.most = most;
    }

    /** Whether more came than was kept. */
    boolean overflown() {
        return overflown;
    }

    @Override
    public synchronized void write(int octet) {
        if (count < most) {
            super.write(octet);
        } else {
            overflown = true;
        }
    }

    @Override
    public synchronized void write(byte[] octets, int from, int length) {
        int kept = Math.min(length, most - count);
        super.write(octets, from, kept);
        overflown |= kept < length;
    }
}
