package dev.valija.retention;

import dev.valija.schedule.Alarms;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table retention_visit. Whoever says when an account is due sets an alarm for that time in the same transaction, so
 * that none is ever forgotten.
 */
@Repository
class VisitRows {
    static final String WORK = "retention";
    /** What one does to some hundred messages at a provider is over by then, or has failed. */
    static final Duration LEASE = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Alarms alarms;

    VisitRows(JdbcClient jdbc, TransactionTemplate transaction, Alarms alarms) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.alarms = alarms;
    }

    /**
     * A visit under way.
     *
     * @param changes of the account's rules until it began
     * @param tries that failed before it
     */
    record Visit(long accountId, long changes, int tries) {}

    /** The rules have changed: the account is visited then, also by those who are there now. */
    void changed(long accountId, Instant due) {
        withAlarm(accountId, due, """
                insert into retention_visit (account_id, due_at) values (:account, :due)
                on conflict (account_id) do update set due_at = excluded.due_at, tries = 0,
                       changes = retention_visit.changes + 1
                """);
    }

    /** The account is visited then, where nobody has thought of it. */
    void begin(long accountId, Instant due) {
        withAlarm(accountId, due, """
                insert into retention_visit (account_id, due_at)
                select id, :due from account where id = :account
                on conflict do nothing
                """);
    }

    boolean isDue(long accountId, Instant now) {
        return jdbc.sql("select exists (select from retention_visit where account_id = ? and due_at <= ?)")
                .param(accountId)
                .param(utc(now))
                .query(Boolean.class)
                .single();
    }

    /** There was no room for the account; it stays due. */
    void knockAgain(long accountId, Instant when) {
        alarms.set(WORK, accountId, when);
    }

    /** Takes an account that is due. @return empty when it is not, or another node has taken it */
    Optional<Visit> take(long accountId, Instant now) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var taken = jdbc.sql("""
                            update retention_visit set due_at = :lease where account_id = :account and due_at <= :now
                            returning changes, tries
                            """)
                    .param("lease", utc(now.plus(LEASE)))
                    .param("account", accountId)
                    .param("now", utc(now))
                    .query((rs, n) -> new Visit(accountId, rs.getLong(1), rs.getInt(2)))
                    .optional();
            taken.ifPresent(visit -> alarms.set(WORK, accountId, now.plus(LEASE)));
            return taken;
        }));
    }

    /** It takes longer. @return false where the rules have changed since it began */
    boolean extend(Visit visit, Instant now) {
        return update(visit, now.plus(LEASE), visit.tries());
    }

    /** It is over until then. Where the rules have changed meanwhile, the next is due already. */
    void next(Visit visit, Instant due) {
        update(visit, due, 0);
    }

    void failed(Visit visit, Instant due) {
        update(visit, due, visit.tries() + 1);
    }

    /** There is nothing to be looked after. */
    void end(Visit visit) {
        jdbc.sql("delete from retention_visit where account_id = ? and changes = ?")
                .param(visit.accountId())
                .param(visit.changes())
                .update();
    }

    private boolean update(Visit visit, Instant due, int tries) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean isOurs = jdbc.sql("""
                            update retention_visit set due_at = :due, tries = :tries
                             where account_id = :account and changes = :changes
                            """)
                            .param("due", utc(due))
                            .param("tries", tries)
                            .param("account", visit.accountId())
                            .param("changes", visit.changes())
                            .update()
                    > 0;
            if (isOurs) {
                alarms.set(WORK, visit.accountId(), due);
            }
            return isOurs;
        }));
    }

    private void withAlarm(long accountId, Instant due, String sql) {
        transaction.executeWithoutResult(status -> {
            if (jdbc.sql(sql).param("account", accountId).param("due", utc(due)).update() > 0) {
                alarms.set(WORK, accountId, due);
            }
        });
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
