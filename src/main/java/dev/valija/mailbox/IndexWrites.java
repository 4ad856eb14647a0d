package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
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

    private final TransactionTemplate transactions;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Accounts accounts;
    private final Map<Long, UserId> users = new ConcurrentHashMap<>();

    IndexWrites(
            PlatformTransactionManager transactions,
            JdbcClient jdbc,
            ApplicationEventPublisher events,
            Accounts accounts) {
        this.transactions = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
        this.events = events;
        this.accounts = accounts;
    }

    <T> T in(long accountId, Supplier<T> work) {
        return transactions.execute(status -> {
            // One writer an account: threads are merged across mailboxes, and no two writers can deadlock.
            // A plan made while the tables were nearly empty and kept would read them whole for each chunk of filling.
            jdbc.sql("select set_config('plan_cache_mode', 'force_custom_plan', true), pg_advisory_xact_lock(?, ?)")
                    .param(LOCK_CLASS)
                    .param(Long.hashCode(accountId))
                    .query((rs, n) -> 0)
                    .single();
            return work.get();
        });
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
