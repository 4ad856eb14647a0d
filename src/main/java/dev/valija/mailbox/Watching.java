package dev.valija.mailbox;

import dev.valija.account.Accesses;
import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/** Keeps one watch on every account in use, on one node: leases in the database say which. */
@Service
class Watching implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Watching.class);
    private static final Duration ACTIVE = Duration.ofMinutes(15);
    private static final long TOUCH_NANOS = Duration.ofMinutes(1).toNanos();
    static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 200;

    private final WatchLeases leases;
    private final Accounts accounts;
    private final Accesses accesses;
    private final WatchStarter starter;
    private final UUID node = UUID.randomUUID();
    private final Map<Long, AccountWatch> watches = new ConcurrentHashMap<>();
    private final Map<UserId, Long> touched = new ConcurrentHashMap<>();
    private final Semaphore beat = new Semaphore(0);
    private volatile @Nullable Thread heart;

    Watching(WatchLeases leases, Accounts accounts, Accesses accesses, WatchStarter starter) {
        this.leases = leases;
        this.accounts = accounts;
        this.accesses = accesses;
        this.starter = starter;
    }

    /** The user is there. */
    void keep(UserId user) {
        long now = System.nanoTime();
        var last = touched.get(user);
        if (last != null && now - last < TOUCH_NANOS) {
            return;
        }
        touched.put(user, now);
        for (Account account : accounts.of(user)) {
            if (!account.credentialsRejected()) {
                leases.keepActive(account.id(), ACTIVE);
            }
        }
        for (var access : accesses.shared(user)) {
            if (!isRejectedOrGone(access.accountId())) {
                leases.keepActive(access.accountId(), ACTIVE);
            }
        }
        beat.release();
    }

    private boolean isRejectedOrGone(long accountId) {
        try {
            return accounts.get(accountId).credentialsRejected();
        } catch (ProblemException gone) {
            return true;
        }
    }

    /** The account was added, or has new credentials: it is watched from now on, with these. */
    void restart(long accountId) {
        leases.keepActive(accountId, ACTIVE);
        var old = watches.remove(accountId);
        if (old != null) {
            old.close();
            watches.put(accountId, starter.start(accountId));
        }
        beat.release();
    }

    /** Ends the watch on an account that is not ours to watch any more. */
    void end(long accountId) {
        var watch = watches.remove(accountId);
        if (watch != null) {
            watch.close();
        }
    }

    /** Accounts this node watches. */
    List<Long> watched() {
        return List.copyOf(watches.keySet());
    }

    @Override
    public void start() {
        starter.resume();
        var started = Thread.ofVirtual().name("watch-leases").unstarted(this::live);
        heart = started; // known before it runs, since it looks whether it should
        started.start();
    }

    @Override
    public void stop() {
        var thread = heart;
        heart = null;
        if (thread != null) {
            thread.interrupt();
            joined(thread);
        }
        starter.pause();
        var held = List.copyOf(watches.keySet());
        held.forEach(this::end);
        try {
            leases.release(node, held);
        } catch (DataAccessException e) {
            log.info("leases are left to expire: {}", e.getClass().getSimpleName());
        }
    }

    @Override
    public boolean isRunning() {
        return heart != null;
    }

    private void live() {
        while (heart != null) {
            try {
                renew();
            } catch (DataAccessException e) {
                // Another node will take over what expires; what we still watch does no harm meanwhile.
                log.warn("leases cannot be renewed: {}", e.getClass().getSimpleName());
            } catch (RuntimeException e) {
                log.error("watching stumbled", e);
            }
            try {
                if (beat.tryAcquire(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                    beat.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void renew() {
        var held = new HashSet<>(leases.renew(node, LEASE));
        for (var watched : watched()) {
            if (!held.contains(watched)) {
                end(watched);
                leases.release(node, List.of(watched));
            }
        }
        var taken = new ArrayList<>(leases.take(node, LEASE, MOST_AT_ONCE));
        held.stream().filter(id -> !watches.containsKey(id)).forEach(taken::add);
        for (var accountId : taken) {
            watches.computeIfAbsent(accountId, starter::start);
        }
        watches.values().forEach(AccountWatch::beat);
        touched.values().removeIf(last -> System.nanoTime() - last > ACTIVE.toNanos());
        leases.sweep();
    }

    private static void joined(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
