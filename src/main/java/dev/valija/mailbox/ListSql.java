package dev.valija.mailbox;

import dev.valija.mailbox.ListOrder.Property;
import java.util.stream.Collectors;

/**
 * A list as SQL. The rows of a page are picked in the index of the order alone, and only those are fetched whole: what
 * is passed over costs an index entry each. {@code d} is {@code message}, {@code p} is {@code message_place}.
 */
final class ListSql {
    private final ListQuery query;
    private final boolean byPlace;

    ListSql(ListQuery query) {
        this.query = query;
        // These orders have their index where the marks are.
        this.byPlace = query.order().property() == Property.UNREAD
                || (query.order().property() == Property.RECEIVED_AT && marked());
    }

    /** The rows of a page that begins there; {@code comparison} is empty for the top of the list. */
    String page(String columns, String comparison) {
        return "select " + columns + " from (select " + id() + " as id from " + rows() + beyond(comparison)
                + order(alias()) + " limit :limit) k join stored_message m on m.account_id = :account and m.id = k.id"
                + order("m");
    }

    /** The keys of the row so many rows down. */
    String keysAt() {
        return "select " + keys(alias()) + " from " + rows() + order(alias()) + " limit 1 offset :rows";
    }

    /** How many rows there are beyond a position. */
    String count(String comparison) {
        return "select count(*) from " + rows() + beyond(comparison);
    }

    /** How many rows and threads the list has, counted so far at most. */
    String countSome() {
        return "select count(distinct c.thread_id), count(*) from (select d.thread_id from " + all()
                + " limit :most) c";
    }

    private boolean marked() {
        return query.filter() == MessageFilter.UNREAD || query.filter() == MessageFilter.FLAGGED;
    }

    private boolean threads() {
        return query.view() == ListQuery.View.THREADS;
    }

    private String alias() {
        return byPlace ? "p" : "d";
    }

    private String id() {
        return byPlace ? "p.message_id" : "d.id";
    }

    private String rows() {
        boolean alone = byPlace ? !threads() && query.filter() != MessageFilter.ATTACHMENT : !marked();
        var tables = alone ? (byPlace ? "message_place p" : "message d") : both();
        return tables + where() + (threads() ? newestOfThread() : "");
    }

    private String all() {
        return (marked() ? both() : "message d") + " where d.account_id = :account and d.mailbox_id = :mailbox"
                + filter("d", "p");
    }

    private static String both() {
        return "message d join message_place p on p.account_id = d.account_id and p.message_id = d.id";
    }

    private String where() {
        return " where %1$s.account_id = :account and %1$s.mailbox_id = :mailbox".formatted(alias()) + filter("d", "p");
    }

    private String filter(String message, String place) {
        return switch (query.filter()) {
            case UNREAD -> " and " + place + ".unread";
            case FLAGGED -> " and " + place + ".flagged";
            case ATTACHMENT -> " and " + message + ".has_attachment";
            case null -> "";
        };
    }

    private String newestOfThread() {
        var join = marked() ? " join message_place q on q.account_id = n.account_id and q.message_id = n.id" : "";
        return " and d.id = (select n.id from message n" + join
                + " where n.account_id = d.account_id and n.mailbox_id = d.mailbox_id and n.thread_id = d.thread_id"
                + filter("n", "q") + " order by n.received_at desc, n.arrival desc limit 1)";
    }

    private String beyond(String comparison) {
        if (comparison.isEmpty()) {
            return "";
        }
        var bounds =
                query.order().columns().stream().map(column -> ":" + column).collect(Collectors.joining(", "));
        return " and (" + keys(alias()) + ") " + comparison + " (" + bounds + ")";
    }

    private String keys(String alias) {
        return query.order().columns().stream()
                .map(column -> alias + "." + column)
                .collect(Collectors.joining(", "));
    }

    private String order(String alias) {
        var direction = query.order().descending() ? " desc" : "";
        return " order by "
                + query.order().columns().stream()
                        .map(column -> alias + "." + column + direction)
                        .collect(Collectors.joining(", "));
    }
}
