package dev.valija.sharing;

import dev.valija.account.AccessRole;
import dev.valija.account.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an owner shares with somebody.
 *
 * @param mailbox by our number; null for all of the account
 * @param address of whom it is for, in lower case
 * @param member who has answered; null as long as nobody has
 */
record Share(
        ShareKey key,
        @Nullable Long mailbox,
        String address,
        @Nullable UserId member,
        AccessRole role,
        State state,
        Instant invitedAt) {

    enum State {
        INVITED,
        ACCEPTED,
        DECLINED
    }
}
