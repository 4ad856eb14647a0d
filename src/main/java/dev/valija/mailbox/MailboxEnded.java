package dev.valija.mailbox;

/**
 * A mailbox was deleted through us, or one is made or comes under that name that is another than was known by it before.
 * Published within the transaction.
 *
 * @param remoteName what the provider calls it
 */
public record MailboxEnded(long accountId, String remoteName) {}
