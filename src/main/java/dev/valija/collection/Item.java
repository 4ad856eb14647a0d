package dev.valija.collection;

import dev.valija.upstream.RemoteId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message at the server.
 *
 * @param uidl null where it has none that is its own
 * @param octets as the server counts them
 * @param receivedAt that it is stored with
 * @param mailboxName where it is stored, or may be
 * @param after the last message there before it could be
 * @param notBefore it is left alone until then
 * @param tries that failed
 */
record Item(
        long id,
        @Nullable String uidl,
        long octets,
        State state,
        @Nullable Instant receivedAt,
        @Nullable String mailboxName,
        @Nullable RemoteId after,
        @Nullable Instant storedAt,
        @Nullable Instant notBefore,
        int tries) {

    enum State {
        /** It is there. */
        SEEN,
        /** We have had its octets; it may have been stored. */
        RETRIEVED,
        /** It is stored. */
        STORED,
        /** The server has been told to delete it, or is about to be, and it may be gone. */
        DELETING,
        /** It is gone from the server. */
        GONE,
        /** Another has the same octets, which are stored: it is nothing new, and not ours to delete. */
        TWIN
    }

    boolean waits(Instant now) {
        return notBefore != null && notBefore.isAfter(now);
    }

    /** Whether its octets are stored, beyond doubt. */
    boolean kept() {
        return state == State.STORED || state == State.DELETING || state == State.GONE;
    }

    /** Whether the one deletion that storing it allows has not been done. */
    boolean removable() {
        return state == State.STORED || state == State.DELETING;
    }
}
