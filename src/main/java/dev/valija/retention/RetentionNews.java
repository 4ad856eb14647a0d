package dev.valija.retention;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.Accounts;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Has accounts visited because of the operator's rules: new ones, and all of them after a start, as the rules may be new.
 * They are visited over some hours, as each visit asks a mail server.
 */
@Component
class RetentionNews {
    private static final Logger log = LoggerFactory.getLogger(RetentionNews.class);
    private static final Duration SPREAD = Duration.ofHours(6);
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private final RetentionProperties operator;
    private final Accounts accounts;
    private final VisitRows visits;

    RetentionNews(RetentionProperties operator, Accounts accounts, VisitRows visits) {
        this.operator = operator;
        this.accounts = accounts;
        this.visits = visits;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        later(() -> accounts.ids().forEach(id -> begin(id, SPREAD)));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        later(() -> begin(event.accountId(), SETTLED));
    }

    /** An account may be of another domain now. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        later(() -> begin(event.accountId(), SETTLED));
    }

    private void begin(long accountId, Duration within) {
        long seconds = ThreadLocalRandom.current().nextLong(within.toSeconds());
        visits.begin(accountId, Instant.now().plusSeconds(seconds));
    }

    /** In a transaction of its own, for which the one that ends has no room. */
    private void later(Runnable work) {
        if (!operator.isSet()) {
            return;
        }
        Thread.ofVirtual().name("retention-news").start(() -> {
            try {
                work.run();
            } catch (DataAccessException | TransactionException e) {
                log.warn(
                        "accounts are looked after by the operator's rules after the next start: {}",
                        e.getClass().getSimpleName());
            }
        });
    }
}
