package dev.valija.mailbox;

/** A list as SQL. Parameters: {@code account, mailbox}, and the columns of the order where there is a comparison. */
sealed interface PageSql permits ListSql, ThreadListSql {
    /** The rows of a page that begins there; {@code comparison} is empty for the top of the list. */
    String page(String comparison);

    /** The keys of the row so many rows down, or so many beyond a position. */
    String keysAt(String comparison);

    /** How many rows there are beyond a position. */
    String count(String comparison);

    /** The column of {@code mailbox} that holds how many rows there are in all. */
    String total();

    static PageSql of(ListQuery query) {
        return switch (query.view()) {
            case MESSAGES -> new ListSql(query);
            case THREADS -> new ThreadListSql(query);
        };
    }
}
