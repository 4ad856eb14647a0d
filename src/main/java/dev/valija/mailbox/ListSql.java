package dev.valija.mailbox;

import dev.valija.mailbox.ListOrder.Property;
import java.util.stream.Collectors;

/**
 * A list as SQL. The rows of a page are picked in the index of the order alone, and only those are fetched whole: what
 * is passed over costs an index entry each. {@code d} is {@code message}, {@code p} is {@code message_place}.
 */
final class ListSql implements PageSql {
    private final ListQuery query;
    private final boolean byPlace;

    ListSql(ListQuery query) {
        this.query = query;
        // These orders have their index where the marks are.
        this.byPlace = query.order().property() == Property.UNREAD
                || (query.order().property() == Property.RECEIVED_AT && marked());
    }

    @Override
    public String page(String comparison) {
        return "select " + MessageRow.COLUMNS + ", m." + query.order().columns().getFirst()
                + " as sorted_by from (select " + id() + " as id from " + rows() + beyond(comparison)
                + order(alias()) + " limit :limit) k join stored_message m on m.account_id = :account and m.id = k.id"
                + order("m");
    }

    @Override
    public String keysAt(String comparison) {
        return "select " + keys(alias()) + " from " + rows() + beyond(comparison) + order(alias())
                + " limit 1 offset :rows";
    }

    @Override
    public String count(String comparison) {
        return "select count(*) from " + rows() + beyond(comparison);
    }

    @Override
    public String total() {
        return switch (query.filter()) {
            case UNREAD -> "unread";
            case FLAGGED -> "flagged";
            case ATTACHMENT -> "with_attachment";
            case null -> "total";
        };
    }

    private boolean marked() {
        return query.filter() == MessageFilter.UNREAD || query.filter() == MessageFilter.FLAGGED;
    }

    private String alias() {
        return byPlace ? "p" : "d";
    }

    private String id() {
        return byPlace ? "p.message_id" : "d.id";
    }

    private String rows() {
        boolean alone = byPlace ? query.filter() != MessageFilter.ATTACHMENT : !marked();
        var tables = alone ? (byPlace ? "message_place p" : "message d") : both();
        return tables + where();
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
