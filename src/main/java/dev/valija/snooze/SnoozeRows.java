package dev.valija.snooze;

import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.schedule.Alarms;
import dev.valija.snooze.Snooze.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table snooze. Whoever works on a row has it alone until it is due again; whoever says when a row is due sets an alarm
 * for that time in the same transaction, so that none is ever forgotten.
 */
@Repository
class SnoozeRows {
    static final String WORK = "snooze";
    /** What one does to some hundred messages at a provider is over by then, or has failed. */
    static final Duration LEASE = Duration.ofMinutes(5);

    private static final String COLUMNS =
            "account_id, message_id, header_id, until, home_id, home_name, away_id, state, changes, tries";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Alarms alarms;

    SnoozeRows(JdbcClient jdbc, TransactionTemplate transaction, Alarms alarms) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.alarms = alarms;
    }

    /** Those of these messages that are snoozed, or on their way. */
    List<Snooze> of(long accountId, Collection<Long> messages) {
        return jdbc.sql("select " + COLUMNS + " from snooze where account_id = ? and message_id = any (?)")
                .param(accountId)
                .param(messages.toArray(Long[]::new))
                .query((rs, n) -> snooze(rs))
                .list();
    }

    /** Those that are to come back by themselves, first come first. */
    List<Snooze> list(long accountId, int most) {
        return jdbc.sql("select " + COLUMNS + """
                         from snooze where account_id = ? and state <> 'BACK' order by until, message_id limit ?
                        """)
                .param(accountId)
                .param(most)
                .query((rs, n) -> snooze(rs))
                .list();
    }

    /** Writes down what is about to be done, in place of what was. @return as they are then */
    List<Snooze> begin(List<Snooze> wanted, Instant now) {
        return write(wanted, now.plus(LEASE), true);
    }

    /** Has somebody look after it again then. */
    List<Snooze> write(List<Snooze> wanted, Instant due) {
        return write(wanted, due, false);
    }

    private List<Snooze> write(List<Snooze> wanted, Instant due, boolean taken) {
        return inOne(
                wanted,
                due,
                () -> wanted.stream()
                        .map(one -> jdbc.sql("""
                        insert into snooze as s (account_id, message_id, header_id, until, home_id, home_name, away_id,
                               state, tries, due_at, taken)
                        values (:account, :message, :header, :until, :home, :homeName, :away, :state, :tries, :due, :taken)
                        on conflict (account_id, message_id) do update set header_id = excluded.header_id,
                               until = excluded.until, home_id = excluded.home_id, home_name = excluded.home_name,
                               away_id = excluded.away_id, state = excluded.state, tries = excluded.tries,
                               due_at = excluded.due_at, taken = excluded.taken, changes = s.changes + 1
                        returning %s
                        """.formatted(COLUMNS))
                                .param("account", one.key().accountId())
                                .param("message", one.key().id())
                                .param("header", one.header())
                                .param("until", utc(one.until()))
                                .param("home", one.home().id())
                                .param("homeName", one.homeName())
                                .param("away", one.away().id())
                                .param("state", one.state().name())
                                .param("tries", one.tries())
                                .param("due", utc(due))
                                .param("taken", taken)
                                .query((rs, n) -> snooze(rs))
                                .single())
                        .toList());
    }

    /**
     * Takes some that are due, those first whose time came first. What is away and has its time is waking from now on.
     *
     * @return nothing when another node has taken them
     */
    List<Snooze> take(long accountId, Instant now, int most) {
        var until = now.plus(LEASE);
        return Objects.requireNonNull(transaction.execute(status -> {
            var taken = jdbc.sql("""
                            update snooze s set due_at = :lease, taken = true,
                                   state = case when s.state in ('AWAY', 'GOING') and s.until <= :now then 'WAKING'
                                                else s.state end
                              from (select account_id, message_id from snooze
                                     where account_id = :account and due_at <= :now
                                     order by due_at limit :most for update skip locked) d
                             where s.account_id = d.account_id and s.message_id = d.message_id
                            returning s.account_id, s.message_id, s.header_id, s.until, s.home_id, s.home_name,
                                      s.away_id, s.state, s.changes, s.tries
                            """)
                    .param("lease", utc(until))
                    .param("now", utc(now))
                    .param("account", accountId)
                    .param("most", most)
                    .query((rs, n) -> snooze(rs))
                    .list();
            if (!taken.isEmpty()) {
                alarms.set(WORK, accountId, until);
            }
            return taken;
        }));
    }

    /** They are away. @return those that somebody else has changed meanwhile */
    List<Snooze> away(List<Snooze> gone) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var overtaken = gone.stream().filter(one -> !isAway(one)).toList();
            gone.stream()
                    .filter(one -> !overtaken.contains(one))
                    .map(Snooze::until)
                    .distinct()
                    .forEach(until -> alarms.set(WORK, gone.getFirst().key().accountId(), until));
            return overtaken;
        }));
    }

    private boolean isAway(Snooze one) {
        return jdbc.sql("""
                        update snooze set state = 'AWAY', tries = 0, due_at = until, taken = false
                         where account_id = ? and message_id = ? and changes = ?
                        """)
                        .param(one.key().accountId())
                        .param(one.key().id())
                        .param(one.changes())
                        .update()
                > 0;
    }

    /** They are over. What somebody has changed meanwhile is not. */
    void end(Collection<Snooze> over) {
        transaction.executeWithoutResult(status -> over.forEach(
                one -> jdbc.sql("delete from snooze where account_id = ? and message_id = ? and changes = ?")
                        .param(one.key().accountId())
                        .param(one.key().id())
                        .param(one.changes())
                        .update()));
    }

    /** They could not be done, and are tried again. */
    void postpone(List<Snooze> failed, Instant due, int tries) {
        inOne(failed, due, () -> {
            failed.forEach(one -> jdbc.sql("""
                            update snooze set due_at = :due, taken = false, tries = tries + :tries
                             where account_id = :account and message_id = :message and changes = :changes
                            """)
                    .param("due", utc(due))
                    .param("tries", tries)
                    .param("account", one.key().accountId())
                    .param("message", one.key().id())
                    .param("changes", one.changes())
                    .update());
            return failed;
        });
    }

    /** The index calls the message otherwise: it was lost, and has been built again. */
    Optional<Snooze> rename(Snooze one, MessageKey now) {
        return jdbc.sql("""
                        update snooze s set message_id = :now
                         where account_id = :account and message_id = :message and changes = :changes
                           and not exists (select from snooze t where t.account_id = :account and t.message_id = :now)
                        returning %s
                        """.formatted(COLUMNS))
                .param("now", now.id())
                .param("account", one.key().accountId())
                .param("message", one.key().id())
                .param("changes", one.changes())
                .query((rs, n) -> snooze(rs))
                .optional();
    }

    /** Those that are away are looked after, if they have left that mailbox. */
    void left(MailboxKey away, Collection<Long> messages, Instant now) {
        hurry(
                away.accountId(),
                now,
                jdbc.sql("""
                        update snooze set due_at = :now
                         where account_id = :account and away_id = :away and message_id = any (:messages)
                           and state = 'AWAY' and due_at > :now
                        """).param("away", away.id()).param("messages", messages.toArray(Long[]::new)));
    }

    /** What waits for the provider is tried now. */
    void hurry(long accountId, Instant now) {
        hurry(
                accountId,
                now,
                jdbc.sql(
                        "update snooze set due_at = :now where account_id = :account and tries > 0 and not taken and due_at > :now"));
    }

    private void hurry(long accountId, Instant now, JdbcClient.StatementSpec update) {
        transaction.executeWithoutResult(status -> {
            if (update.param("account", accountId).param("now", utc(now)).update() > 0) {
                alarms.set(WORK, accountId, now);
            }
        });
    }

    private List<Snooze> inOne(List<Snooze> rows, Instant due, Supplier<List<Snooze>> work) {
        if (rows.isEmpty()) {
            return rows;
        }
        return Objects.requireNonNull(transaction.execute(status -> {
            var written = work.get();
            alarms.set(WORK, rows.getFirst().key().accountId(), due);
            return written;
        }));
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static Snooze snooze(ResultSet rs) throws SQLException {
        long account = rs.getLong("account_id");
        return new Snooze(
                new MessageKey(account, rs.getLong("message_id")),
                rs.getString("header_id"),
                rs.getObject("until", OffsetDateTime.class).toInstant(),
                new MailboxKey(account, rs.getLong("home_id")),
                rs.getString("home_name"),
                new MailboxKey(account, rs.getLong("away_id")),
                State.valueOf(rs.getString("state")),
                rs.getLong("changes"),
                rs.getInt("tries"));
    }
}
