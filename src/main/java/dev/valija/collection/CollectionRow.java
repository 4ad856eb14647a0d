package dev.valija.collection;

import dev.valija.account.DataKeys.DataKey;
import dev.valija.account.UserId;
import dev.valija.collection.MailCollection.Outcome;
import dev.valija.collection.MailCollection.Pass;
import dev.valija.collection.MailCollection.Policy;
import dev.valija.collection.MailCollection.Secret;
import dev.valija.collection.MailCollection.Side;
import dev.valija.collection.MailCollection.Source;
import dev.valija.collection.MailCollection.Target;
import dev.valija.mailbox.MailboxKey;
import dev.valija.problem.Problem;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A row of the table collection, which is called c. */
final class CollectionRow {
    static final String COLUMNS = """
            c.user_id, c.id, c.account_id, c.mailbox_id, c.mailbox_name, c.host, c.port, c.security, c.login_name,
            c.master_key, c.data_key, c.password, c.keep_days, c.interval_minutes, c.paused, c.rejected, c.lease,
            c.taken, c.begun_at, c.due_at, c.tries, c.passing, c.total, c.done, c.deleted, c.refused, c.outcome_at,
            c.problem, c.problem_at
            """;

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        var time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static MailCollection read(ResultSet rs) throws SQLException {
        var server =
                new ServerSettings(rs.getString("host"), rs.getInt("port"), Security.valueOf(rs.getString("security")));
        var secret =
                new Secret(new DataKey(rs.getString("master_key"), rs.getBytes("data_key")), rs.getBytes("password"));
        var mailbox = new MailboxKey(rs.getLong("account_id"), rs.getLong("mailbox_id"));
        return new MailCollection(
                new CollectionKey(new UserId(rs.getLong("user_id")), rs.getLong("id")),
                new Source(server, rs.getString("login_name"), secret),
                new Target(mailbox, rs.getString("mailbox_name")),
                new Policy(
                        rs.getObject("keep_days", Integer.class),
                        Duration.ofMinutes(rs.getInt("interval_minutes")),
                        rs.getBoolean("paused")),
                rs.getBoolean("rejected"),
                rs.getLong("lease"),
                rs.getBoolean("taken"),
                instant(rs, "begun_at"),
                instant(rs, "due_at"),
                rs.getInt("tries"),
                new Pass(
                        rs.getBoolean("passing"),
                        rs.getInt("total"),
                        rs.getInt("done"),
                        rs.getInt("deleted"),
                        rs.getInt("refused")),
                outcome(rs));
    }

    private static @Nullable Outcome outcome(ResultSet rs) throws SQLException {
        var when = instant(rs, "outcome_at");
        var problem = rs.getString("problem");
        var at = rs.getString("problem_at");
        return when == null
                ? null
                : new Outcome(
                        when, problem == null ? null : Problem.valueOf(problem), at == null ? null : Side.valueOf(at));
    }

    private CollectionRow() {}
}
