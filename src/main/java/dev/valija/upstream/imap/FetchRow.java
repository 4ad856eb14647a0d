package dev.valija.upstream.imap;

import dev.valija.message.Keyword;
import dev.valija.upstream.UpstreamException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The items of one FETCH response (RFC 9051 7.5.2), whatever they are and in any order. */
final class FetchRow {
    private static final DateTimeFormatter INTERNAL_DATE = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("d-MMM-yyyy HH:mm:ss xx")
            .toFormatter(Locale.US);

    /** More are no answer to anything we ask. */
    private static final int MOST_ITEMS = 200;

    private final Map<String, @Nullable Object> items = new HashMap<>();
    private final boolean whole;
    private final int octets;

    private FetchRow(Line line) {
        boolean readable = !line.cut();
        Tokens tokens = line.tokens();
        octets = line.octets();
        try {
            tokens.take('(');
            while (!tokens.take(')') && !tokens.ended()) {
                String name = tokens.itemName();
                if (name.isEmpty() || items.size() == MOST_ITEMS) {
                    throw Tokens.malformed();
                }
                items.put(name, tokens.value());
            }
        } catch (UpstreamException e) {
            readable = false; // what was read before the defect still counts
        }
        whole = readable;
    }

    /** The row, or null when the response is no FETCH. */
    static @Nullable FetchRow of(Line line) {
        return line.is("FETCH") ? new FetchRow(line) : null;
    }

    /** Whether all of it could be read and nothing was too long. */
    boolean whole() {
        return whole;
    }

    /** What it takes to keep it: the text of it, once as it came and once as it was read. */
    long weight() {
        return 2L * octets;
    }

    /** Or 0 where the server did not say, or what cannot be one. */
    long uid() {
        long uid = Tokens.number(items.get("UID"), 0);
        return Uids.isNumber(uid) ? uid : 0;
    }

    boolean has(String item) {
        return items.containsKey(item);
    }

    @Nullable
    Object item(String name) {
        return items.get(name);
    }

    List<?> flags() {
        return Tokens.list(items.get("FLAGS"));
    }

    Set<Keyword> keywords() {
        return Flags.keywords(flags());
    }

    boolean deleted() {
        return Flags.deleted(flags());
    }

    long size() {
        return Math.max(0, Tokens.number(items.get("RFC822.SIZE"), 0));
    }

    Instant receivedAt() {
        String text = Tokens.text(items.get("INTERNALDATE"));
        try {
            return text == null
                    ? Instant.EPOCH
                    : OffsetDateTime.parse(text.strip(), INTERNAL_DATE).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** The octets of the first body section whose name starts so, or null. */
    byte @Nullable [] section(String start) {
        for (var item : items.entrySet()) {
            if (item.getKey().startsWith(start)) {
                return item.getValue() == null ? null : Tokens.octets(item.getValue());
            }
        }
        return null;
    }

    /** Shows each row of the asked UIDs as it comes; those are ascending. */
    static void each(ImapSession session, Command fetch, long[] asked, Consumer<FetchRow> use) {
        boolean[] some = {false};
        Line result = session.attempt(fetch, line -> {
            FetchRow row = FetchRow.of(line);
            if (row != null && Arrays.binarySearch(asked, row.uid()) >= 0) {
                some[0] = true;
                use.accept(row);
            }
        });
        if (!result.isOK() && !some[0]) {
            throw Refusals.of(result);
        }
    }
}
