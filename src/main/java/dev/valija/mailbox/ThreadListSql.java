package dev.valija.mailbox;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The list of a mailbox's threads as SQL, each shown by its newest message there. By time of arrival and with unread
 * ones first it is read from {@code mailbox_thread} ({@code t}) alone, however long the threads are; in the other
 * orders from the messages ({@code d}), of which the newest of each thread are taken.
 */
final class ThreadListSql implements PageSql {
    private static final String COLUMNS =
            MessageRow.COLUMNS + ", k.messages as thread_size, k.unread as thread_unread, ";

    private final ListQuery query;
    private final boolean byThread;

    ThreadListSql(ListQuery query) {
        this.query = query;
        this.byThread = switch (query.order().property()) {
            case RECEIVED_AT, UNREAD -> true;
            case SENT_AT, FROM, SUBJECT, SIZE -> false;
        };
    }

    @Override
    public String page(String comparison) {
        if (byThread) {
            return "select " + COLUMNS + "k.has_unread as sorted_by from (select t.* from " + rows()
                    + beyond(comparison) + order("t") + " limit :limit) k cross join lateral ("
                    + "select p.message_id from message_place p where p.account_id = :account"
                    + " and p.thread_id = k.thread_id and p.mailbox_id = :mailbox"
                    + " and p.received_at = k.newest_at and p.arrival = k.newest_arrival limit 1) n"
                    + " join stored_message m on m.account_id = :account and m.id = n.message_id" + order("k");
        }
        return "select " + COLUMNS + "m." + query.order().columns().getFirst() + " as sorted_by from (select d.id from "
                + rows() + beyond(comparison) + order("d") + " limit :limit) n"
                + " join stored_message m on m.account_id = :account and m.id = n.id"
                + " join mailbox_thread k on k.account_id = :account and k.thread_id = m.thread_id"
                + " and k.mailbox_id = m.mailbox_id" + order("m");
    }

    @Override
    public String keysAt(String comparison) {
        var columns = query.order().columns().stream()
                .map(column -> (byThread ? "t." + ofThread(column) : "d." + column) + " as " + column)
                .collect(Collectors.joining(", "));
        return "select " + columns + " from " + rows() + beyond(comparison) + order(byThread ? "t" : "d")
                + " limit 1 offset :rows";
    }

    @Override
    public String count(String comparison) {
        return "select count(*) from " + rows() + beyond(comparison);
    }

    @Override
    public String total() {
        return switch (query.filter()) {
            case UNREAD -> "unread_threads";
            case FLAGGED -> "flagged_threads";
            case ATTACHMENT -> "attachment_threads";
            case null -> "threads";
        };
    }

    private String rows() {
        if (byThread) {
            return "mailbox_thread t where t.account_id = :account and t.mailbox_id = :mailbox" + filter();
        }
        // A subquery, no join: so it is asked row by row, in the list's order, and no further than the page.
        return "message d where d.account_id = :account and d.mailbox_id = :mailbox and d.arrival = ("
                + "select t.newest_arrival from message_place p join mailbox_thread t"
                + " on t.account_id = p.account_id and t.thread_id = p.thread_id and t.mailbox_id = p.mailbox_id"
                + " where p.account_id = d.account_id and p.message_id = d.id and t.newest_at = d.received_at"
                + filter() + ")";
    }

    private String filter() {
        return switch (query.filter()) {
            case UNREAD -> " and t.has_unread";
            case FLAGGED -> " and t.flagged > 0";
            case ATTACHMENT -> " and t.attachments > 0";
            case null -> "";
        };
    }

    private String beyond(String comparison) {
        if (comparison.isEmpty()) {
            return "";
        }
        var bounds =
                query.order().columns().stream().map(column -> ":" + column).collect(Collectors.joining(", "));
        return " and (" + String.join(", ", keys(byThread ? "t" : "d")) + ") " + comparison + " (" + bounds + ")";
    }

    private String order(String alias) {
        var direction = query.order().descending() ? " desc" : "";
        return " order by " + keys(alias).stream().map(key -> key + direction).collect(Collectors.joining(", "));
    }

    private List<String> keys(String alias) {
        return query.order().columns().stream()
                .map(column -> alias + "." + (byThread ? ofThread(column) : column))
                .toList();
    }

    private static String ofThread(String column) {
        return switch (column) {
            case "received_at" -> "newest_at";
            case "arrival" -> "newest_arrival";
            case "unread" -> "has_unread";
            default -> throw new IllegalArgumentException(column);
        };
    }
}
