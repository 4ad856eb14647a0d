package dev.valija.upstream;

import dev.valija.message.Keyword;
import java.time.LocalDate;
import java.util.List;

/** What to look for in a mailbox, as a tree; a store turns it into its own typed commands. */
public sealed interface SearchQuery {
    record And(List<SearchQuery> all) implements SearchQuery {}

    record Or(List<SearchQuery> any) implements SearchQuery {}

    record Not(SearchQuery query) implements SearchQuery {}

    /** A text in one field, as a substring without regard to case (RFC 9051 6.4.4). */
    record Text(Field field, String value) implements SearchQuery {}

    /** Has the keyword. */
    record Has(Keyword keyword) implements SearchQuery {}

    /** Received before that day. */
    record Before(LocalDate day) implements SearchQuery {}

    /** Received on that day or later. */
    record Since(LocalDate day) implements SearchQuery {}

    /** Larger than so many octets. */
    record Larger(long octets) implements SearchQuery {}

    /** Smaller than so many octets. */
    record Smaller(long octets) implements SearchQuery {}

    enum Field {
        FROM,
        TO,
        CC,
        BCC,
        SUBJECT,
        BODY,
        /** Header or body. */
        TEXT
    }
}
