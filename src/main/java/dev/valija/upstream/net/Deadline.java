package dev.valija.upstream.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes something when a step takes too long as a whole. A socket's own timeout starts anew with every octet, and
 * does not bound writing at all.
 */
public final class Deadline implements AutoCloseable {
    static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final AtomicBoolean passed = new AtomicBoolean();
    private final ScheduledFuture<?> alarm;

    public Deadline(Closeable resource, Duration length) {
        alarm = CLOCK.schedule(
                () -> {
                    passed.set(true);
                    // Closing may block on a lock held by the stuck step, and the clock has others to serve.
                    Thread.startVirtualThread(() -> closeQuietly(resource));
                },
                length.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whether it was too late. */
    public boolean passed() {
        return passed.get();
    }

    @Override
    public void close() {
        alarm.cancel(false);
    }

    /** The failure of a step whose deadline passed. */
    static SocketTimeoutException timeout(String message, IOException cause) {
        var timeout = new SocketTimeoutException(message);
        timeout.initCause(cause);
        return timeout;
    }

    static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException ignored) {
            // It is being given up; how it goes is of no interest.
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("deadlines").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
