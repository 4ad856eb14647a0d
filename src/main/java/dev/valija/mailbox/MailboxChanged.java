package dev.valija.mailbox;

import dev.valija.account.UserId;
import java.util.List;

/**
 * Something in an account's mail changed. Published within the transaction that changed the index, so that the change
 * log agrees with it.
 *
 * @param mailboxes whose name, place or counts changed, or that were made or removed
 * @param created messages that are new to their mailbox
 * @param updated messages whose keywords, preview or thread changed
 * @param destroyed messages that are gone from {@code mailbox}
 * @param mailbox the mailbox the messages are in, or null when only mailboxes changed
 */
public record MailboxChanged(
        UserId user,
        long accountId,
        @org.jspecify.annotations.Nullable Long mailbox,
        List<Long> mailboxes,
        List<Long> created,
        List<Long> updated,
        List<Long> destroyed) {}
