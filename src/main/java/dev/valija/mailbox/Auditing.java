package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Audits the index in the background, one mailbox at a time, with rests in between: everything else comes first. */
@Service
class Auditing {
    private static final Logger log = LoggerFactory.getLogger(Auditing.class);
    /** Rests so many times as long as the last audit took. */
    private static final int REST = 9;

    private final AuditSchedule schedule;
    private final Audit audit;
    private final Watching watching;
    private long restUntil = System.nanoTime();

    Auditing(AuditSchedule schedule, Audit audit, Watching watching) {
        this.schedule = schedule;
        this.audit = audit;
        this.watching = watching;
    }

    /** The next audit, unless it is time to rest. */
    @Scheduled(initialDelay = 5, fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void beat() {
        long start = System.nanoTime();
        if (start - restUntil >= 0 && auditOne()) {
            long end = System.nanoTime();
            restUntil = end + (end - start) * REST;
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
