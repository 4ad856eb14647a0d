package dev.valija.retention;

import dev.valija.mailbox.MailboxKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables retention_stay and retention_survey. */
@Repository
class StayRows {
    private static final String COLUMNS = "message_id, mailbox_id, since, after_days, announced_at, for_ever, kept";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    StayRows(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Those of a mailbox with numbers after {@code from} up to {@code to}. */
    Map<Long, Stay> between(MailboxKey mailbox, long from, long to) {
        var found = new HashMap<Long, Stay>();
        jdbc.sql("select " + COLUMNS + """
                         from retention_stay
                         where account_id = ? and mailbox_id = ? and message_id > ? and message_id <= ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(from)
                .param(to)
                .query((RowCallbackHandler) rs -> {
                    var stay = stay(mailbox.accountId(), rs);
                    found.put(stay.id(), stay);
                });
        return found;
    }

    void write(Collection<Stay> stays, Duration grace) {
        batches.batchUpdate("""
                insert into retention_stay (account_id, message_id, mailbox_id, since, after_days, announced_at,
                       leaves_at, for_ever, kept)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (account_id, message_id) do update set mailbox_id = excluded.mailbox_id,
                       since = excluded.since, after_days = excluded.after_days,
                       announced_at = excluded.announced_at, leaves_at = excluded.leaves_at,
                       for_ever = excluded.for_ever, kept = excluded.kept
                """, stays, 500, (statement, stay) -> {
            statement.setLong(1, stay.mailbox().accountId());
            statement.setLong(2, stay.id());
            statement.setLong(3, stay.mailbox().id());
            statement.setObject(4, utc(stay.since()));
            statement.setInt(5, stay.afterDays());
            statement.setObject(6, utc(stay.announcedAt()));
            statement.setObject(7, utc(stay.leavesAt(grace)));
            statement.setBoolean(8, stay.forEver());
            statement.setBoolean(9, stay.kept());
        });
    }

    void delete(MailboxKey mailbox, Collection<Long> messages) {
        if (!messages.isEmpty()) {
            jdbc.sql("delete from retention_stay where account_id = ? and mailbox_id = ? and message_id = any (?)")
                    .param(mailbox.accountId())
                    .param(mailbox.id())
                    .param(messages.toArray(Long[]::new))
                    .update();
        }
    }

    /** What is known of other mailboxes than these is forgotten: there is no rule for them any more. */
    void keepOnly(long accountId, Collection<MailboxKey> mailboxes) {
        jdbc.sql("select mailbox_id from retention_survey where account_id = ? and not mailbox_id = any (?)")
                .param(accountId)
                .param(mailboxes.stream().map(MailboxKey::id).toArray(Long[]::new))
                .query(Long.class)
                .list()
                .forEach(id -> forget(new MailboxKey(accountId, id)));
    }

    /** All begins anew there. */
    void forget(MailboxKey mailbox) {
        for (var table : List.of("retention_stay", "retention_survey")) {
            jdbc.sql("delete from " + table + " where account_id = ? and mailbox_id = ?")
                    .param(mailbox.accountId())
                    .param(mailbox.id())
                    .update();
        }
    }

    /** Those of a mailbox whose time is over, the longest over first. */
    List<Stay> due(MailboxKey mailbox, Instant now, int most) {
        return jdbc.sql("select " + COLUMNS + """
                         from retention_stay
                         where account_id = ? and mailbox_id = ? and not kept and leaves_at <= ?
                         order by leaves_at limit ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(utc(now))
                .param(most)
                .query((rs, n) -> stay(mailbox.accountId(), rs))
                .list();
    }

    /** They could not leave, or need not, as it turned out: they are looked at again then. */
    void postpone(MailboxKey mailbox, Collection<Long> messages, Instant until) {
        if (!messages.isEmpty()) {
            jdbc.sql("""
                            update retention_stay set leaves_at = ?
                             where account_id = ? and mailbox_id = ? and message_id = any (?)
                            """)
                    .param(utc(until))
                    .param(mailbox.accountId())
                    .param(mailbox.id())
                    .param(messages.toArray(Long[]::new))
                    .update();
        }
    }

    /** When the next is to leave. */
    Optional<Instant> next(MailboxKey mailbox) {
        return jdbc.sql("""
                        select leaves_at from retention_stay where account_id = ? and mailbox_id = ? and not kept
                         order by leaves_at limit 1
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .query((rs, n) -> instant(rs, "leaves_at"))
                .optional();
    }

    /** A message and when it leaves. */
    record Leaving(long id, MailboxKey mailbox, Instant at) {}

    /** Those that leave a mailbox before then, soonest first. */
    List<Leaving> leaving(MailboxKey mailbox, Instant until, int most) {
        return jdbc.sql("""
                        select message_id, leaves_at from retention_stay
                         where account_id = ? and mailbox_id = ? and not kept and leaves_at <= ?
                         order by leaves_at, message_id limit ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(utc(until))
                .param(most)
                .query((rs, n) -> new Leaving(rs.getLong(1), mailbox, instant(rs, "leaves_at")))
                .list();
    }

    int countLeaving(MailboxKey mailbox, Instant until) {
        return jdbc.sql("""
                        select count(*) from retention_stay
                         where account_id = ? and mailbox_id = ? and not kept and leaves_at <= ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(utc(until))
                .query(Integer.class)
                .single();
    }

    /** When a mailbox was gone through, and by which rule. */
    record Surveyed(Instant at, String rule) {}

    /** The last time; empty when never under the rules that it has had since. */
    Optional<Surveyed> surveyed(MailboxKey mailbox) {
        return jdbc.sql("select surveyed_at, rule from retention_survey where account_id = ? and mailbox_id = ?")
                .param(mailbox.accountId())
                .param(mailbox.id())
                .query((rs, n) -> new Surveyed(instant(rs, "surveyed_at"), rs.getString("rule")))
                .optional();
    }

    void surveyed(MailboxKey mailbox, Surveyed now) {
        jdbc.sql("""
                        insert into retention_survey (account_id, mailbox_id, surveyed_at, rule) values (?, ?, ?, ?)
                        on conflict (account_id, mailbox_id) do update set surveyed_at = excluded.surveyed_at,
                               rule = excluded.rule
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(utc(now.at()))
                .param(now.rule())
                .update();
    }

    private static Stay stay(long accountId, ResultSet rs) throws SQLException {
        return new Stay(
                rs.getLong("message_id"),
                new MailboxKey(accountId, rs.getLong("mailbox_id")),
                instant(rs, "since"),
                rs.getInt("after_days"),
                instant(rs, "announced_at"),
                rs.getBoolean("for_ever"),
                rs.getBoolean("kept"));
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
