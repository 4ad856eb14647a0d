package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.upstream.RemoteId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A row of the index as lists need it.
 *
 * @param remoteId its id at the provider, or null while that is being looked for
 * @param arrival orders messages of one mailbox that are equal otherwise
 * @param sortedBy what the list is sorted by, as text
 */
record MessageRow(
        MessageKey key,
        MailboxKey mailbox,
        @Nullable RemoteId remoteId,
        long arrival,
        String sortedBy,
        MessageSummary summary) {

    /** The columns that {@link #read} reads. Lists show some recipients; the message itself has them all. */
    static final String COLUMNS = """
            m.account_id, m.id, m.mailbox_id, m.remote_id, m.thread_id, m.subject, m.preview, m.received_at, m.sent_at,
            m.size, m.keywords, m.has_attachment, m.arrival,
            jsonb_path_query_array(m.envelope, '$.from[0 to 19]') as from_json,
            jsonb_path_query_array(m.envelope, '$.to[0 to 19]') as to_json""";

    /** How many of its thread are in the mailbox, and how many of them are unread. */
    record InThread(int size, int unread) {}

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Its place in a list of its mailbox. */
    Position.After position() {
        return new Position.After(sortedBy, summary.receivedAt(), arrival);
    }

    /** Its place among messages of several mailboxes. */
    Position.After positionAmongAll() {
        return new Position.After(sortedBy, summary.receivedAt(), key.id());
    }

    static MessageRow read(ResultSet rs, String sortedBy, @Nullable InThread thread) throws SQLException {
        long account = rs.getLong("account_id");
        var key = new MessageKey(account, rs.getLong("id"));
        var mailbox = new MailboxKey(account, rs.getLong("mailbox_id"));
        var remoteId = rs.getObject("remote_id", Long.class);
        var summary = new MessageSummary(
                key.toString(),
                mailbox.toString(),
                new ThreadKey(account, rs.getLong("thread_id")).toString(),
                thread == null ? null : thread.size(),
                thread == null ? null : thread.unread(),
                addresses(rs.getString("from_json")),
                addresses(rs.getString("to_json")),
                rs.getString("subject"),
                rs.getString("preview"),
                ApiTime.clamped(instant(rs, "received_at")),
                ApiTime.shown(optionalInstant(rs, "sent_at")),
                rs.getLong("size"),
                words(rs.getArray("keywords")),
                rs.getBoolean("has_attachment"));
        return new MessageRow(
                key,
                mailbox,
                remoteId == null ? null : new RemoteId(remoteId),
                rs.getLong("arrival"),
                sortedBy,
                summary);
    }

    static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant optionalInstant(ResultSet rs, String column) throws SQLException {
        var time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static List<String> words(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static List<Address> addresses(String json) {
        if (json.equals("[]")) {
            return List.of();
        }
        var addresses = new ArrayList<Address>();
        for (var node : JSON.readTree(json)) {
            var name = node.get("name");
            addresses.add(new Address(
                    name == null || !name.isString() ? null : name.asString(),
                    node.path("email").asString("")));
        }
        return addresses;
    }
}
