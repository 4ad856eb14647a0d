package dev.valija.mailbox;

/** A list as SQL. Parameters: {@code account, mailbox}, and the columns of the order where there is a comparison. */
sealed interface PageSql permits ListSql, ThreadListSql {
    /** The rows of a page that begins there; {@code comparison} is empty for the top of the list. */
    String page(String comparison);

    /** The keys of the row so many rows down. */
    String keysAt();

    /** How many rows there are beyond a position. */
    String count(String comparison);

    static PageSql of(ListQuery query) {
        return switch (query.view()) {
            case MESSAGES -> new ListSql(query);
            case THREADS -> new ThreadListSql(query);
        };
    }
}
