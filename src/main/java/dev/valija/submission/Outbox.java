package dev.valija.submission;

import dev.valija.account.AccountAdded;
import dev.valija.submission.Claims.Content;
import dev.valija.submission.Claims.Job;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Takes what is due and hands each submission to a thread of its own. Any number of nodes may run one. */
@Component
class Outbox implements SmartLifecycle {
    private static final int AT_ONCE = 8;
    private static final long LONGEST_SLEEP_MS = 5_000;
    private static final Duration RENEW = Duration.ofSeconds(15);
    private static final Duration CLEAN = Duration.ofHours(1);

    private final Claims claims;
    private final Delivery delivery;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final WorkLoop loop = new WorkLoop("outbox", this::turn);
    /** The claims that are being worked on, and for which account. */
    private final Map<UUID, Long> working = new ConcurrentHashMap<>();

    private long renewed;
    private long cleaned;

    Outbox(Claims claims, Delivery delivery) {
        this.claims = claims;
        this.delivery = delivery;
    }

    /** Something may be due. */
    void wake() {
        loop.wake();
    }

    /** A free worker for a submission about to be kept; empty when it has to wait for the loop. */
    Optional<Place> place(long accountId) {
        boolean crowded = Collections.frequency(working.values(), accountId) >= Claims.MOST_OF_ACCOUNT;
        return loop.isRunning() && !crowded && free.tryAcquire() ? Optional.of(new Place(accountId)) : Optional.empty();
    }

    /** A worker kept for one submission, which is then claimed from its first commit on. Closed unused, it is free again. */
    final class Place implements AutoCloseable {
        private final UUID claim = UUID.randomUUID();
        private boolean used;

        private Place(long accountId) {
            working.put(claim, accountId);
        }

        UUID claim() {
            return claim;
        }

        /** Sends it, now that it is kept safely. */
        void work(Job job, Content content) {
            used = true;
            start(job, () -> delivery.begin(job, content));
        }

        @Override
        public void close() {
            if (!used) {
                working.remove(claim);
                free.release();
                wake(); // something may have come due for which there was no worker
            }
        }
    }

    @EventListener
    void credentialsWork(AccountAdded event) {
        claims.hurry(event.accountId());
    }

    @Override
    public void start() {
        loop.start();
    }

    /** Takes nothing more; what is being said is said to its end. A claim that outlives us ends by itself. */
    @Override
    public void stop() {
        loop.stop(free, AT_ONCE);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    private long turn() {
        maintain();
        return takeWhatIsDue() ? Math.max(10, claims.untilNextDue(LONGEST_SLEEP_MS)) : LONGEST_SLEEP_MS;
    }

    /** @return whether workers are left: else the next one that ends wakes us */
    private boolean takeWhatIsDue() {
        // The workers first: a claim must not run out while it waits for one. One is left to who comes meanwhile.
        int most = Math.max(1, free.availablePermits() - 1);
        int room = free.tryAcquire(most) ? most : 0;
        List<Job> taken = List.of();
        try {
            taken = room > 0 ? claims.take(room) : List.of();
        } finally {
            free.release(room - taken.size());
        }
        taken.forEach(job -> start(job, () -> delivery.run(job)));
        return room > taken.size();
    }

    /** On a worker that is kept for it. */
    private void start(Job job, Runnable work) {
        working.put(job.claim(), job.key().accountId());
        Thread.ofVirtual().name("submission-" + job.key()).start(() -> {
            try {
                work.run();
            } finally {
                working.remove(job.claim());
                free.release();
                wake();
            }
        });
    }

    private void maintain() {
        long now = System.nanoTime();
        if (now - renewed > RENEW.toNanos()) {
            renewed = now;
            if (!working.isEmpty()) {
                claims.renew(List.copyOf(working.keySet()));
            }
        }
        if (cleaned == 0 || now - cleaned > CLEAN.toNanos()) {
            cleaned = now;
            claims.clean();
        }
    }
}
