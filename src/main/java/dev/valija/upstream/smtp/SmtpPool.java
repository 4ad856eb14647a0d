package dev.valija.upstream.smtp;

import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream.TransportWork;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.UpstreamProperties;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Submission connections, two at most for an account, kept warm for a minute after use. */
@Component
public final class SmtpPool {
    private static final int PER_ACCOUNT = 2;

    private final Dialer dialer;
    private final Duration readTimeout;
    private final Duration patience;
    private final Duration checkAfter;
    private final Duration idle;
    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor clock;

    @Autowired
    public SmtpPool(Dialer dialer, UpstreamProperties settings) {
        this(dialer, settings, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /**
     * With other times, for tests.
     *
     * @param checkAfter idle for longer, a connection is asked whether it lives before it is lent
     * @param idle unused for longer, it is closed
     */
    SmtpPool(Dialer dialer, UpstreamProperties settings, Duration checkAfter, Duration idle) {
        this.dialer = dialer;
        this.readTimeout = settings.readTimeout();
        this.patience = settings.connectionPatience();
        this.checkAfter = checkAfter;
        this.idle = idle;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("smtp-idle").factory());
        // After close() there is nobody left to look after.
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Lends a connection for the length of the work; see {@link dev.valija.upstream.Upstream#withTransport}. */
    public <T, X extends Exception> T withTransport(ServerLogin login, TransportWork<T, X> work) throws X {
        var account = accounts.computeIfAbsent(login.accountId(), id -> new Account());
        account.acquire(patience);
        try {
            var warm = account.take(login, checkAfter);
            var transport = new SmtpTransport(warm != null ? warm : open(login), warm == null, () -> open(login));
            try {
                return work.with(transport);
            } finally {
                giveBack(login, account, transport);
            }
        } finally {
            account.release();
        }
    }

    private SmtpConnection open(ServerLogin login) {
        return SmtpConnection.open(dialer, login, readTimeout);
    }

    private void giveBack(ServerLogin login, Account account, SmtpTransport transport) {
        // Not whether the work threw: a refusal leaves the connection in step.
        if (!transport.reusable()) {
            transport.connection().abort();
            return;
        }
        if (accounts.get(login.accountId()) != account || clock.isShutdown()) {
            transport.connection().quit();
            return;
        }
        account.put(new Idle(login, transport.connection(), System.nanoTime()));
        var unused = clock.schedule(
                () -> Thread.startVirtualThread(this::closeStale), idle.toMillis() + 10, TimeUnit.MILLISECONDS);
    }

    private void closeStale() {
        long now = System.nanoTime();
        accounts.values().forEach(account -> account.close(kept -> now - kept.since >= idle.toNanos()));
    }

    /** Closes the account's connections; those lent are closed when they come back. */
    public void forget(long accountId) {
        var account = accounts.remove(accountId);
        if (account != null) {
            account.close(kept -> true);
        }
    }

    /** Closes all. */
    @PreDestroy
    public void close() {
        clock.shutdownNow();
        accounts.values().forEach(account -> account.close(kept -> true));
    }

    private record Idle(ServerLogin login, SmtpConnection connection, long since) {}

    /** The connections of one account. */
    private static final class Account {
        private final Semaphore permits = new Semaphore(PER_ACCOUNT, true);
        private final Deque<Idle> idle = new ArrayDeque<>();

        void acquire(Duration patience) {
            try {
                if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new UpstreamException.Unavailable("All connections for sending are busy.", null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UpstreamException.Unavailable("Interrupted while waiting for a connection.", e);
            }
        }

        void release() {
            permits.release();
        }

        /** The connection used last, if it lives and was made with this login. */
        @Nullable
        SmtpConnection take(ServerLogin login, Duration checkAfter) {
            for (Idle kept = poll(); kept != null; kept = poll()) {
                boolean doubtful = System.nanoTime() - kept.since > checkAfter.toNanos();
                if (kept.login.equals(login) && (!doubtful || kept.connection.alive())) {
                    return kept.connection;
                }
                kept.connection.abort();
            }
            return null;
        }

        private synchronized @Nullable Idle poll() {
            return idle.pollFirst();
        }

        synchronized void put(Idle kept) {
            idle.addFirst(kept);
        }

        void close(Predicate<Idle> which) {
            List<Idle> closing;
            synchronized (this) {
                closing = new ArrayList<>(idle.stream().filter(which).toList());
                idle.removeAll(closing);
            }
            closing.forEach(kept -> kept.connection.quit());
        }
    }
}
