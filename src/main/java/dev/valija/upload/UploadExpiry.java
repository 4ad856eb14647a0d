package dev.valija.upload;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Removes uploads whose time is over, unless something holds them. Any number of nodes may do so. */
@Component
class UploadExpiry {
    private static final Logger log = LoggerFactory.getLogger(UploadExpiry.class);
    private static final int AT_ONCE = 50;

    private final UploadRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;

    @Autowired
    UploadExpiry(UploadRows rows, TransactionTemplate transaction) {
        this(rows, transaction, Clock.systemUTC());
    }

    UploadExpiry(UploadRows rows, TransactionTemplate transaction, Clock clock) {
        this.rows = rows;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 5, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void expire() {
        try {
            while (Boolean.TRUE.equals(transaction.execute(status -> expireSome()))) {
                log.debug("Removed some uploads that nothing holds");
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Uploads could not be tidied; trying again later", e);
        }
    }

    /** @return whether there may be more */
    private boolean expireSome() {
        var expired = rows.lockExpired(clock.instant(), AT_ONCE);
        // Each is looked at anew, now that nothing can come to hold it.
        return expired.stream().filter(rows::deleteUnheld).count() == AT_ONCE;
    }
}
