package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one way to write to an account's index: a transaction that no other writer of the account runs beside, with the
 * news of it told inside. Short; never held while talking to a provider.
 */
@Component
class IndexWrites {
    private static final int LOCK_CLASS = 0x1DE8;
    /** Another node writes for so long at most, but for the largest mailboxes that go at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Taken before a connection is: those who wait for a busy account leave the connections to the others. */
    private final KeyedLocks<Long> turns = new KeyedLocks<>();

    private final TransactionTemplate transactions;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Accounts accounts;
    private final Duration patience;
    private final Map<Long, UserId> users = new ConcurrentHashMap<>();

    @Autowired
    IndexWrites(
            PlatformTransactionManager transactions,
            JdbcClient jdbc,
            ApplicationEventPublisher events,
            Accounts accounts) {
        this(transactions, jdbc, events, accounts, PATIENCE);
    }

    /** @param patience with other nodes */
    IndexWrites(
            PlatformTransactionManager transactions,
            JdbcClient jdbc,
            ApplicationEventPublisher events,
            Accounts accounts,
            Duration patience) {
        this.transactions = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
        this.events = events;
        this.accounts = accounts;
        this.patience = patience;
    }

    <T> T in(long accountId, Supplier<T> work) {
        return turns.holding(
                List.of(accountId),
                () -> transactions.execute(status -> {
                    lock(accountId);
                    return work.get();
                }));
    }

    /**
     * One writer an account, on whatever node: threads are merged across mailboxes, and no two writers can deadlock.
     *
     * @throws CannotAcquireLockException when another node does not let go of it
     */
    private void lock(long accountId) {
        try {
            // A plan made while the tables were nearly empty and kept would read them whole for each chunk of filling.
            jdbc.sql("""
                            select set_config('plan_cache_mode', 'force_custom_plan', true),
                                   set_config('lock_timeout', ?, true), pg_advisory_xact_lock(?, ?)
                            """)
                    .param(patience.toMillis() + "ms")
                    .param(LOCK_CLASS)
                    .param(Long.hashCode(accountId))
                    .query((rs, n) -> 0)
                    .single();
        } catch (UncategorizedSQLException e) {
            var cause = e.getSQLException();
            if (cause != null && LOCK_NOT_AVAILABLE.equals(cause.getSQLState())) {
                throw new CannotAcquireLockException("another node writes to account " + accountId, e);
            }
            throw e;
        }
    }

    void run(long accountId, Runnable work) {
        in(accountId, () -> {
            work.run();
            return 0;
        });
    }

    /** Tells what changed. Within {@link #in} only, so that the change log agrees with the index. */
    void tell(long accountId, IndexChange change) {
        if (!change.isEmpty()) {
            events.publishEvent(change.event(user(accountId), accountId));
        }
    }

    /** Tells other modules. Within {@link #in} only. */
    void publish(Record event) {
        events.publishEvent(event);
    }

    /** Passing news, outside any transaction. */
    void tellProgress(Mailbox mailbox) {
        var sync = MailboxView.progress(mailbox);
        events.publishEvent(new SyncProgressed(
                user(mailbox.accountId()), mailbox.accountId(), mailbox.id(), sync.state(), sync.done(), sync.total()));
    }

    /** Within {@link #in}: the account is there, and stays so meanwhile. @throws ProblemException not-found when not */
    void requireAccount(long accountId) {
        users.put(accountId, accounts.get(accountId).user());
    }

    void forget(long accountId) {
        users.remove(accountId);
    }

    private UserId user(long accountId) {
        return users.computeIfAbsent(accountId, id -> accounts.get(id).user());
    }
}
