package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the answers of mail servers may take of the heap while they are read: so much for an account, over all its
 * connections, and so much for all accounts. Only what is large is counted: answers past {@link WireReader#UNCOUNTED}
 * octets, and what grows with the length of a list. So the usual row costs nothing, and an account that asks for little
 * is served even when others have used up what there is.
 */
final class MemoryBudget {
    /** The list of a mailbox of five million messages is 80 MB while it is made. */
    private static final long MOST_OF_AN_ACCOUNT = 128L << 20;
    /** The heap's share for all of them; the rest is for what is made of their answers. */
    private static final int SHARE = 4;
    /** What an account always may: all that reading mail takes, save lists of hundred thousands. */
    private static final long SMALL = 8L << 20;

    private final long most;
    private final long mostOfAccount;
    private final AtomicLong all = new AtomicLong();
    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();

    private static final class Account {
        private final AtomicLong held = new AtomicLong();
        private int connections;
    }

    MemoryBudget() {
        this(Runtime.getRuntime().maxMemory() / SHARE);
    }

    MemoryBudget(long most) {
        this.most = most;
        this.mostOfAccount = Math.min(MOST_OF_AN_ACCOUNT, most / 2);
    }

    /** The count of a new connection of that account. */
    Held open(long accountId) {
        return new Held(accountId, accounts.compute(accountId, (id, known) -> {
            var account = known == null ? new Account() : known;
            account.connections++;
            return account;
        }));
    }

    /** Octets held for all accounts. */
    long held() {
        return all.get();
    }

    /** What one connection holds. */
    final class Held implements AutoCloseable {
        private final long accountId;
        private final AtomicLong account;
        private long octets;
        private boolean closed;

        private Held(long accountId, Account account) {
            this.accountId = accountId;
            this.account = account.held;
        }

        /**
         * Counts octets about to be held.
         *
         * @throws UpstreamException.ProtocolViolation when the account holds too much
         * @throws UpstreamException.Unavailable when all together do, and this account more than a little
         */
        synchronized void take(long more) {
            if (closed) {
                throw new UpstreamException.Unavailable("The connection to the server was closed.", null);
            }
            octets += more;
            long own = account.addAndGet(more);
            long total = all.addAndGet(more);
            if (own > mostOfAccount) {
                giveBack(more);
                throw new UpstreamException.ProtocolViolation("The server sends more than can be taken.", null);
            }
            if (total > most && own > SMALL) {
                giveBack(more);
                throw new UpstreamException.Unavailable("Too much is being read from mail servers right now.", null);
            }
        }

        /** Gives back some of it. */
        synchronized void giveBack(long less) {
            if (!closed) {
                octets -= less;
                account.addAndGet(-less);
                all.addAndGet(-less);
            }
        }

        /** Gives back all of it. */
        synchronized void giveBackAll() {
            giveBack(octets);
        }

        /** Gives back all of it for good. */
        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            giveBackAll();
            closed = true;
            accounts.computeIfPresent(accountId, (id, account) -> --account.connections == 0 ? null : account);
        }
    }
}
