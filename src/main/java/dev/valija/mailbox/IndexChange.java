package dev.valija.mailbox;

import dev.valija.account.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one transaction changed in the index, by our ids. */
record IndexChange(
        @Nullable Long mailbox, List<Long> mailboxes, List<Long> created, List<Long> updated, List<Long> destroyed) {

    /** Only mailboxes changed: names, places, counts. */
    static IndexChange ofMailboxes(List<Long> mailboxes) {
        return new IndexChange(null, mailboxes, List.of(), List.of(), List.of());
    }

    /** Messages of one mailbox changed, and so its counts may have. */
    static IndexChange of(long mailbox, List<Long> created, List<Long> updated, List<Long> destroyed) {
        boolean any = !created.isEmpty() || !updated.isEmpty() || !destroyed.isEmpty();
        return new IndexChange(mailbox, any ? List.of(mailbox) : List.of(), created, updated, destroyed);
    }

    boolean isEmpty() {
        return mailboxes.isEmpty() && created.isEmpty() && updated.isEmpty() && destroyed.isEmpty();
    }

    MailboxChanged event(UserId user, long accountId) {
        boolean messages = !created.isEmpty() || !updated.isEmpty() || !destroyed.isEmpty();
        return new MailboxChanged(user, accountId, messages ? mailbox : null, mailboxes, created, updated, destroyed);
    }
}
