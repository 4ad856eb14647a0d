package dev.valija.mailbox;

import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.SearchQuery;
import org.jspecify.annotations.Nullable;

/** Which messages of a mailbox are wanted. */
@SuppressWarnings("ImmutableEnumChecker") // search queries are records through and through
enum MessageFilter {
    UNREAD("unread", "unread", new SearchQuery.Not(new SearchQuery.Has(Keyword.SEEN))),
    FLAGGED("flagged", "flagged", new SearchQuery.Has(Keyword.FLAGGED)),
    /** Providers cannot search for it (RFC 9051 has no such key). */
    ATTACHMENT("attachment", "has_attachment", null);

    private final String text;
    private final String column;
    private final @Nullable SearchQuery query;

    MessageFilter(String text, String column, @Nullable SearchQuery query) {
        this.text = text;
        this.column = column;
        this.query = query;
    }

    static @Nullable MessageFilter parse(@Nullable String text, String pointer) {
        if (text == null) {
            return null;
        }
        for (var filter : values()) {
            if (filter.text.equals(text)) {
                return filter;
            }
        }
        throw ProblemException.invalid(pointer, "must be unread, flagged or attachment");
    }

    /** The boolean column that the partial index of this filter is on. */
    String column() {
        return column;
    }

    /** How to ask a provider for the same, or null where it cannot tell. */
    @Nullable
    SearchQuery query() {
        return query;
    }
}
