package dev.valija.upstream;

/** The order a store sorts by (RFC 5256). Ties go by arrival. */
public record SortOrder(Property property, boolean descending) {
    public static final SortOrder NEWEST_FIRST = new SortOrder(Property.RECEIVED_AT, true);

    public enum Property {
        RECEIVED_AT,
        SENT_AT,
        FROM,
        SUBJECT,
        SIZE
    }
}
