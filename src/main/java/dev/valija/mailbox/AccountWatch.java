package dev.valija.mailbox;

import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a watch tells into refreshes of the index. Each runs beside the watch, so that the provider is listened to
 * meanwhile; those for one mailbox follow each other, and news during a run lead to one more.
 */
final class AccountWatch implements Upstream.Watcher, AutoCloseable {
    private static final long FILL_NANOS = Duration.ofMinutes(1).toNanos();
    /** How long news that came to nothing wait to be tried again: at first, and at most. */
    private static final long SOON_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long LATE_NANOS = Duration.ofMinutes(10).toNanos();

    private final long accountId;
    private final Freshness freshness;
    private final Filling filling;
    private final Provider provider;
    private Upstream.@Nullable Watch watch;
    private boolean closed;
    private volatile boolean connected;
    private final LongSupplier clock;
    private volatile long woken;
    /** Whether news came to nothing since the last attempt to catch up. */
    private volatile boolean behind;

    private volatile long tried;
    private volatile long pause = SOON_NANOS;

    AccountWatch(long accountId, Freshness freshness, Filling filling, Provider provider) {
        this(accountId, freshness, filling, provider, System::nanoTime);
    }

    AccountWatch(long accountId, Freshness freshness, Filling filling, Provider provider, LongSupplier clock) {
        this.clock = clock;
        this.woken = clock.getAsLong();
        // Accounts whose watches began together, as after a start, do not all ask together.
        this.tried = clock.getAsLong() - ThreadLocalRandom.current().nextLong(LATE_NANOS / 2);
        this.accountId = accountId;
        this.freshness = freshness;
        this.filling = filling;
        this.provider = provider;
    }

    synchronized void standsOn(Upstream.Watch started) {
        if (closed) {
            started.close();
        } else {
            watch = started;
        }
    }

    @Override
    public void connected() {
        connected = true;
        provider.reached(accountId);
        news("catch up", () -> freshness.catchUp(accountId));
    }

    @Override
    public void mailboxChanged(String mailbox) {
        news("refresh", () -> freshness.refresh(accountId, mailbox));
    }

    @Override
    public void arrived(String mailbox, Upstream.Arrivals arrivals) {
        news("arrival", () -> freshness.arrived(accountId, mailbox, arrivals));
    }

    @Override
    public void mailboxesChanged() {
        news("catch up", () -> freshness.catchUp(accountId));
    }

    @Override
    public void lost(UpstreamException why) {
        connected = false;
        if (!isClosed()) {
            provider.failed(accountId, why);
        }
    }

    /**
     * Now and then: what could not be filled or brought up to date is tried again. Without that a mailbox which the
     * provider would not open just then stayed as it was until something else happened in it. And news may be lost:
     * within ten minutes the mailboxes are listed anyway.
     */
    void beat() {
        long now = clock.getAsLong();
        if (connected && now - woken > FILL_NANOS) {
            woken = now;
            filling.wake(accountId);
        }
        if (connected && now - tried > (behind ? pause : LATE_NANOS)) {
            behind = false;
            tried = now;
            pause = Math.min(2 * pause, LATE_NANOS);
            news("catch up again", () -> {
                freshness.catchUp(accountId);
                pause = SOON_NANOS;
            });
        }
    }

    private void news(String what, Runnable work) {
        if (!isClosed()) {
            Freshness.later(what, () -> {
                boolean done = false;
                try {
                    work.run();
                    done = true;
                } finally {
                    if (!done) {
                        behind = true;
                    }
                }
            });
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        Upstream.Watch standing;
        synchronized (this) {
            closed = true;
            standing = watch;
            watch = null;
        }
        if (standing != null) {
            standing.close();
        }
    }
}
