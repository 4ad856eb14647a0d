package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SortOrder.Property;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads lists from the index: each order has its own index, so that a page costs its rows and no sorting. */
@Repository
class MessageQueries {
    /** Counting further than this would cost more than the number is worth. */
    private static final int COUNTED = 20_000;

    private static final String THREAD_SIZE = """
            , (select count(*) from message t
                where t.account_id = m.account_id and t.mailbox_id = m.mailbox_id
                  and t.thread_id = m.thread_id) as thread_size""";

    private final JdbcClient jdbc;

    MessageQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The rows of a page and one more, by which is seen whether there is another page. */
    List<MessageRow> page(ListQuery query) {
        return switch (query.position()) {
            case Position.After after -> after(query, after);
            case Position.Offset offset -> offset(query, offset.rows());
        };
    }

    private List<MessageRow> after(ListQuery query, Position.After after) {
        return compared(
                        "select " + columns(query) + " from message m",
                        query,
                        query.order().descending() ? " < " : " > ",
                        after,
                        orderBy(query) + " limit :limit")
                .param("limit", query.limit() + 1)
                .query((rs, n) -> read(rs, query))
                .list();
    }

    /** How many rows the list has up to that position. */
    int rowsUpTo(ListQuery query, Position.After after) {
        return compared(
                        "select count(*) from message m",
                        query,
                        query.order().descending() ? " >= " : " <= ",
                        after,
                        "")
                .query(Integer.class)
                .single();
    }

    /** A statement about the rows on one side of a position. */
    private JdbcClient.StatementSpec compared(
            String select, ListQuery query, String comparison, Position.After after, String end) {
        var keys = String.join(", ", keys(query.order().property()));
        var sql = select + " where " + where(query) + " and (" + keys + ")" + comparison;
        var statement = switch (query.order().property()) {
            case RECEIVED_AT -> jdbc.sql(sql + "(:at, :id)" + end).param("at", time(after.receivedAt()));
            case SENT_AT -> jdbc.sql(sql + "(:at, :id)" + end).param("at", time(micros(after.key())));
            case FROM, SUBJECT ->
                jdbc.sql(sql + "(:key, :at, :id)" + end)
                        .param("key", after.key())
                        .param("at", time(after.receivedAt()));
            case SIZE ->
                jdbc.sql(sql + "(:key, :at, :id)" + end)
                        .param("key", number(after.key()))
                        .param("at", time(after.receivedAt()));
        };
        return statement
                .param("id", after.id())
                .param("account", query.mailbox().accountId())
                .param("mailbox", query.mailbox().id());
    }

    /** The rows passed over are only counted off, in the index; those shown are fetched then. */
    private List<MessageRow> offset(ListQuery query, int rows) {
        if (rows == 0) {
            return jdbc.sql("select " + columns(query) + " from message m where " + where(query) + orderBy(query)
                            + " limit :limit")
                    .param("account", query.mailbox().accountId())
                    .param("mailbox", query.mailbox().id())
                    .param("limit", query.limit() + 1)
                    .query((rs, n) -> read(rs, query))
                    .list();
        }
        return jdbc.sql("select " + columns(query) + " from (select m.id from message m where " + where(query)
                        + orderBy(query) + " limit :limit offset :offset) p"
                        + " join message m on m.account_id = :account and m.id = p.id" + orderBy(query))
                .param("account", query.mailbox().accountId())
                .param("mailbox", query.mailbox().id())
                .param("offset", rows)
                .param("limit", query.limit() + 1)
                .query((rs, n) -> read(rs, query))
                .list();
    }

    /** How many rows the list has in all; empty where they are too many to count. */
    OptionalInt count(ListQuery query) {
        var what = query.view() == ListQuery.View.THREADS ? "distinct thread_id" : "*";
        var row = jdbc.sql("select count(" + what + "), count(*) from (select m.thread_id from message m where "
                        + where(query, ListQuery.View.MESSAGES) + " limit :most) m")
                .param("account", query.mailbox().accountId())
                .param("mailbox", query.mailbox().id())
                .param("most", COUNTED + 1)
                .query((rs, n) -> new int[] {rs.getInt(1), rs.getInt(2)})
                .single();
        return row[1] > COUNTED ? OptionalInt.empty() : OptionalInt.of(row[0]);
    }

