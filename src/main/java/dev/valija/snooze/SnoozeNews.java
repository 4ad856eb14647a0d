package dev.valija.snooze;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.Accounts;
import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.MailboxKey;
import dev.valija.problem.ProblemException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Has snoozes looked after when something happens to them. What is missed here, because a node dies, is found at the time
 * that each is snoozed until.
 */
@Component
class SnoozeNews {
    private static final Logger log = LoggerFactory.getLogger(SnoozeNews.class);

    private final SnoozeRows rows;
    private final Accounts accounts;

    SnoozeNews(SnoozeRows rows, Accounts accounts) {
        this.rows = rows;
        this.accounts = accounts;
    }

    /** Messages have left a mailbox: those that were away there are snoozed no more. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(MailboxChanged event) {
        var mailbox = event.mailbox();
        if (mailbox != null && !event.destroyed().isEmpty()) {
            var key = new MailboxKey(event.accountId(), mailbox);
            later(() -> rows.left(key, event.destroyed(), Instant.now()));
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        later(() -> rows.hurry(event.accountId(), Instant.now()));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        later(() -> {
            if (!accounts.get(event.accountId()).credentialsRejected()) {
                rows.hurry(event.accountId(), Instant.now());
            }
        });
    }

    /** In a transaction of its own, for which the one that ends has no room. */
    private static void later(Runnable work) {
        Thread.ofVirtual().name("snooze-news").start(() -> {
            try {
                work.run();
            } catch (ProblemException e) {
                log.info("nothing is snoozed there any more: {}", e.problem());
            } catch (DataAccessException | TransactionException e) {
                log.info("snoozes are looked after later: {}", e.getClass().getSimpleName());
            }
        });
    }
}
