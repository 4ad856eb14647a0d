package dev.valija.snooze;

import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.MailboxKey;
import dev.valija.schedule.Aside;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Has snoozes looked after when something happens to them. What is missed here, because a node dies, is found at the time
 * that each is snoozed until.
 */
@Component
class SnoozeNews {
    private final SnoozeRows rows;

    SnoozeNews(SnoozeRows rows) {
        this.rows = rows;
    }

    /** Messages have left a mailbox: those that were away there are snoozed no more. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(MailboxChanged event) {
        var mailbox = event.mailbox();
        if (mailbox != null && !event.destroyed().isEmpty()) {
            var key = new MailboxKey(event.accountId(), mailbox);
            Aside.run("snooze-news", () -> rows.left(key, event.destroyed(), Instant.now()));
        }
    }
}
