package dev.valija.upstream.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * What a server sends, within bounds: lines no longer than the dialect has them, no more octets than were allowed, and
 * no trickle. A socket's timeout alone would let one octet a minute hold a connection for ever; it starts anew even
 * with TLS records that hold no data, such as key updates, and does not bound the answers that TLS itself writes.
 */
final class GuardedInput extends InputStream {
    /** Octets expected in each stretch of waiting as long as the patience; "* OK Still searching" gives more. */
    private static final int TRICKLE = 64;
    /** A socket's own timeout comes first, where it comes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final InputStream in;
    private final Watchdog watchdog;
    private final int longestLine;
    private final Pace pace;
    private int line;
    private Duration patience;
    private long waitedNanos;
    private long arrived;
    private long allowance = Long.MAX_VALUE;

    GuardedInput(InputStream in, Closeable connection, int longestLine, Duration patience) {
        this.in = in;
        this.watchdog = new Watchdog(connection);
        this.longestLine = longestLine;
        this.patience = patience;
        this.pace = new Pace(patience);
    }

    void patience(Duration silence) {
        patience = silence;
        waitedNanos = 0;
        arrived = 0;
        pace.begin(silence);
    }

    void expect(long octets) {
        allowance = octets;
        pace.begin();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it but fairness
    public int read(byte[] into, int offset, int length) throws IOException {
        // A virtual thread that never waits keeps its carrier, and a server that always has more could have them all.
        Thread.yield();
        long start = System.nanoTime();
        int count = in.available() > 0 ? in.read(into, offset, length) : await(into, offset, length);
        if (count > 0) {
            checkRate(System.nanoTime() - start, count);
            pace.waited(start, count);
            checkLine(into, offset, count);
            checkAllowance(count);
        }
        return count;
    }

    private int await(byte[] into, int offset, int length) throws IOException {
        watchdog.begin(patience.plus(GRACE));
        try {
            int count = in.read(into, offset, length);
            watchdog.end();
            return count;
        } catch (IOException e) {
            throw watchdog.end() ? Deadline.timeout("the server sends nothing but TLS's own records", e) : e;
        }
    }

    private void checkRate(long waited, int count) throws SocketTimeoutException {
        waitedNanos += waited;
        arrived += count;
        if (waitedNanos > patience.toNanos()) {
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

    /** Nobody will read any more: nothing keeps a closed connection in memory. */
    void forget() {
        watchdog.close();
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        watchdog.close();
        in.close();
    }
}
