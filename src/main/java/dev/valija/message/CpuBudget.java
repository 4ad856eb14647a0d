package dev.valija.message;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bounds the work that somebody else's mail can make. It is counted in time of the CPU, so that a busy machine does not
 * turn good mail down; time of virtual threads is not counted by the JVM, hence a thread of its own.
 */
public final class CpuBudget {
    /** What reading one mail may take. */
    public static final Duration ONE_MAIL = Duration.ofSeconds(2);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration LOOK = Duration.ofMillis(100);
    /** How many budgets one waits for a place. */
    private static final int PATIENCE = 5;

    static final int MOST_AT_ONCE = Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
    private static final Semaphore PLACES = new Semaphore(MOST_AT_ONCE, true);

    /** It took too much. */
    public static final class Exceeded extends RuntimeException {
        Exceeded(Duration budget) {
            super("more than " + budget.toMillis() + " ms of the CPU");
        }
    }

    /**
     * Does it and waits for it. Work that goes on beyond its budget is interrupted and left behind; until it stops it
     * keeps its place among the few that there are, so that no number of hostile mails takes all of the machine.
     *
     * @throws Exceeded when it takes more, or all places are taken by what does
     */
    public static <T> T within(Duration budget, Callable<T> work) {
        takePlace(budget);
        var task = new FutureTask<>(work);
        var thread = start(task);
        var wait = budget;
        while (true) {
            try {
                return task.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (THREADS.getThreadCpuTime(thread.threadId()) >= budget.toNanos()) {
                    thread.interrupt();
                    throw new Exceeded(budget);
                }
                wait = LOOK;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                // A stack that hostile nesting has used up is gone with its thread.
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                thread.interrupt();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a mail was read", e);
            }
        }
    }

    private static Thread start(Runnable task) {
        try {
            return Thread.ofPlatform().daemon().name("reading a mail").start(() -> {
                try {
                    task.run();
                } finally {
                    PLACES.release();
                }
            });
        } catch (OutOfMemoryError e) {
            PLACES.release(); // the system gives no more threads
            throw e;
        }
    }

    private static void takePlace(Duration budget) {
        try {
            if (!PLACES.tryAcquire(PATIENCE * budget.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Exceeded(budget);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before a mail was read", e);
        }
    }

    /** Called by loops whose length somebody else's mail says: ends what nobody waits for any more. */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("nobody waits for this any more");
        }
    }

    private CpuBudget() {}
}
