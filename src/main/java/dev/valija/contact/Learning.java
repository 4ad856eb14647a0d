package dev.valija.contact;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.mailbox.Correspondence;
import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.SyncProgressed;
import dev.valija.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Learns whom users write with, from the index and in the background: some messages at a time with a rest after each, so
 * that everything else comes first. How far it got is kept with what was learned, so that any node goes on from there
 * and no message counts twice.
 */
@Service
class Learning {
    private static final Logger log = LoggerFactory.getLogger(Learning.class);
    private static final int BATCH = 500;
    private static final long BUSY_NANOS = Duration.ofMillis(50).toNanos();
    /** What would wait beyond that is passed over: who writes junk is in Junk again before long. */
    private static final int MOST_ARRIVALS = 1_000;

    private final Accounts accounts;
    private final Correspondence correspondence;
    private final LearnedRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Set<Long> due = new LinkedHashSet<>();
    private final Queue<MailboxChanged> arrivals = new LinkedBlockingQueue<>(MOST_ARRIVALS);

    @Autowired
    Learning(Accounts accounts, Correspondence correspondence, LearnedRows rows, TransactionTemplate transaction) {
        this(accounts, correspondence, rows, transaction, Clock.systemUTC());
    }

    Learning(
            Accounts accounts,
            Correspondence correspondence,
            LearnedRows rows,
            TransactionTemplate transaction,
            Clock clock) {
        this.accounts = accounts;
        this.correspondence = correspondence;
        this.rows = rows;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** There may be more to learn from the account. Cheap; call it often. */
    void wake(long accountId) {
        synchronized (due) {
            due.add(accountId);
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(MailboxChanged event) {
        if (!event.created().isEmpty()) {
            wake(event.accountId());
            arrivals.offer(event);
        }
    }

    @EventListener
    void filling(SyncProgressed event) {
        wake(event.accountId());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        wake(event.accountId());
    }

    @EventListener
    void removing(AccountRemoved event) {
        rows.lock(event.user());
        rows.forgetAccount(event.accountId());
    }

    /** Goes on learning for a moment, the accounts taking turns. */
    @Scheduled(initialDelay = 5_000, fixedDelay = 250, timeUnit = TimeUnit.MILLISECONDS)
    void beat() {
        long start = System.nanoTime();
        try {
            while (System.nanoTime() - start < BUSY_NANOS && step()) {
                // The next one.
            }
        } catch (ProblemException e) {
            log.debug("learning has to wait: {}", e.problem());
        } catch (DataAccessException e) {
            log.info("learning has to wait: {}", e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            log.error("learning stumbled", e);
        }
    }

    private boolean step() {
        var arrived = arrivals.poll();
        if (arrived != null) {
            junked(arrived);
            return true;
        }
        var next = next();
        next.filter(this::learn).ifPresent(this::wake);
        return next.isPresent();
    }

    private Optional<Long> next() {
        synchronized (due) {
            var first = due.stream().findFirst();
            first.ifPresent(due::remove);
            return first;
        }
    }

    /** Learns from the next messages of an account. @return whether there may be more */
    boolean learn(long accountId) {
        var user = accounts.get(accountId).user();
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var position = rows.claim(user, accountId);
            if (position.isEmpty()) {
                return false; // another node is at it, or the account goes
            }
            var letters = correspondence.after(accountId, position.getAsLong(), BATCH);
            if (letters.isEmpty()) {
                return false;
            }
            var harvest = new Harvest(accounts.addresses(user), clock.instant());
            letters.forEach(harvest::add);
            rows.add(user, accountId, harvest.people());
            rows.learnedTo(accountId, letters.getLast().id());
            return letters.size() == BATCH;
        }));
    }

    /** Who wrote what was put into Junk, and was never written to, is not to be suggested. */
    private void junked(MailboxChanged event) {
        var senders = correspondence.junkSenders(event.accountId(), event.created()).stream()
                .flatMap(address -> Email.of(address.email()).stream())
                .map(Email::key)
                .distinct()
                .toList();
        if (!senders.isEmpty()) {
            transaction.executeWithoutResult(status -> {
                rows.lock(event.user());
                rows.forgetStrangers(event.user(), senders);
            });
        }
    }
}
