package dev.valija.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * A mailbox was renamed through us, and with it those within. Published within the transaction.
 *
 * @param from what the provider called it
 * @param to what it calls it now
 */
public record MailboxRenamed(
        long accountId, String from, String to, @Nullable String separator) {}
