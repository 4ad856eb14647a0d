package dev.valija.upstream.imap;

import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The connections of one account: how many are lent, and those that wait for the next. */
final class AccountConnections {
    private static final Duration RESTRAINT = Duration.ofMinutes(10);

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final List<Idle> idle = new ArrayList<>();
    private int lent;
    private long restrainedUntil;
    private boolean restrained;
    private boolean closed;

    private record Idle(ServerLogin login, ImapSession session) {}

    AccountConnections(int most) {
        this.most = most;
    }

    /** Takes a place among the lent, waiting for one. @return false when the account was forgotten meanwhile */
    boolean enter(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!closed && lent >= limit()) {
                if (left <= 0) {
                    throw new UpstreamException.Unavailable(
                            "All connections of this account are in use.", Duration.ofSeconds(5), null);
                }
                left = returned.awaitNanos(left);
            }
            if (closed) {
                return false;
            }
            lent++;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException.Unavailable("Interrupted while waiting for a connection.", e);
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            lent--;
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a place that was left for a while, room or not: who left it will leave it again. */
    void reenter() {
        lock.lock();
        try {
            lent++;
        } finally {
            lock.unlock();
        }
    }

    /** The server allows few connections: make do with one for a while. */
    void restrain() {
        lock.lock();
        try {
            restrained = true;
            restrainedUntil = System.nanoTime() + RESTRAINT.toNanos();
        } finally {
            lock.unlock();
        }
    }

    private int limit() {
        if (restrained && System.nanoTime() - restrainedUntil > 0) {
            restrained = false;
        }
        return restrained ? 1 : most;
    }

    /** A waiting connection of that login, best one that has that mailbox selected, or none; else the last used. */
    @Nullable
    ImapSession take(ServerLogin login, @Nullable String mailbox) {
        var stale = new ArrayList<ImapSession>();
        lock.lock();
        try {
            idle.removeIf(one -> {
                boolean usable = one.login.equals(login) && one.session.usable();
                if (!usable) {
                    stale.add(one.session);
                }
                return !usable;
            });
            for (int i = idle.size() - 1; i >= 0; i--) {
                if (Objects.equals(mailbox, idle.get(i).session.selectedMailbox())) {
                    return idle.remove(i).session;
                }
            }
            return idle.isEmpty() ? null : idle.removeLast().session;
        } finally {
            lock.unlock();
            stale.forEach(ImapSession::close);
        }
    }

    /** Keeps a connection for the next, if there is room. */
    void keep(ServerLogin login, ImapSession session) {
        boolean kept = false;
        lock.lock();
        try {
            if (!closed && session.usable() && idle.size() < limit()) {
                idle.add(new Idle(login, session));
                kept = true;
                returned.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!kept) {
            Thread.startVirtualThread(session::logout);
        }
    }

    /** Mailboxes have been renamed or deleted: what waiting connections have selected may be another one now. */
    void deselectAll() {
        lock.lock();
        try {
            idle.forEach(one -> one.session.deselect());
        } finally {
            lock.unlock();
        }
    }

    /** Ends connections that nobody has used for so long. */
    void evict(Duration unused) {
        var old = new ArrayList<ImapSession>();
        lock.lock();
        try {
            idle.removeIf(one -> {
                boolean evict = one.session.unusedFor().compareTo(unused) >= 0;
                if (evict) {
                    old.add(one.session);
                }
                return evict;
            });
        } finally {
            lock.unlock();
        }
        old.forEach(session -> Thread.startVirtualThread(session::logout));
    }

    /** Ends the longest unused connection to that host. @return whether there was one */
    boolean evictOne(String host) {
        ImapSession oldest = null;
        lock.lock();
        try {
            for (var one : idle) {
                if (one.login.store().host().equalsIgnoreCase(host)) {
                    oldest = one.session;
                    idle.remove(one);
                    break;
                }
            }
        } finally {
            lock.unlock();
        }
        if (oldest != null) {
            oldest.close();
        }
        return oldest != null;
    }

    /** Ends them all; the lent ones end when they come back. */
    void close() {
        lock.lock();
        try {
            closed = true;
            returned.signalAll();
        } finally {
            lock.unlock();
        }
        evict(Duration.ZERO);
    }

    /** Closes when nothing is lent and nothing waits. @return whether it did */
    boolean closeIfUnused() {
        lock.lock();
        try {
            closed |= lent == 0 && idle.isEmpty();
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
