package dev.valija.sharing;

import dev.valija.account.AccessRole;
import dev.valija.account.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an owner shares with somebody.
 *
 * @param mailbox null for all of the account
 * @param address of whom it is for, in lower case
 * @param member who has answered; null as long as nobody has
 */
record Share(
        ShareKey key,
        @Nullable SharedMailbox mailbox,
        String address,
        @Nullable UserId member,
        AccessRole role,
        State state,
        Instant invitedAt) {

    /**
     * A mailbox, by its name: what is shared outlives the index.
     *
     * @param id our number; null as long as there is no mailbox of that name
     * @param name the last part of it, likewise
     */
    record SharedMailbox(
            String remoteName, @Nullable Long id, @Nullable String name) {}

    /** Our number of the mailbox; null for all of them, or for one that there is not. */
    @Nullable
    Long mailboxId() {
        return mailbox == null ? null : mailbox.id();
    }

    /** What to call the mailbox; null for all of them. */
    @Nullable
    String mailboxName() {
        if (mailbox == null) {
            return null;
        }
        return mailbox.name() == null ? mailbox.remoteName() : mailbox.name();
    }

    enum State {
        INVITED,
        ACCEPTED,
        DECLINED
    }
}
