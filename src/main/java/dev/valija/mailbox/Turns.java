package dev.valija.mailbox;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A few at a time, in the order they came, but none for long: whoever takes longer goes on without a turn, and another
 * has it. So providers that do not answer, or do so octet by octet, cannot keep all turns from all others.
 */
final class Turns {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final int atOnce;
    private final Duration longest;
    private final Semaphore free;

    Turns(int atOnce, Duration longest) {
        this.atOnce = atOnce;
        this.longest = longest;
        this.free = new Semaphore(atOnce, true);
    }

    /** Does it when it is our turn. */
    void taking(Runnable turn) {
        free.acquireUninterruptibly();
        var held = new AtomicBoolean(true);
        var late = CLOCK.schedule(() -> end(held), longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            turn.run();
        } finally {
            late.cancel(false);
            end(held);
        }
    }

    private void end(AtomicBoolean held) {
        if (held.compareAndSet(true, false)) {
            free.release();
        }
    }

    /** Whether others wait for theirs. */
    boolean wanted() {
        return free.hasQueuedThreads();
    }

    /** Waits until no turn is taken, or so long. */
    void awaitEnd(Duration most) {
        try {
            if (free.tryAcquire(atOnce, most.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(atOnce);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("turns").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
