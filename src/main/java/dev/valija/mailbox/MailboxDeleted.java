package dev.valija.mailbox;

/**
 * A mailbox was deleted through us. Published within the transaction.
 *
 * @param remoteName what the provider called it
 */
public record MailboxDeleted(long accountId, String remoteName) {}
