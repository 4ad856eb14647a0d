package dev.valija.upstream.imap;

import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One borrower's connection. It is picked when the first mailbox is named, so that it can be one that has that mailbox
 * selected, and replaced once when it turns out to have died while it waited.
 */
final class Lease {
    /** A connection unused for longer may have died without a word; ask before relying on it. */
    private static final Duration DOUBTFUL = Duration.ofSeconds(30);
    /** The same for changes, where what is to be changed is selected anew. */
    private static final Duration DOUBTFUL_FOR_CHANGES = Duration.ofSeconds(2);

    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(5);

    private final ImapPool pool;
    private final AccountConnections connections;
    private final ServerLogin login;
    private volatile @Nullable ImapSession session;
    private volatile boolean abandoned;
    private boolean fresh;

    Lease(ImapPool pool, AccountConnections connections, ServerLogin login) {
        this.pool = pool;
        this.connections = connections;
        this.login = login;
    }

    /** What to do with a connection. */
    @FunctionalInterface
    interface Work<T, X extends Exception> {
        T with(ImapSession session) throws X;
    }

    /** Does what may be done twice: again on a new connection if the old one died before it answered anything. */
    <T, X extends Exception> T repeatable(@Nullable String mailbox, Work<T, X> work) throws X {
        return repeatable(session(mailbox, DOUBTFUL), work);
    }

    private <T, X extends Exception> T repeatable(ImapSession first, Work<T, X> work) throws X {
        first.lent();
        try {
            return work.with(first);
        } catch (UpstreamException.Unavailable e) {
            if (first.answered() || first.usable() || fresh) {
                throw e;
            }
            return work.with(replace());
        }
    }

    /**
     * The same for a look at all mailboxes, with none selected: of that one servers tell how it was when the connection
     * last heard of it, which is why STATUS must not be used to check it for news (RFC 9051 6.3.11). Of one deleted and
     * made anew since then Dovecot 2.3 tells how the deleted one was, as often as it is asked.
     */
    <T, X extends Exception> T overview(Work<T, X> work) throws X {
        ImapSession before = session;
        ImapSession current = session(null, DOUBTFUL);
        return repeatable(current == before || leavesSelected(current) ? current : replace(), work);
    }

    /** Whether it lives on with nothing selected: when what was selected has gone, some servers hang up. */
    private static boolean leavesSelected(ImapSession candidate) {
        try {
            candidate.leaveSelected();
            return true;
        } catch (UpstreamException.Unavailable e) {
            candidate.close();
            return false;
        }
    }

    /** Does what must not be done twice, on a connection that is known to live. */
    <T, X extends Exception> T once(@Nullable String mailbox, Work<T, X> work) throws X {
        return work.with(sessionForChanges(mailbox));
    }

    /** The same for taking messages to another mailbox. */
    <T, X extends Exception> T transfer(String mailbox, Work<T, X> work) throws X {
        return work.with(sessionForTransfers(mailbox));
    }

    /** What to do with a connection when nothing comes of it. */
    @FunctionalInterface
    interface Action<X extends Exception> {
        void with(ImapSession session) throws X;
    }

    /** The same for what gives no answer. */
    <X extends Exception> void repeatableAction(@Nullable String mailbox, Action<X> action) throws X {
        this.<Boolean, X>repeatable(mailbox, session -> {
            action.with(session);
            return true;
        });
    }

    /** The same for what gives no answer. */
    <X extends Exception> void onceAction(@Nullable String mailbox, Action<X> action) throws X {
        this.<Boolean, X>once(mailbox, session -> {
            action.with(session);
            return true;
        });
    }

    /** Changes messages, which may be done twice, on a connection that is known to live. */
    <X extends Exception> void repeatableChange(String mailbox, Action<X> action) throws X {
        this.<Boolean, X>repeatable(sessionForChanges(mailbox), session -> {
            action.with(session);
            return true;
        });
    }

    /** Mailboxes got other names, or went. */
    void mailboxesMoved() {
        connections.deselectAll();
    }

    /** The mailbox has other UIDs, of that validity. @throws UpstreamException.Unavailable when that happens too often */
    void renumbered(String mailbox, long validity) {
        pool.renumberings().note(login.accountId(), mailbox, validity);
    }

    /** Another thread ends whatever goes on: the connection is closed under it, and no other is opened. */
    void abandon() {
        abandoned = true;
        ImapSession current = session;
        if (current != null) {
            current.close();
        }
    }

    private ImapSession lend(ImapSession lent) {
        session = lent;
        lent.rest();
        if (abandoned) {
            lent.close();
            throw new UpstreamException.Unavailable("The work was interrupted.", null);
        }
        return lent;
    }

    private ImapSession session(@Nullable String mailbox, Duration doubtful) {
        return living(picked(mailbox), doubtful);
    }

    /**
     * Asked each time where the mailbox is selected already: when another has taken its place meanwhile, Dovecot 2.3
     * obeys one more command with the UIDs of that other before it hangs up, and hits other messages. Asked first, it
     * hangs up at once, or it refuses the change.
     */
    private ImapSession sessionForChanges(@Nullable String mailbox) {
        ImapSession current = picked(mailbox);
        boolean selected = current != null && (mailbox == null || current.hasSelected(mailbox));
        return living(current, selected ? Duration.ZERO : DOUBTFUL_FOR_CHANGES);
    }

    /**
     * With the mailbox selected anew where it was selected already. When it was renamed and another has its name,
     * Dovecot 2.3 answers NOOP with OK and then moves and copies by the old UIDs messages of that other, whose files
     * lie where those of the old one lay. SELECT tells the UIDVALIDITY of what has the name now. (After a STORE among
     * 100,000 messages it takes Dovecot 50 ms, so other changes, which Dovecot refuses then, do without.)
     */
    private ImapSession sessionForTransfers(String mailbox) {
        ImapSession current = picked(mailbox);
        if (current == null || !current.hasSelected(mailbox)) {
            return living(current, DOUBTFUL_FOR_CHANGES);
        }
        return lives(current, () -> current.reselect(mailbox)) ? lend(current) : replace();
    }

    private @Nullable ImapSession picked(@Nullable String mailbox) {
        ImapSession current = session;
        if (current == null || !current.usable()) {
            current = connections.take(login, mailbox);
            fresh = current == null;
        }
        return current;
    }

    private ImapSession living(@Nullable ImapSession current, Duration doubtful) {
        if (current == null) {
            return replace();
        }
        boolean doubted = !fresh && current.unusedFor().compareTo(doubtful) > 0;
        return !doubted || lives(current, () -> current.run(Command.of("NOOP"))) ? lend(current) : replace();
    }

    private ImapSession replace() {
        end();
        if (abandoned) {
            throw new UpstreamException.Unavailable("The work was interrupted.", null);
        }
        fresh = true;
        return lend(pool.openOrShare(login, connections));
    }

    private boolean lives(ImapSession candidate, Runnable probe) {
        try {
            candidate.patience(PROBE_PATIENCE);
            probe.run();
            candidate.patience(pool.readTimeout());
            return true;
        } catch (UpstreamException e) {
            candidate.close();
            return false;
        }
    }

    /** Gives the connection back, or ends it when it is out of step. */
    void end() {
        ImapSession lent = session;
        session = null;
        if (lent != null) {
            if (lent.usable()) {
                lent.rest();
                connections.keep(login, lent);
            } else {
                lent.close();
            }
        }
    }
}
