package dev.valija.mailbox;

import dev.valija.account.UserId;

/**
 * The index of a mailbox is being filled, or is complete now. Passing news: not in the change log.
 *
 * @param state {@code syncing} or {@code complete}
 */
public record SyncProgressed(UserId user, long accountId, long mailboxId, String state, int done, int total) {}
