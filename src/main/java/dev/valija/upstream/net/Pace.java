package dev.valija.upstream.net;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long a server may keep us waiting in all, however often it shows a sign of life: a few times the patience for
 * one silence, and longer only as far as octets really move.
 */
final class Pace {
    /** A search that reads every message says so now and then, and takes minutes on slow servers. */
    private static final int MOST_SILENCES = 10;
    /** Octets that buy another second: less than any line that mail is read over today. */
    private static final int SLOWEST = 16 << 10;

    private long patienceNanos;
    private long waitedNanos;
    private long octets;

    Pace(Duration patience) {
        begin(patience);
    }

    /** Something new is waited for. */
    void begin(Duration patience) {
        patienceNanos = patience.toNanos();
        begin();
    }

    void begin() {
        waitedNanos = 0;
        octets = 0;
    }

    /** Takes note of a wait since that moment, and of what it brought. */
    void waited(long since, int brought) throws SocketTimeoutException {
        waitedNanos += System.nanoTime() - since;
        octets += brought;
        if (waitedNanos > MOST_SILENCES * patienceNanos + octets / SLOWEST * 1_000_000_000L) {
            throw new SocketTimeoutException("the server keeps us waiting too long");
        }
    }
}
