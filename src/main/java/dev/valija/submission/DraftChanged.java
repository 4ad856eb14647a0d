package dev.valija.submission;

import dev.valija.account.UserId;

/**
 * A draft is new, another, or gone. Published within the transaction.
 *
 * @param revision 0 when it is gone
 */
public record DraftChanged(UserId user, long draftId, int revision) {}
