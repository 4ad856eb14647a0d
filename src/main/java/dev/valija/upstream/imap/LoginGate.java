package dev.valija.upstream.imap;

import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps sign-ins that come to nothing from becoming a storm: providers lock accounts for less. Those are the rejected,
 * and those after which the server hung up before it had answered anything, or soon.
 */
final class LoginGate {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_IN_VAIN = 6;
    private static final int MOST_REJECTIONS = 2;

    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();

    /** Throws what the server would, or says to wait, when it has been tried too often. */
    void check(ServerLogin login) {
        Account account = accounts.get(login.accountId());
        if (account != null) {
            account.check(login);
        }
    }

    /** A sign-in begins: it counts as one in vain until it has proven itself. Throws as {@link #check}. */
    Entry enter(ServerLogin login) {
        var account = accounts.computeIfAbsent(login.accountId(), id -> new Account());
        return account.enter(login);
    }

    void sweep() {
        accounts.values().removeIf(Account::empty);
    }

    /** One sign-in and the connection that came of it. */
    static final class Entry {
        private final Account account;
        private final ServerLogin login;
        private final long at = System.nanoTime();
        private boolean rejected;

        private Entry(Account account, ServerLogin login) {
            this.account = account;
            this.login = login;
        }

        /** The server does not accept the password. */
        void rejected() {
            synchronized (account) {
                rejected = true;
            }
        }

        /** The password was accepted. */
        void accepted() {
            account.forgive(login);
        }

        /** The server does what it is told to. */
        void proven() {
            account.remove(this);
        }

        /** The server hung up, or had to be hung up on. */
        void lost() {
            account.add(this);
        }
    }

    private static final class Account {
        private final Deque<Entry> inVain = new ArrayDeque<>();

        synchronized Entry enter(ServerLogin login) {
            check(login);
            var entry = new Entry(this, login);
            inVain.addLast(entry);
            return entry;
        }

        synchronized void check(ServerLogin login) {
            forgetOld();
            long rejections = inVain.stream()
                    .filter(entry -> entry.rejected && entry.login.equals(login))
                    .count();
            if (rejections >= MOST_REJECTIONS) {
                throw new UpstreamException.CredentialsRejected(
                        "The mail server does not accept this user name and password.", null);
            }
            if (inVain.size() >= MOST_IN_VAIN) {
                long age = System.nanoTime() - inVain.getFirst().at;
                throw new UpstreamException.Unavailable(
                        "Too many failed sign-ins at the mail server; wait a little.", WINDOW.minusNanos(age), null);
            }
        }

        synchronized void add(Entry entry) {
            boolean young = System.nanoTime() - entry.at < WINDOW.toNanos();
            if (young && !inVain.contains(entry)) {
                inVain.addLast(entry);
            }
        }

        synchronized void remove(Entry entry) {
            inVain.remove(entry);
        }

        synchronized void forgive(ServerLogin login) {
            inVain.removeIf(entry -> entry.rejected && entry.login.equals(login));
        }

        synchronized boolean empty() {
            forgetOld();
            return inVain.isEmpty();
        }

        private void forgetOld() {
            long now = System.nanoTime();
            inVain.removeIf(entry -> now - entry.at > WINDOW.toNanos());
        }
    }
}
