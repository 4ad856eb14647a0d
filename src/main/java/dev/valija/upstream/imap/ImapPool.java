package dev.valija.upstream.imap;

import dev.valija.upstream.Interruption;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream.StoreWork;
import dev.valija.upstream.Upstream.Watch;
import dev.valija.upstream.Upstream.Watcher;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.UpstreamProperties;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Store connections: lent for the length of some work, bounded per account and host, kept warm for a while. */
@Component
public final class ImapPool {
    private final SignIn signIn;
    private final UpstreamProperties settings;
    private final Map<Long, AccountConnections> accounts = new ConcurrentHashMap<>();
    private final Map<Long, AccountConnections> apart = new ConcurrentHashMap<>();
    private final Set<ImapWatch> watches = ConcurrentHashMap.newKeySet();
    private final LoginGate gate = new LoginGate();
    private final Renumberings renumberings = new Renumberings();
    private final MemoryBudget memory = new MemoryBudget();
    private final HostSlots hosts;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("imap-idle").factory());

    private final ScheduledFuture<?> sweeping;

    ImapPool(SignIn signIn, UpstreamProperties settings) {
        this.signIn = signIn;
        this.settings = settings;
        this.hosts = new HostSlots(settings.connectionsPerHost());
        long pause = Math.max(1, settings.connectionIdle().toMillis() / 10);
        sweeping = sweeper.scheduleWithFixedDelay(this::sweep, pause, pause, TimeUnit.MILLISECONDS);
    }

    Duration readTimeout() {
        return settings.readTimeout();
    }

    Renumberings renumberings() {
        return renumberings;
    }

    /** What the answers of mail servers take at this moment. */
    MemoryBudget memory() {
        return memory;
    }

    Duration watchPoll() {
        return settings.watchPoll();
    }

    /** Lends a store; see {@link dev.valija.upstream.Upstream#withStore}. */
    public <T, X extends Exception> T withStore(ServerLogin login, StoreWork<T, X> work) throws X {
        AccountConnections connections = enter(accounts, login.accountId(), settings.connectionsPerAccount());
        var lease = new Lease(this, connections, login);
        try {
            return work.with(new ImapMailStore(lease));
        } finally {
            lease.end();
            connections.leave();
        }
    }

    /** Lends the one beside them; see {@link dev.valija.upstream.Upstream#withStoreApart}. */
    public <T, X extends Exception> T withStoreApart(ServerLogin login, Interruption interruption, StoreWork<T, X> work)
            throws X {
        AccountConnections connections = enter(apart, login.accountId(), 1);
        var lease = new Lease(this, connections, login);
        try {
            interruption.begins(lease::abandon);
            return work.with(new ImapMailStore(lease));
        } finally {
            interruption.ends();
            lease.end();
            connections.leave();
        }
    }

    private AccountConnections enter(Map<Long, AccountConnections> among, long accountId, int most) {
        while (true) {
            AccountConnections connections = of(among, accountId, most);
            if (connections.enter(settings.connectionPatience())) {
                return connections;
            }
            among.remove(accountId, connections);
        }
    }

    private static AccountConnections of(Map<Long, AccountConnections> among, long accountId, int most) {
        return among.computeIfAbsent(accountId, id -> new AccountConnections(Math.max(1, most)));
    }

    /** Signs in anew and keeps the connection; see {@link dev.valija.upstream.Upstream#verify}. */
    public void verify(ServerLogin login) {
        ImapSession session = open(login);
        of(accounts, login.accountId(), settings.connectionsPerAccount()).keep(login, session);
    }

    /** See {@link dev.valija.upstream.Upstream#watch}. */
    public Watch watch(ServerLogin login, String mailbox, Watcher watcher) {
        var watch = new ImapWatch(this, login, mailbox, watcher);
        watches.add(watch);
        watch.start(() -> watches.remove(watch));
        return watch;
    }

    /** Closes the account's connections; see {@link dev.valija.upstream.Upstream#forget}. */
    public void forget(long accountId) {
        for (var all : List.of(accounts, apart)) {
            AccountConnections connections = all.remove(accountId);
            if (connections != null) {
                connections.close();
            }
        }
    }

    /** Opens a connection; where the server allows no more, waits until the account's others are through. */
    ImapSession openOrShare(ServerLogin login, AccountConnections connections) {
        try {
            return open(login);
        } catch (UpstreamException.Unavailable e) {
            if (!(e.getCause() instanceof Refusals.TooManyConnections)) {
                throw e;
            }
            connections.restrain();
            connections.leave();
            boolean entered = false;
            try {
                entered = connections.enter(settings.connectionPatience());
            } finally {
                if (!entered) {
                    connections.reenter();
                }
            }
            ImapSession shared = connections.take(login, null);
            if (shared != null) {
                return shared;
            }
            // What works apart has none of its own to share: one that rests among the account's others makes room.
            AccountConnections resting = accounts.get(login.accountId());
            if (resting != null) {
                resting.evictOne(login.store().host());
            }
            return open(login);
        }
    }

    /** Opens a connection, counting it and what becomes of it. */
    ImapSession open(ServerLogin login) {
        gate.check(login);
        String host = login.store().host();
        Runnable release = hosts.take(host, settings.connectionPatience(), () -> evictOne(host));
        ImapSession session = connect(login, release);
        session.whenClosed(release);
        signIn(session, login);
        return session;
    }

    private ImapSession connect(ServerLogin login, Runnable giveUp) {
        var held = memory.open(login.accountId());
        try {
            return signIn.connect(login.store(), held);
        } catch (RuntimeException | Error e) {
            held.close();
            giveUp.run();
            throw e;
        }
    }

    private void signIn(ImapSession session, ServerLogin login) {
        try {
            var entry = gate.enter(login);
            session.whenProven(entry::proven);
            session.whenLost(entry::lost);
            try {
                signIn.signIn(session, login.credentials());
                entry.accepted();
            } catch (UpstreamException.CredentialsRejected e) {
                entry.rejected();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private boolean evictOne(String host) {
        return Stream.of(apart, accounts)
                .flatMap(all -> all.values().stream())
                .anyMatch(connections -> connections.evictOne(host));
    }

    private void sweep() {
        gate.sweep();
        for (var all : List.of(accounts, apart)) {
            all.values().forEach(connections -> connections.evict(settings.connectionIdle()));
            all.values().removeIf(AccountConnections::closeIfUnused);
        }
    }

    /** Ends watches and connections at shutdown. */
    @PreDestroy
    public void close() {
        sweeping.cancel(false);
        sweeper.shutdown();
        watches.forEach(ImapWatch::close);
        List.of(accounts, apart).forEach(all -> all.keySet().forEach(this::forget));
    }
}
