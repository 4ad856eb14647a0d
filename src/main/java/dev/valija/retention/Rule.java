package dev.valija.retention;

import dev.valija.mailbox.Mailbox;
import dev.valija.message.Keyword;
import dev.valija.upstream.MailboxRole;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long messages stay in a mailbox.
 *
 * @param afterDays days of 24 hours, 1 to 3,650, or null for ever
 * @param keepFlagged what bears {@code $flagged} stays
 * @param setBy null where nobody has said anything
 * @param operatorKeepsFlagged with {@code operatorDays}
 * @param operatorDays what holds where the user says nothing
 */
record Rule(
        Mailbox mailbox,
        @Nullable Integer afterDays,
        boolean keepFlagged,
        @Nullable SetBy setBy,
        @Nullable Integer operatorDays,
        boolean operatorKeepsFlagged) {
    static final int MOST_DAYS = 3650;
    private static final Set<MailboxRole> UNFIT =
            Set.of(MailboxRole.DRAFTS, MailboxRole.SNOOZED, MailboxRole.ALL, MailboxRole.FLAGGED);

    enum SetBy {
        USER,
        OPERATOR
    }

    static boolean isPossible(int days) {
        return days >= 1 && days <= MOST_DAYS;
    }

    /** Whether it keeps a message that is marked so. */
    boolean keeps(Collection<Keyword> keywords) {
        return keywords.contains(Keyword.PINNED) || (keepFlagged && keywords.contains(Keyword.FLAGGED));
    }

    /** Whether what leaves is deleted for ever, as it was thrown away before. */
    boolean isForEver() {
        return mailbox.role() == MailboxRole.TRASH;
    }

    /** Whether mailboxes of that kind can have a rule: others have a life of their own, or show what is elsewhere. */
    static boolean isFit(Mailbox mailbox) {
        return mailbox.selectable() && (mailbox.role() == null || !UNFIT.contains(mailbox.role()));
    }

    /** What it says, for comparison. */
    String text() {
        return "%s %s %s".formatted(afterDays, keepFlagged, isForEver());
    }
}
