package dev.valija.retention;

import dev.valija.account.Accounts;
import dev.valija.schedule.Aside;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Has accounts visited because of the operator's rules: new ones, and all of them after a start, as the rules may be new.
 * They are visited over some hours, as each visit asks a mail server.
 */
@Component
class OperatorsRules {
    private static final Duration SPREAD = Duration.ofHours(6);
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private final RetentionProperties operator;
    private final Accounts accounts;
    private final VisitRows visits;

    OperatorsRules(RetentionProperties operator, Accounts accounts, VisitRows visits) {
        this.operator = operator;
        this.accounts = accounts;
        this.visits = visits;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        if (operator.isSet()) {
            Aside.run("operators-rules", () -> accounts.ids().forEach(id -> begin(id, SPREAD)));
        }
    }

    /** The account is new, or may be of another domain now. */
    void begin(long accountId) {
        if (operator.isSet()) {
            begin(accountId, SETTLED);
        }
    }

    private void begin(long accountId, Duration within) {
        long seconds = ThreadLocalRandom.current().nextLong(within.toSeconds());
        visits.begin(accountId, Instant.now().plusSeconds(seconds));
    }
}
