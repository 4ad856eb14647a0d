package dev.valija.sharing;

import dev.valija.account.UserId;
import java.util.Set;

/**
 * Shares of an account changed. Published once, within the transaction.
 *
 * @param concerned who is to hear of it: the account's owner, whoever is invited, members
 * @param members of these, who may do more or less in the account now, or nothing any more
 */
public record ShareChanged(long accountId, Set<UserId> concerned, Set<UserId> members) {
    public ShareChanged {
        concerned = Set.copyOf(concerned);
        members = Set.copyOf(members);
    }
}
