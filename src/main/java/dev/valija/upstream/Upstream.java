package dev.valija.upstream;

import java.util.List;
import java.util.Optional;

/**
 * The way to the users' mail providers. Connections are lent, never handed out: bounded per account and per host, kept
 * warm, shared by all of a user's tabs and devices. Blocking; call it from virtual threads.
 */
public interface Upstream {

    /**
     * Lends a store connection for the length of the work. Waits for a free one up to the pool's patience.
     *
     * @throws UpstreamException as {@link MailStore} says, or when no connection can be had
     * @throws X what the work itself throws
     */
    <T, X extends Exception> T withStore(ServerLogin login, StoreWork<T, X> work) throws X;

    /**
     * Lends a store connection of its own for work that keeps a server busy for long, such as reading all messages in
     * search of a word: nobody who reads mail waits for it. One an account; the next borrower waits for it as in
     * {@link #withStore}.
     *
     * @throws UpstreamException.Unavailable also when interrupted
     */
    <T, X extends Exception> T withStoreApart(ServerLogin login, Interruption interruption, StoreWork<T, X> work)
            throws X;

    /** Lends a submission connection for the length of the work. */
    <T, X extends Exception> T withTransport(ServerLogin login, TransportWork<T, X> work) throws X;

    /**
     * Opens a maildrop for the length of the work: one session on a connection of its own, at most 6 a minute for a login.
     * Unless the work ends it with {@link Maildrop#quit} nothing is deleted.
     */
    <T, X extends Exception> T withMaildrop(MaildropLogin login, MaildropWork<T, X> work) throws X;

    /** Signs in to the store on a fresh connection, and keeps that connection warm for what comes next. */
    void verify(ServerLogin login);

    /**
     * Watches an account until closed, on a connection of its own, and connects again by itself after a loss (backing
     * off up to some minutes, at most 6 sign-ins a minute). A rejected password ends the watch after two tries.
     *
     * @param mailbox the one watched most closely; changes elsewhere are told too, a little later
     */
    Watch watch(ServerLogin login, String mailbox, Watcher watcher);

    /** Finds the servers of an address by RFC 6186 SRV records, by the operator's list and by the usual names. */
    Optional<Servers> discover(String address);

    /** Closes all of an account's connections: it was removed, or its credentials changed. */
    void forget(long accountId);

    /** Where mail for an address is read and sent. */
    record Servers(ServerSettings store, ServerSettings transport) {}

    @FunctionalInterface
    interface StoreWork<T, X extends Exception> {
        T with(MailStore store) throws X;
    }

    @FunctionalInterface
    interface TransportWork<T, X extends Exception> {
        T with(MailTransport transport) throws X;
    }

    @FunctionalInterface
    interface MaildropWork<T, X extends Exception> {
        T with(Maildrop maildrop) throws X;
    }

    /** New messages, with the rows that came along. */
    interface Arrivals {
        List<RemoteMessage> messages();

        /** What a mailbox known up to {@code state} lacks; empty when these messages may not be all of that. */
        Optional<Changes.Delta> since(SyncState state);
    }

    /** A running watch. Closing is prompt and may be repeated. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Is told that something changed; what, is then asked with {@link MailStore#changes}. Called by one thread. */
    interface Watcher {
        /** The watch stands; whatever happened before now must be asked for once. */
        void connected();

        /** Mail came, went or was marked in that mailbox. */
        void mailboxChanged(String mailbox);

        /** Nothing but new mail came to that mailbox, and here it is. Who has no use for it asks as for any change. */
        default void arrived(String mailbox, Arrivals arrivals) {
            mailboxChanged(mailbox);
        }

        /** Mailboxes were made, renamed or deleted, or others than the watched one have news. */
        void mailboxesChanged();

        /** The connection is gone; it is being tried again unless the credentials were rejected. */
        void lost(UpstreamException why);
    }
}
