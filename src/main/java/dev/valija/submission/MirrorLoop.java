package dev.valija.submission;

import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftsBehind.Job;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Takes drafts whose copies are behind, and has them copied. Any number of nodes may run one. */
@Component
class MirrorLoop implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(MirrorLoop.class);
    private static final int AT_ONCE = 4;
    private static final long GLANCE_MS = 1_000;
    private static final Duration RENEW = Duration.ofSeconds(30);
    /** For what may still be on its way to the provider. */
    private static final Duration WAIT = Duration.ofMinutes(1);

    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 7; // about an hour

    private final DraftsBehind behind;
    private final DraftMirror mirror;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Set<UUID> working = ConcurrentHashMap.newKeySet();
    private final WorkLoop loop = new WorkLoop("draft mirror", this::turn);
    private long renewed;

    MirrorLoop(DraftsBehind behind, DraftMirror mirror) {
        this.behind = behind;
        this.mirror = mirror;
    }

    @Override
    public void start() {
        loop.start();
    }

    /** Takes nothing more; what is being copied is copied to its end. A claim that outlives us ends by itself. */
    @Override
    public void stop() {
        loop.stop(free, AT_ONCE);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    private long turn() {
        renew();
        takeWhatIsDue();
        return GLANCE_MS;
    }

    private void renew() {
        long now = System.nanoTime();
        if (now - renewed > RENEW.toNanos()) {
            renewed = now;
            if (!working.isEmpty()) {
                behind.renew(Set.copyOf(working));
            }
        }
    }

    private void takeWhatIsDue() {
        int room = free.drainPermits();
        int taken = 0;
        try {
            for (var job : room > 0 ? behind.take(room) : List.<Job>of()) {
                taken++;
                working.add(job.claim());
                Thread.ofVirtual().name("draft-copy-" + job.draft().id()).start(() -> {
                    try {
                        work(job);
                    } finally {
                        working.remove(job.claim());
                        free.release();
                        loop.wake();
                    }
                });
            }
        } finally {
            free.release(room - taken);
        }
    }

    /** Does it, and says what becomes of it. */
    void work(Job job) {
        try {
            if (mirror.mirror(job.draft())) {
                behind.caughtUp(job);
            } else {
                behind.notYet(job, WAIT);
            }
        } catch (DataAccessException | TransactionException e) {
            log.info(
                    "draft {} is copied later: {}",
                    job.draft().id(),
                    e.getClass().getSimpleName());
        } catch (ProblemException e) {
            log.info("draft {} is copied later: {}", job.draft().id(), e.problem());
            behind.failed(job, backoff(job));
        } catch (RuntimeException e) {
            log.error("draft {} cannot be copied", job.draft().id(), e);
            behind.failed(job, backoff(job));
        }
    }

    private static Duration backoff(Job job) {
        return SHORTEST.multipliedBy(1L << Math.min(job.tries(), MOST_DOUBLINGS));
    }
}
