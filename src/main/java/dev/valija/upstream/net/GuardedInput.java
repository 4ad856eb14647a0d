package dev.valija.upstream.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * What a server sends, within bounds: lines no longer than the dialect has them, and no trickle. A socket's timeout
 * alone would let one octet a minute hold a connection for ever.
 */
final class GuardedInput extends InputStream {
    /** Octets expected in each stretch of waiting as long as the patience; "* OK Still searching" gives more. */
    private static final int TRICKLE = 64;

    private final InputStream in;
    private final int longestLine;
    private int line;
    private long patienceNanos;
    private long waitedNanos;
    private long arrived;
    private long allowance = Long.MAX_VALUE;

    GuardedInput(InputStream in, int longestLine, Duration patience) {
        this.in = in;
        this.longestLine = longestLine;
        this.patienceNanos = patience.toNanos();
    }

    void patience(Duration patience) {
        patienceNanos = patience.toNanos();
        waitedNanos = 0;
        arrived = 0;
    }

    void allow(long octets) {
        allowance = octets;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        long start = System.nanoTime();
        int count = in.read(into, offset, length);
        if (count > 0) {
            checkRate(System.nanoTime() - start, count);
            checkLine(into, offset, count);
            checkAllowance(count);
        }
        return count;
    }

    private void checkRate(long waited, int count) throws SocketTimeoutException {
        waitedNanos += waited;
        arrived += count;
        if (waitedNanos > patienceNanos) {
            if (arrived < TRICKLE) {
                throw new SocketTimeoutException("the server only trickles");
            }
            waitedNanos = 0;
            arrived = 0;
        }
    }

    private void checkLine(byte[] octets, int offset, int count) throws GuardException {
        if (longestLine == Integer.MAX_VALUE) {
            return;
        }
        for (int i = offset; i < offset + count; i++) {
            line = octets[i] == '\n' ? 0 : line + 1;
            if (line > longestLine) {
                throw new GuardException("a line of the server is longer than " + longestLine + " octets");
            }
        }
    }

    private void checkAllowance(int count) throws GuardException {
        if (allowance != Long.MAX_VALUE) {
            allowance -= count;
            if (allowance < 0) {
                throw new GuardException("an answer of the server does not end");
            }
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
