package dev.valija.followup;

import dev.valija.schedule.Alarms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table follow_up. Whoever works on a row has it alone until it is due again; whoever says when a row is due sets an
 * alarm for that time in the same transaction.
 */
@Repository
class FollowUpRows {
    static final String WORK = "follow-up";
    /** What one does for one message at a provider is over by then, or has failed. */
    static final Duration LEASE = Duration.ofMinutes(5);

    private static final String COLUMNS = "account_id, id, message_id, since, remind_at, changes, tries";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Alarms alarms;

    FollowUpRows(JdbcClient jdbc, TransactionTemplate transaction, Alarms alarms) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.alarms = alarms;
    }

    /** One a message: another time takes the place of the first. */
    FollowUp set(long accountId, String messageId, Instant since, Instant remindAt) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var set = jdbc.sql("""
                            insert into follow_up as f (account_id, message_id, since, remind_at, due_at)
                            values (:account, :message, :since, :time, :time)
                            on conflict (account_id, message_id) do update
                               set remind_at = excluded.remind_at, due_at = excluded.due_at, taken = false, tries = 0,
                                   changes = f.changes + 1
                            returning %s
                            """.formatted(COLUMNS))
                    .param("account", accountId)
                    .param("message", messageId)
                    .param("since", utc(since))
                    .param("time", utc(remindAt))
                    .query((rs, n) -> followUp(rs))
                    .single();
            alarms.set(WORK, accountId, remindAt);
            return set;
        }));
    }

    List<FollowUp> list(long accountId, int most) {
        return jdbc.sql("select " + COLUMNS + " from follow_up where account_id = ? order by remind_at, id limit ?")
                .param(accountId)
                .param(most)
                .query((rs, n) -> followUp(rs))
                .list();
    }

    /** Ends it by hand. @return whether there was one */
    boolean cancel(long accountId, long id) {
        return jdbc.sql("delete from follow_up where account_id = ? and id = ?")
                        .param(accountId)
                        .param(id)
                        .update()
                > 0;
    }

    void cancel(long accountId, String messageId) {
        jdbc.sql("delete from follow_up where account_id = ? and message_id = ?")
                .param(accountId)
                .param(messageId)
                .update();
    }

    boolean isDue(long accountId, Instant now) {
        return jdbc.sql("select exists (select from follow_up where account_id = ? and due_at <= ?)")
                .param(accountId)
                .param(utc(now))
                .query(Boolean.class)
                .single();
    }

    /** Takes the next that is due; nothing when another node has it. */
    Optional<FollowUp> take(long accountId, Instant now) {
        var until = now.plus(LEASE);
        return Objects.requireNonNull(transaction.execute(status -> {
            var taken = jdbc.sql("""
                            update follow_up f set due_at = :lease, taken = true
                              from (select account_id, id from follow_up
                                     where account_id = :account and due_at <= :now
                                     order by due_at limit 1 for update skip locked) d
                             where f.account_id = d.account_id and f.id = d.id
                            returning f.account_id, f.id, f.message_id, f.since, f.remind_at, f.changes, f.tries
                            """)
                    .param("lease", utc(until))
                    .param("account", accountId)
                    .param("now", utc(now))
                    .query((rs, n) -> followUp(rs))
                    .optional();
            if (taken.isPresent()) {
                alarms.set(WORK, accountId, until);
            }
            return taken;
        }));
    }

    /** It is over, unless somebody has set another time meanwhile. */
    void end(FollowUp over) {
        jdbc.sql("delete from follow_up where account_id = ? and id = ? and changes = ?")
                .param(over.accountId())
                .param(over.id())
                .param(over.changes())
                .update();
    }

    /** It is tried again then. */
    void postpone(FollowUp failed, Instant due, int tries) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            update follow_up set due_at = ?, taken = false, tries = tries + ?
                             where account_id = ? and id = ? and changes = ?
                            """)
                    .param(utc(due))
                    .param(tries)
                    .param(failed.accountId())
                    .param(failed.id())
                    .param(failed.changes())
                    .update();
            alarms.set(WORK, failed.accountId(), due);
        });
    }

    /** What waits for the provider is tried now. */
    void hurry(long accountId, Instant now) {
        transaction.executeWithoutResult(status -> {
            int hurried = jdbc.sql(
                            "update follow_up set due_at = :now where account_id = :account and tries > 0 and not taken and due_at > :now")
                    .param("now", utc(now))
                    .param("account", accountId)
                    .update();
            if (hurried > 0) {
                alarms.set(WORK, accountId, now);
            }
        });
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static FollowUp followUp(ResultSet rs) throws SQLException {
        return new FollowUp(
                rs.getLong("account_id"),
                rs.getLong("id"),
                rs.getString("message_id"),
                rs.getObject("since", OffsetDateTime.class).toInstant(),
                rs.getObject("remind_at", OffsetDateTime.class).toInstant(),
                rs.getLong("changes"),
                rs.getInt("tries"));
    }
}
