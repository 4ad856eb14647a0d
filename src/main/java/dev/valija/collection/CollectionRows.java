package dev.valija.collection;

import dev.valija.account.UserId;
import dev.valija.collection.MailCollection.Outcome;
import dev.valija.collection.MailCollection.Policy;
import dev.valija.collection.MailCollection.Source;
import dev.valija.collection.MailCollection.Target;
import dev.valija.schedule.Alarms;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table collection. Whoever works on a row has it alone until it is due again; whoever says when a row is due sets an
 * alarm for that time in the same transaction.
 */
@Repository
class CollectionRows {
    static final String WORK = "collection";
    /** Renewed while something moves; what is over by then has hung or died. */
    static final Duration LEASE = Duration.ofMinutes(10);
    /** Between the beginnings of two sessions: no more than four a minute, of the six that providers bear. */
    static final Duration SPACING = Duration.ofSeconds(15);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Alarms alarms;

    CollectionRows(JdbcClient jdbc, TransactionTemplate transaction, Alarms alarms) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.alarms = alarms;
    }

    List<MailCollection> of(UserId user) {
        return jdbc.sql("select " + CollectionRow.COLUMNS + " from collection c where user_id = ? order by id")
                .param(user.value())
                .query((rs, n) -> CollectionRow.read(rs))
                .list();
    }

    Optional<MailCollection> find(CollectionKey key) {
        return jdbc.sql("select " + CollectionRow.COLUMNS + " from collection c where user_id = ? and id = ?")
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> CollectionRow.read(rs))
                .optional();
    }

    /** @throws org.springframework.dao.DuplicateKeyException where the user has one of that login */
    CollectionKey insert(UserId user, Source source, Target target, Policy policy, @Nullable Instant due) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var id = written(jdbc.sql("""
                                    insert into collection (user_id, account_id, mailbox_id, mailbox_name, host, port,
                                           security, login_name, master_key, data_key, password, keep_days,
                                           interval_minutes, paused, due_at)
                                    values (:user, :account, :mailbox, :name, :host, :port, :security, :login, :master,
                                           :key, :password, :keep, :interval, :paused, :due)
                                    returning id
                                    """), source, target, policy)
                    .param("user", user.value())
                    .param("due", utc(due))
                    .query(Long.class)
                    .single();
            alarm(target.mailbox().accountId(), due);
            return new CollectionKey(user, id);
        }));
    }

    /**
     * Whoever is at it is overtaken.
     *
     * @return false when it is not as it was any more: somebody has changed or taken it
     */
    boolean update(MailCollection old, Source source, Target target, Policy policy, @Nullable Instant due) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            int updated = written(jdbc.sql("""
                                    update collection
                                       set account_id = :account, mailbox_id = :mailbox, mailbox_name = :name, host = :host,
                                           port = :port, security = :security, login_name = :login, master_key = :master,
                                           data_key = :key, password = :password, keep_days = :keep,
                                           interval_minutes = :interval, paused = :paused, due_at = :due,
                                           rejected = rejected and password = :password,
                                           tries = 0, lease = lease + 1, taken = false
                                     where user_id = :user and id = :id and lease = :lease and data_key = :sealedBy
                                    """), source, target, policy)
                    .param("user", old.key().user().value())
                    .param("id", old.key().id())
                    .param("lease", old.lease())
                    .param("sealedBy", old.source().password().key().wrapped()) // the master key may be another now
                    .param("due", utc(due))
                    .update();
            if (updated > 0 && !source.sameMaildrop(old.source())) {
                // Names are a maildrop's own; what is the same message there is known by its octets.
                jdbc.sql("update collected set uidl = null where user_id = ? and collection_id = ?")
                        .param(old.key().user().value())
                        .param(old.key().id())
                        .update();
            }
            if (updated > 0) {
                alarm(target.mailbox().accountId(), due);
            }
            return updated > 0;
        }));
    }

    private static JdbcClient.StatementSpec written(
            JdbcClient.StatementSpec statement, Source source, Target target, Policy policy) {
        return statement
                .param("account", target.mailbox().accountId())
                .param("mailbox", target.mailbox().id())
                .param("name", target.name())
                .param("host", source.server().host())
                .param("port", source.server().port())
                .param("security", source.server().security().name())
                .param("login", source.loginName())
                .param("master", source.password().key().masterKey())
                .param("key", source.password().key().wrapped())
                .param("password", source.password().sealed())
                .param("keep", policy.keepDays())
                .param("interval", policy.interval().toMinutes())
                .param("paused", policy.paused());
    }

    boolean delete(CollectionKey key) {
        return jdbc.sql("delete from collection where user_id = ? and id = ?")
                        .param(key.user().value())
                        .param(key.id())
                        .update()
                > 0;
    }

    /** Has somebody look at it soon; again, where somebody is at it. */
    void hurry(MailCollection collection, Instant now) {
        transaction.executeWithoutResult(status -> jdbc.sql("""
                        update collection
                           set wanted = taken,
                               due_at = case when taken then due_at
                                             else least(due_at, greatest(:now, begun_at + make_interval(secs => :spacing)))
                                        end
                         where user_id = :user and id = :id
                        returning due_at
                        """)
                .param("now", utc(now))
                .param("spacing", SPACING.toSeconds())
                .param("user", collection.key().user().value())
                .param("id", collection.key().id())
                .query(OffsetDateTime.class)
                .optional()
                .ifPresent(due -> alarm(collection.accountId(), due.toInstant())));
    }

    /** What waits for an account is tried now. */
    void hurry(long accountId, Instant now) {
        transaction.executeWithoutResult(status -> {
            int hurried = jdbc.sql("""
                            update collection set due_at = :now
                             where account_id = :account and problem_at = 'TARGET' and not taken and due_at > :now
                            """)
                    .param("now", utc(now))
                    .param("account", accountId)
                    .update();
            if (hurried > 0) {
                alarm(accountId, now);
            }
        });
    }

    /** Has the account looked at then. */
    void later(long accountId, Instant when) {
        transaction.executeWithoutResult(status -> alarm(accountId, when));
    }

    boolean isDue(long accountId, Instant now) {
        return jdbc.sql("select exists (select from collection where account_id = ? and due_at <= ?)")
                .param(accountId)
                .param(utc(now))
                .query(Boolean.class)
                .single();
    }

    /** Takes the next that is due; nothing when another node has it. */
    Optional<MailCollection> take(long accountId, Instant now) {
        var until = now.plus(LEASE);
        return Objects.requireNonNull(transaction.execute(status -> {
            var taken = jdbc.sql("""
                            update collection c
                               set due_at = :lease, taken = true, wanted = false, lease = c.lease + 1, begun_at = :now, passing = true,
                                   total = case when c.passing then c.total else 0 end,
                                   done = case when c.passing then c.done else 0 end,
                                   deleted = case when c.passing then c.deleted else 0 end,
                                   refused = 0
                              from (select user_id, id from collection
                                     where account_id = :account and due_at <= :now
                                     order by due_at limit 1 for update skip locked) d
                             where c.user_id = d.user_id and c.id = d.id
                            returning %s
                            """.formatted(CollectionRow.COLUMNS))
                    .param("lease", utc(until))
                    .param("account", accountId)
                    .param("now", utc(now))
                    .query((rs, n) -> CollectionRow.read(rs))
                    .optional();
            if (taken.isPresent()) {
                alarm(accountId, until);
            }
            return taken;
        }));
    }

    /**
     * Does something while it is still this one's turn, in a transaction: who would overtake waits.
     *
     * @throws Overtaken when it is not
     */
    void inTurn(MailCollection mine, Runnable work) {
        transaction.executeWithoutResult(status -> {
            var turn = jdbc.sql("select lease from collection where user_id = ? and id = ? for no key update")
                    .param(mine.key().user().value())
                    .param(mine.key().id())
                    .query(Long.class)
                    .optional();
            if (turn.isEmpty() || turn.get() != mine.lease()) {
                throw new Overtaken();
            }
            work.run();
        });
    }

    /** Does something in a transaction, whoever's turn it is. */
    void inTransaction(Runnable work) {
        transaction.executeWithoutResult(status -> work.run());
    }

    /** Something still moves. @throws Overtaken when it is another's turn */
    void renew(MailCollection mine, Instant now) {
        inTurn(mine, () -> {
            jdbc.sql("update collection set due_at = ? where user_id = ? and id = ?")
                    .param(utc(now.plus(LEASE)))
                    .param(mine.key().user().value())
                    .param(mine.key().id())
                    .update();
            alarm(mine.accountId(), now.plus(LEASE));
        });
    }

    /** So many are still to be collected in this pass, beside those that are. */
    void found(MailCollection mine, int pending) {
        inTurn(
                mine,
                () -> jdbc.sql("update collection set total = done + ? where user_id = ? and id = ?")
                        .param(pending)
                        .param(mine.key().user().value())
                        .param(mine.key().id())
                        .update());
    }

    /** Within the turn. */
    void count(MailCollection mine, int done, int deleted, int refused) {
        jdbc.sql("""
                        update collection
                           set done = done + :done, deleted = deleted + :deleted, refused = refused + :refused
                         where user_id = :user and id = :id
                        """)
                .param("done", done)
                .param("deleted", deleted)
                .param("refused", refused)
                .param("user", mine.key().user().value())
                .param("id", mine.key().id())
                .update();
    }

    /**
     * The session is over.
     *
     * @param over whether the pass is, too
     */
    void end(MailCollection mine, Outcome outcome, boolean over, @Nullable Instant due) {
        finish(mine, outcome, due, over, false, 0);
    }

    /**
     * The session has failed.
     *
     * @param rejected the password, for good
     */
    void fail(MailCollection mine, Outcome outcome, boolean rejected, @Nullable Instant due) {
        finish(mine, outcome, due, false, rejected, mine.tries() + 1);
    }

    private void finish(
            MailCollection mine, Outcome outcome, @Nullable Instant due, boolean over, boolean rejected, int tries) {
        var problem = outcome.problem();
        var at = outcome.at();
        inTurn(mine, () -> {
            // Also who asked for another session waits where this one has failed.
            var next = jdbc.sql("""
                            update collection
                               set taken = false, tries = :tries, passing = not :over,
                                   due_at = case when wanted and :problem::text is null
                                                 then least(:due::timestamptz,
                                                            greatest(:when, begun_at + make_interval(secs => :spacing)))
                                                 else :due end,
                                   rejected = :rejected, outcome_at = :when, problem = :problem, problem_at = :at
                             where user_id = :user and id = :id
                            returning due_at
                            """)
                    .param("spacing", SPACING.toSeconds())
                    .param("due", utc(due))
                    .param("tries", tries)
                    .param("over", over)
                    .param("rejected", rejected)
                    .param("when", utc(outcome.when()))
                    .param("problem", problem == null ? null : problem.name())
                    .param("at", at == null ? null : at.name())
                    .param("user", mine.key().user().value())
                    .param("id", mine.key().id())
                    .query(OffsetDateTime.class)
                    .optional();
            alarm(mine.accountId(), next.map(OffsetDateTime::toInstant).orElse(null));
        });
    }

    private void alarm(long accountId, @Nullable Instant when) {
        if (when != null) {
            alarms.set(WORK, accountId, when);
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
