package dev.valija.upstream.net;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@link Deadline}s for one wait after the other on the same connection. A download waits a thousand times: an alarm
 * goes on from one wait to the next and is moved only when it goes off, for setting one wakes a thread.
 */
final class Watchdog implements Closeable {
    private static final long NEVER = Long.MAX_VALUE;

    private final Closeable connection;
    private final long origin = System.nanoTime();
    private long end = NEVER;
    private long alarmAt = NEVER;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean passed;

    Watchdog(Closeable connection) {
        this.connection = connection;
    }

    /** A wait begins, which ends the connection when it takes longer. */
    synchronized void begin(Duration longest) {
        end = now() + longest.toNanos();
        if (end < alarmAt) {
            cancel();
            set(end);
        }
    }

    /** It is over. @return whether too late */
    synchronized boolean end() {
        end = NEVER;
        return passed;
    }

    private synchronized void goOff() {
        alarm = null;
        alarmAt = NEVER;
        if (end == NEVER) {
            return;
        }
        if (now() < end) {
            set(end);
            return;
        }
        passed = true;
        // Closing may block on a lock held by the stuck wait, and the clock has others to serve.
        Thread.startVirtualThread(() -> Deadline.closeQuietly(connection));
    }

    private void set(long at) {
        alarmAt = at;
        alarm = Deadline.CLOCK.schedule(this::goOff, at - now(), TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    @Override
    public synchronized void close() {
        end = NEVER;
        alarmAt = NEVER;
        cancel();
    }
}
