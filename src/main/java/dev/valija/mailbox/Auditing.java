package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/** Audits the index in the background, one mailbox at a time, with rests in between: everything else comes first. */
@Service
class Auditing implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Auditing.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Rests so many times as long as the last audit took. */
    private static final int REST = 9;

    private final AuditSchedule schedule;
    private final Audit audit;
    private final Watching watching;
    private volatile @Nullable Thread thread;

    Auditing(AuditSchedule schedule, Audit audit, Watching watching) {
        this.schedule = schedule;
        this.audit = audit;
        this.watching = watching;
    }

    @Override
    public void start() {
        var started = Thread.ofVirtual().name("mailbox-audits").unstarted(this::live);
        thread = started; // known before it runs, since it looks whether it should
        started.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void live() {
        try {
            while (isRunning()) {
                long start = System.nanoTime();
                boolean any = auditOne();
                var rest = Duration.ofNanos((System.nanoTime() - start) * REST);
                Thread.sleep(any ? rest : PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Audits the mailbox whose turn it is. @return whether there was one */
    boolean auditOne() {
        try {
            var glance = schedule.nextGlance();
            if (glance.isPresent()) {
                audit.glance(glance.get());
                return true;
            }
            // Accounts in use only, each watched by one node; the others are caught up with when they are used again.
            var comparison = schedule.nextComparison(watching.watched());
            comparison.ifPresent(key -> {
                audit.compare(key);
                schedule.compared(key);
            });
            return comparison.isPresent();
        } catch (ProblemException e) {
            log.info("an audit has to wait: {}", e.problem());
        } catch (DataAccessException e) {
            log.warn("an audit has to wait: {}", e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            log.error("an audit stumbled", e);
        }
        return false;
    }
}
