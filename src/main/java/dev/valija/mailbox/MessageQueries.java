package dev.valija.mailbox;

import dev.valija.mailbox.ListOrder.Property;
import dev.valija.upstream.RemoteId;
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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** Reads lists from the index: each order has its own index, so that a page costs its rows and no sorting. */
@Repository
class MessageQueries {
    private final JdbcClient jdbc;

    MessageQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The rows of a page and one more, by which is seen whether there is another page. */
    List<MessageRow> page(ListQuery query) {
        return switch (query.position()) {
            case Position.Offset offset ->
                offset.rows() == 0
                        ? page(query, "", null)
                        : at(query, null, offset.rows())
                                .map(first -> from(query, first))
                                .orElse(List.of());
            case Position.After row -> page(query, after(query.order()), row);
            case Position.Before before -> {
                var back = query.reversed();
                yield page(back, after(back.order()), before.row()).reversed();
            }
        };
    }

    /** The rows of the page that begins with that one, and one more. */
    List<MessageRow> from(ListQuery query, Position.After first) {
        return page(query, after(query.order()) + "=", first);
    }

    private List<MessageRow> page(ListQuery query, String comparison, Position.@Nullable After bound) {
        return bound(query, PageSql.of(query).page(comparison), bound)
                .param("limit", query.limit() + 1)
                .query((rs, n) -> read(rs, query))
                .list();
    }

    /**
     * The row so many rows down the list: those before are only counted off, in the index.
     *
     * @param from count from this one on, or null for the top
     */
    Optional<Position.After> at(ListQuery query, Position.@Nullable After from, int rows) {
        var sql = PageSql.of(query).keysAt(from == null ? "" : after(query.order()) + "=");
        return bound(query, sql, from)
                .param("rows", rows)
                .query((rs, n) -> position(rs, query.order().property()))
                .optional();
    }

    /** How many rows the list has up to that position. */
    int rowsUpTo(ListQuery query, Position.After row) {
        return bound(query, PageSql.of(query).count(after(query.reversed().order()) + "="), row)
                .query(Integer.class)
                .single();
    }

    /** How many rows the list has in all: kept with the mailbox, never counted. */
    int total(ListQuery query) {
        return bound(
                        query,
                        "select " + PageSql.of(query).total()
                                + " from mailbox where account_id = :account and id = :mailbox",
                        null)
                .query(Integer.class)
                .single();
    }

    /** Those of a mailbox's messages that are in the index, by their id at the provider. */
    Map<RemoteId, MessageRow> byRemoteIds(MailboxKey mailbox, Collection<RemoteId> ids) {
        var rows = new HashMap<RemoteId, MessageRow>();
        jdbc.sql("select " + MessageRow.COLUMNS + " from stored_message m"
                        + " where m.account_id = :account and m.mailbox_id = :mailbox and m.remote_id = any (:ids)")
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .param("ids", ids.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((rs, n) -> rows.put(new RemoteId(rs.getLong("remote_id")), MessageRow.read(rs, "", null)))
                .list();
        return rows;
    }

    /** The newest of a thread in all mailboxes, oldest first. */
    List<MessageRow> thread(ThreadKey thread, int limit) {
        return jdbc.sql("select " + MessageRow.COLUMNS + " from stored_message m"
                        + " where m.account_id = :account and m.thread_id = :thread"
                        + " order by m.received_at desc, m.arrival desc, m.id desc limit :limit")
                .param("account", thread.accountId())
                .param("thread", thread.id())
                .param("limit", limit)
                .query((rs, n) -> MessageRow.read(rs, "", null))
                .list()
                .reversed();
    }

    Optional<MessageRow> find(MessageKey key) {
        return jdbc.sql("select " + MessageRow.COLUMNS + " from stored_message m where m.account_id = ? and m.id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> MessageRow.read(rs, "", null))
                .optional();
    }

    private StatementSpec bound(ListQuery query, String sql, Position.@Nullable After row) {
        var statement = jdbc.sql(sql)
                .param("account", query.mailbox().accountId())
                .param("mailbox", query.mailbox().id());
        if (row == null) {
            return statement;
        }
        var property = query.order().property();
        for (var column : query.order().columns()) {
            statement = statement.param(
                    column,
                    switch (column) {
                        case "received_at" -> row.receivedAt().atOffset(ZoneOffset.UTC);
                        case "arrival" -> row.tie();
                        default -> key(property, row.key());
                    });
        }
        return statement;
    }

    private static Object key(Property property, String key) {
        return switch (property) {
            case FROM, SUBJECT, RECEIVED_AT -> key;
            case SIZE -> number(key);
            case SENT_AT -> time(key);
            case UNREAD -> Boolean.valueOf(key);
        };
    }

    private static String after(ListOrder order) {
        return order.descending() ? "<" : ">";
    }

    private static MessageRow read(ResultSet rs, ListQuery query) throws SQLException {
        return MessageRow.read(
                rs,
                sortedBy(rs, "sorted_by", query.order().property()),
                query.view() == ListQuery.View.THREADS
                        ? new MessageRow.InThread(rs.getInt("thread_size"), rs.getInt("thread_unread"))
                        : null);
    }

    private static Position.After position(ResultSet rs, Property property) throws SQLException {
        return new Position.After(
                sortedBy(rs, property.columns().getFirst(), property),
                property.columns().contains("received_at") ? MessageRow.instant(rs, "received_at") : Instant.EPOCH,
                rs.getLong("arrival"));
    }

    private static String sortedBy(ResultSet rs, String column, Property property) throws SQLException {
        return switch (property) {
            case RECEIVED_AT -> "";
            case SENT_AT -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, MessageRow.instant(rs, column)));
            case FROM, SUBJECT -> rs.getString(column);
            case SIZE -> Long.toString(rs.getLong(column));
            case UNREAD -> Boolean.toString(rs.getBoolean(column));
        };
    }

    private static OffsetDateTime time(String micros) {
        var time = ApiTime.shown(Instant.EPOCH.plus(number(micros), ChronoUnit.MICROS));
        if (time == null) {
            throw Position.bad();
        }
        return time.atOffset(ZoneOffset.UTC);
    }

    private static long number(String key) {
        try {
            return Long.parseLong(key);
        } catch (NumberFormatException e) {
            throw Position.bad();
        }
    }
}
