package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.account.AccessRole;
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
            boolean rename,
            boolean delete,
            boolean addMessages,
            boolean removeMessages,
            boolean destroyMessages,
            boolean setKeywords,
            boolean createChild) {

        private static Rights of(Mailbox mailbox, boolean hasChildren, Access access) {
            // INBOX and the mailboxes with a role are where mail programs and servers look for them: they stay.
            boolean free = mailbox.role() == null && access.mayEverywhere(AccessRole.FULL);
            boolean filed = mailbox.selectable() && access.may(AccessRole.TRIAGE, mailbox.id());
            return new Rights(
                    free,
                    free && !hasChildren,
                    filed,
                    filed,
                    mailbox.selectable() && access.may(AccessRole.FULL, mailbox.id()),
                    filed,
                    mailbox.separator() != null && access.mayEverywhere(AccessRole.FULL));
        }
    }

    /** How much of it is indexed. */
    public record Progress(String state, int done, int total) {}

    static MailboxView of(Mailbox mailbox, List<String> path, boolean hasChildren, Access access) {
        return new MailboxView(
                mailbox.key().toString(),
                Long.toString(mailbox.accountId()),
                mailbox.name(),
                path,
                mailbox.parentId() == null || !access.sees(mailbox.parentId())
                        ? null
                        : new MailboxKey(mailbox.accountId(), mailbox.parentId()).toString(),
                mailbox.role() == null ? null : mailbox.role().name().toLowerCase(Locale.ROOT),
                mailbox.selectable(),
                mailbox.subscribed(),
                mailbox.total(),
                mailbox.unread(),
                Rights.of(mailbox, hasChildren, access),
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
