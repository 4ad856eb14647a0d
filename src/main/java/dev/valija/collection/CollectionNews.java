package dev.valija.collection;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.Accounts;
import dev.valija.problem.ProblemException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/** What waits for the password of the account that it goes to is tried again once there is one. */
@Component
class CollectionNews {
    private static final Logger log = LoggerFactory.getLogger(CollectionNews.class);

    private final CollectionRows rows;
    private final Accounts accounts;

    CollectionNews(CollectionRows rows, Accounts accounts) {
        this.rows = rows;
        this.accounts = accounts;
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        hurry(event.accountId());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        hurry(event.accountId());
    }

    /** In a transaction of its own, for which the one that ends has no room. */
    private void hurry(long accountId) {
        Thread.ofVirtual().name("collection-news").start(() -> {
            try {
                if (!accounts.get(accountId).credentialsRejected()) {
                    rows.hurry(accountId, Instant.now());
                }
            } catch (ProblemException e) {
                log.info("nothing is collected there any more: {}", e.problem());
            } catch (DataAccessException | TransactionException e) {
                log.info("collections are tried later: {}", e.getClass().getSimpleName());
            }
        });
    }
}
