package dev.valija.submission;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** A thread that looks again and again for what is due, sooner when it is called. Its turns never overlap. */
final class WorkLoop {
    private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);
    private static final long LONGEST_SLEEP_MS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final LongSupplier turn;
    private final Semaphore calls = new Semaphore(0);
    private volatile @Nullable Thread thread;

    /**
     * Does nothing until it is started.
     *
     * @param turn hands out what is due and tells for how many milliseconds nothing more will be; 5 s where it fails
     */
    WorkLoop(String name, LongSupplier turn) {
        this.name = name;
        this.turn = turn;
    }

    void start() {
        var started = Thread.ofVirtual().name(name).unstarted(this::run);
        thread = started; // before it runs: it runs for as long as it finds itself here
        started.start();
    }

    boolean isRunning() {
        return thread != null;
    }

    /** Something may be due. */
    void wake() {
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    /**
     * Takes no further turn, and waits some seconds for the workers to end what they are at.
     *
     * @param free has a permit for each worker that is doing nothing
     */
    void stop(Semaphore free, int workers) {
        if (thread == null) {
            return;
        }
        thread = null;
        wake();
        try {
            if (free.tryAcquire(workers, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(workers);
            } else {
                log.info("{}: what is not ended goes on after the next start", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (Thread.currentThread().equals(thread)) {
            long sleep = LONGEST_SLEEP_MS;
            try {
                sleep = turn.getAsLong();
            } catch (DataAccessException | TransactionException e) {
                log.warn("{} waits for the database: {}", name, e.getClass().getSimpleName());
            } catch (RuntimeException e) {
                log.error("{} stumbled", name, e);
            }
            try {
                if (calls.tryAcquire(sleep, TimeUnit.MILLISECONDS)) {
                    calls.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
