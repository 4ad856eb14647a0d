package dev.valija.mailbox;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A mailbox as the API shows it. */
public record MailboxView(
        String id,
        String accountId,
        String name,
        List<String> path,
        @Nullable String parentId,
        @Nullable String role,
        boolean selectable,
        boolean subscribed,
        int total,
        int unread,
        Rights rights,
        Progress sync) {

    /** What may be done with it. */
    public record Rights(
            boolean rename, boolean delete, boolean addMessages, boolean removeMessages, boolean createChild) {}

    /** How much of it is indexed. */
    public record Progress(String state, int done, int total) {}

    static MailboxView of(Mailbox mailbox, List<String> path, boolean hasChildren) {
        // INBOX and the mailboxes with a role are where mail programs and servers look for them: they stay.
        boolean free = mailbox.role() == null;
        return new MailboxView(
                mailbox.key().toString(),
                Long.toString(mailbox.accountId()),
                mailbox.name(),
                path,
                mailbox.parentId() == null ? null : new MailboxKey(mailbox.accountId(), mailbox.parentId()).toString(),
                mailbox.role() == null ? null : mailbox.role().name().toLowerCase(Locale.ROOT),
                mailbox.selectable(),
                mailbox.subscribed(),
                mailbox.total(),
                mailbox.unread(),
                new Rights(
                        free,
                        free && !hasChildren,
                        mailbox.selectable(),
                        mailbox.selectable(),
                        mailbox.separator() != null),
                progress(mailbox));
    }

    static Progress progress(Mailbox mailbox) {
        if (!mailbox.selectable()) {
            return new Progress("complete", 0, 0);
        }
        return switch (mailbox.sync()) {
            case UNKNOWN -> new Progress("unknown", 0, mailbox.total());
            case SYNCING ->
                new Progress("syncing", Math.min(mailbox.syncDone(), mailbox.syncTotal()), mailbox.syncTotal());
            case COMPLETE -> new Progress("complete", mailbox.total(), mailbox.total());
        };
    }
}
