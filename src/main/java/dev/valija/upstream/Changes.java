package dev.valija.upstream;

import dev.valija.message.Keyword;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened in a mailbox since a state, or all of it where that is not to be had (RFC 8620 5.2). */
public sealed interface Changes {

    /** The state to ask with next time. */
    SyncState state();

    /** Messages the mailbox holds now, as {@code changes} saw it. */
    int total();

    /**
     * Only the differences.
     *
     * @param added messages not there before, oldest first; the caller fetches their rows
     * @param changed keywords, all of them, of messages that were there or are added; of the latter as they were at
     *     {@code state}, so a row fetched later has them newer
     * @param vanished messages gone; may name some the caller never knew
     */
    record Delta(
            List<RemoteId> added,
            Map<RemoteId, Set<Keyword>> changed,
            Set<RemoteId> vanished,
            int total,
            SyncState state)
            implements Changes {}

    /**
     * Everything there is, oldest first. What the caller knows and is not here has vanished. All ids may be new ones
     * (UIDVALIDITY changed): the caller re-matches by Message-ID, size and date.
     *
     * @param all strictly ascending by id; see {@link Listing}
     * @param reused whether an id may name another message than it did at the state asked from
     */
    record Snapshot(List<Entry> all, boolean reused, SyncState state) implements Changes {

        /** Ids name the messages they always did. */
        public Snapshot(List<Entry> all, SyncState state) {
            this(all, false, state);
        }

        @Override
        public int total() {
            return all.size();
        }
    }

    /** One message of a snapshot. */
    record Entry(RemoteId id, Set<Keyword> keywords) {}
}
