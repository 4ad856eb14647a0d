package dev.valija.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * Where a search may have missed something.
 *
 * @param mailboxId the mailbox, or null for all of the account
 */
record SearchGap(String accountId, @Nullable String mailboxId, Reason reason) {

    enum Reason {
        /** The provider could not be asked, or not to the end. */
        unreachable,
        /** The mailbox is still being read: the provider was asked instead, which compares texts in its own way. */
        unread
    }

    static SearchGap unreachable(long account) {
        return new SearchGap(Long.toString(account), null, Reason.unreachable);
    }

    static SearchGap unread(MailboxKey mailbox) {
        return new SearchGap(Long.toString(mailbox.accountId()), mailbox.toString(), Reason.unread);
    }
}
