package dev.valija.mailbox;

import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.SyncState;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox as the index knows it.
 *
 * @param remoteName the provider's full name: the handle for every call to its store
 * @param parentId our id of the mailbox it lies in, or null at the top
 * @param total messages in it, indexed or not
 * @param unread messages without {@code $seen}
 * @param sync how much of it is indexed
 * @param state how far it has been read, or null while only its newest messages have been looked at
 * @param syncDone messages indexed, and {@code syncTotal} those to be indexed, while {@code sync} is SYNCING
 * @param listVersion grows with every change to what its lists show
 * @param orderVersion grows with every change to what is where in its lists
 */
public record Mailbox(
        MailboxKey key,
        String remoteName,
        String name,
        @Nullable Long parentId,
        @Nullable String separator,
        @Nullable MailboxRole role,
        boolean selectable,
        boolean subscribed,
        int total,
        int unread,
        @Nullable String remoteState,
        Sync sync,
        @Nullable SyncState state,
        int syncTotal,
        int syncDone,
        long listVersion,
        long orderVersion) {

    /** How much of a mailbox is in the index. */
    public enum Sync {
        /** Never looked at: no rows. */
        UNKNOWN,
        /** The newest messages are there, the others are being filled in. */
        SYNCING,
        /** All messages are there. */
        COMPLETE
    }

    long accountId() {
        return key.accountId();
    }

    long id() {
        return key.id();
    }

    /** Whether the index holds its newest messages, so that a list can be shown. */
    boolean known() {
        return sync != Sync.UNKNOWN;
    }

    boolean complete() {
        return sync == Sync.COMPLETE;
    }

    /** The remote name of a mailbox of that name within this one. */
    String child(String childName) {
        return remoteName + separator + childName;
    }
}