    /** Those of a mailbox's messages that are in the index, by their id at the provider. */
    Map<RemoteId, MessageRow> byRemoteIds(MailboxKey mailbox, Collection<RemoteId> ids) {
        var rows = new HashMap<RemoteId, MessageRow>();
        jdbc.sql("select " + MessageRow.COLUMNS + " from message m"
                        + " where m.account_id = :account and m.mailbox_id = :mailbox and m.remote_id = any (:ids)")
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .param("ids", ids.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((rs, n) -> rows.put(new RemoteId(rs.getLong("remote_id")), MessageRow.read(rs, "", null)))
                .list();
        return rows;
    }

    /** A thread in all mailboxes, oldest first. */
    List<MessageRow> thread(ThreadKey thread, int limit) {
        return jdbc.sql("select " + MessageRow.COLUMNS + " from message m"
                        + " where m.account_id = :account and m.thread_id = :thread"
                        + " order by m.received_at, m.id limit :limit")
                .param("account", thread.accountId())
                .param("thread", thread.id())
                .param("limit", limit)
                .query((rs, n) -> MessageRow.read(rs, "", null))
                .list();
    }

    Optional<MessageRow> find(MessageKey key) {
        return jdbc.sql("select " + MessageRow.COLUMNS + " from message m where m.account_id = ? and m.id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> MessageRow.read(rs, "", null))
                .optional();
    }

    private static String columns(ListQuery query) {
        var sortedBy = switch (query.order().property()) {
            case FROM -> ", m.from_text as sorted_by";
            case SUBJECT -> ", m.subject_key as sorted_by";
            case RECEIVED_AT, SENT_AT, SIZE -> "";
        };
        return MessageRow.COLUMNS + sortedBy + (query.view() == ListQuery.View.THREADS ? THREAD_SIZE : "");
    }

    private static MessageRow read(ResultSet rs, ListQuery query) throws SQLException {
        var sortedBy = switch (query.order().property()) {
            case RECEIVED_AT -> "";
            case FROM, SUBJECT -> rs.getString("sorted_by");
            case SIZE -> Long.toString(rs.getLong("size"));
            case SENT_AT -> {
                var sentAt = rs.getObject("sent_at", OffsetDateTime.class);
                var at = sentAt == null ? rs.getObject("received_at", OffsetDateTime.class) : sentAt;
                yield Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()));
            }
        };
        return MessageRow.read(rs, sortedBy, query.view() == ListQuery.View.THREADS ? rs.getInt("thread_size") : null);
    }

    private static String where(ListQuery query) {
        return where(query, query.view());
    }

    private static String where(ListQuery query, ListQuery.View view) {
        var filter = query.filter();
        var filtered = "m.account_id = :account and m.mailbox_id = :mailbox"
                + (filter == null ? "" : " and m." + filter.column());
        if (view == ListQuery.View.MESSAGES) {
            return filtered;
        }
        return filtered + " " + """
                and m.id = (select n.id from message n
                              where n.account_id = m.account_id and n.mailbox_id = m.mailbox_id
                                and n.thread_id = m.thread_id""" + (filter == null ? "" : " and n." + filter.column())
                + " order by n.received_at desc, n.id desc limit 1)";
    }

    private static String orderBy(ListQuery query) {
        var direction = query.order().descending() ? " desc" : "";
        return " order by " + String.join(direction + ", ", keys(query.order().property())) + direction;
    }

    /** What the index of an order is made of: see V005 and V006. */
    private static List<String> keys(Property property) {
        return switch (property) {
            case RECEIVED_AT -> List.of("m.received_at", "m.id");
            case SENT_AT -> List.of("m.sent_or_received_at", "m.id");
            case FROM -> List.of("m.from_text", "m.received_at", "m.id");
            case SUBJECT -> List.of("m.subject_key", "m.received_at", "m.id");
            case SIZE -> List.of("m.size", "m.received_at", "m.id");
        };
    }

    private static OffsetDateTime time(@Nullable Instant instant) {
        if (instant == null) {
            throw Position.bad();
        }
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static long number(String key) {
        try {
            return Long.parseLong(key);
        } catch (NumberFormatException e) {
            throw Position.bad();
        }
    }

    private static @Nullable Instant micros(String key) {
        return ApiTime.shown(Instant.EPOCH.plus(number(key), ChronoUnit.MICROS));
    }
}
