package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Which page of which list of a mailbox is wanted. */
record ListQuery(
        MailboxKey mailbox, ListOrder order, @Nullable MessageFilter filter, View view, Position position, int limit) {

    private static final int LARGEST_OFFSET = 100_000_000;

    enum View {
        MESSAGES,
        /** The newest message of each thread that has one in the mailbox. */
        THREADS
    }

    /** The same list read from its end. */
    ListQuery reversed() {
        return new ListQuery(mailbox, order.reversed(), filter, view, position, limit);
    }

    /** The list, without regard to the page: a cursor holds for one list only. */
    String scope() {
        return scope(mailbox, order, filter, view);
    }

    /** The cursor of the page that begins there. */
    String cursor(Position next) {
        return next.cursor(scope());
    }

    static ListQuery of(
            MailboxKey mailbox,
            String sort,
            @Nullable String filter,
            String view,
            @Nullable String cursor,
            @Nullable Integer offset,
            int limit) {
        var order = ListOrder.parse(sort);
        var filtered = MessageFilter.parse(filter, "filter");
        var viewed = switch (view) {
            case "messages" -> View.MESSAGES;
            case "threads" -> View.THREADS;
            default -> throw ProblemException.invalid("view", "must be messages or threads");
        };
        if (cursor != null && offset != null) {
            throw ProblemException.invalid("offset", "must not come together with cursor");
        }
        if (offset != null && (offset < 0 || offset > LARGEST_OFFSET)) {
            throw ProblemException.invalid("offset", "must be between 0 and " + LARGEST_OFFSET);
        }
        var position = cursor == null
                ? new Position.Offset(offset == null ? 0 : offset)
                : Position.of(cursor, scope(mailbox, order, filtered, viewed));
        return new ListQuery(mailbox, order, filtered, viewed, position, limit(limit));
    }

    static int limit(int limit) {
        if (limit < 1 || limit > 500) {
            throw ProblemException.invalid("limit", "must be between 1 and 500");
        }
        return limit;
    }

    private static String scope(MailboxKey mailbox, ListOrder order, @Nullable MessageFilter filter, View view) {
        return mailbox + "/" + order + "/" + filter + "/" + view;
    }
}
