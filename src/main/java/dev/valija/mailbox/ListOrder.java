package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import dev.valija.upstream.SortOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a list is sorted by. Equals go by the time of arrival, and those of one second in the order they came in. */
record ListOrder(Property property, boolean descending) {

    /** The parameter's default. */
    static final ListOrder NEWEST_FIRST = new ListOrder(Property.RECEIVED_AT, true);

    private static final Map<String, Property> PROPERTIES = Map.of(
            "receivedAt", Property.RECEIVED_AT,
            "sentAt", Property.SENT_AT,
            "from", Property.FROM,
            "subject", Property.SUBJECT,
            "size", Property.SIZE,
            "unread", Property.UNREAD);

    enum Property {
        RECEIVED_AT("received_at", "arrival"),
        SENT_AT("sent_or_received_at", "arrival"),
        FROM("from_text", "received_at", "arrival"),
        SUBJECT("subject_key", "received_at", "arrival"),
        SIZE("size", "received_at", "arrival"),
        UNREAD("unread", "received_at", "arrival");

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> columns;

        Property(String... columns) {
            this.columns = List.of(columns);
        }

        /** The columns of the order's index after those of the mailbox: see V007. */
        List<String> columns() {
            return columns;
        }
    }

    List<String> columns() {
        return property.columns();
    }

    /** The same read from the other end. */
    ListOrder reversed() {
        return new ListOrder(property, !descending);
    }

    /** The order by which a provider can be asked for the same; none for what no provider sorts by. */
    Optional<SortOrder> upstream() {
        return switch (property) {
            case RECEIVED_AT -> Optional.of(new SortOrder(SortOrder.Property.RECEIVED_AT, descending));
            case SENT_AT -> Optional.of(new SortOrder(SortOrder.Property.SENT_AT, descending));
            case FROM -> Optional.of(new SortOrder(SortOrder.Property.FROM, descending));
            case SUBJECT -> Optional.of(new SortOrder(SortOrder.Property.SUBJECT, descending));
            case SIZE -> Optional.of(new SortOrder(SortOrder.Property.SIZE, descending));
            case UNREAD -> Optional.empty();
        };
    }

    /** Reads the parameter {@code sort}. */
    static ListOrder parse(String sort) {
        boolean descending = sort.startsWith("-");
        var property = PROPERTIES.get(descending ? sort.substring(1) : sort);
        if (property == null) {
            throw ProblemException.invalid(
                    "sort", "must be receivedAt, sentAt, from, subject, size or unread, with or without a minus sign");
        }
        return new ListOrder(property, descending);
    }
}
