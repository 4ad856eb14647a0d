package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SortOrder.Property;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which page of which list of a mailbox is wanted. */
record ListQuery(
        MailboxKey mailbox, SortOrder order, @Nullable MessageFilter filter, View view, Position position, int limit) {

    /** The parameter's default. */
    static final SortOrder NEWEST_FIRST = new SortOrder(Property.RECEIVED_AT, true);

    private static final int LARGEST_OFFSET = 100_000_000;
    private static final Map<String, Property> PROPERTIES = Map.of(
            "receivedAt", Property.RECEIVED_AT,
            "sentAt", Property.SENT_AT,
            "from", Property.FROM,
            "subject", Property.SUBJECT,
            "size", Property.SIZE);

    enum View {
        MESSAGES,
        /** The newest message of each thread that has one in the mailbox. */
        THREADS
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
        var order = order(sort);
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

    private static SortOrder order(String sort) {
        boolean descending = sort.startsWith("-");
        var property = PROPERTIES.get(descending ? sort.substring(1) : sort);
        if (property == null) {
            throw ProblemException.invalid(
                    "sort", "must be receivedAt, sentAt, from, subject or size, with or without a minus sign");
        }
        return new SortOrder(property, descending);
    }

    private static String scope(MailboxKey mailbox, SortOrder order, @Nullable MessageFilter filter, View view) {
        return mailbox + "/" + order + "/" + filter + "/" + view;
    }
}
