package dev.valija.upstream.imap;

import dev.valija.message.Keyword;
import dev.valija.upstream.Fingerprint;
import dev.valija.upstream.MailStore.Lookback;
import dev.valija.upstream.MailStore.LookedAt;
import dev.valija.upstream.MailStore.Window;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.UpstreamException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Searches and sorts on the server (RFC 9051 6.4.4, RFC 4731, RFC 5256, RFC 5267). */
final class ImapSearch {
    private static final int MOST_RESULTS = 5_000_000;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.US);

    private final ImapSession session;

    ImapSearch(ImapSession session) {
        this.session = session;
    }

    Window window(String mailbox, @Nullable SearchQuery query, SortOrder order, int offset, int limit) {
        Selected selected = session.selectNow(mailbox);
        Command criteria = Command.listOf("UNDELETED");
        if (query != null) {
            criteria.append(criteria(query));
        }
        if (session.can("SORT")) {
            return sorted(selected, criteria, order, offset, limit);
        }
        if (order.property() != SortOrder.Property.RECEIVED_AT) {
            throw new UpstreamException.NotSupported("The mail server cannot sort.", null);
        }
        long[] found = uids(criteria);
        Arrays.sort(found);
        return window(selected, order.descending() ? reversed(found) : found, offset, limit);
    }

    /**
     * By UIDs, which stay, and not by numbers, which shift: whatever is expunged meanwhile, no message is passed over.
     * The numbers only serve to cut the next stretch.
     */
    LookedAt lookBack(String mailbox, SearchQuery query, Lookback stretch) {
        Selected selected = stretch.before() == null ? session.selectNow(mailbox) : session.select(mailbox);
        RemoteId end = stretch.before();
        if (end != null && Uids.validity(end) != selected.validity()) {
            throw new UpstreamException.NotFound("The mailbox has been renumbered.");
        }
        long before = end == null ? Long.MAX_VALUE : Uids.uid(end);
        int left = Math.min(stretch.left(), selected.exists());
        int first = left - stretch.count() + 1;
        long from = first > 1 ? uid(first) : 1;
        while (from >= before && first > 1) {
            first = Math.max(1, first - stretch.count());
            from = first > 1 ? uid(first) : 1;
        }
        if (left <= 0 || from >= before) {
            return new LookedAt(List.of(), null, 0);
        }
        Command criteria = Command.listOf("UID", from + ":" + (end == null ? "*" : before - 1), "UNDELETED");
        long[] found = uids(criteria.append(looseCriteria(query)));
        Arrays.sort(found);
        var ids = ids(selected, found);
        return new LookedAt(ids, from <= 1 ? null : Uids.id(selected.validity(), from), Math.max(0, first - 1));
    }

    /** RFC 6203: a server with an index of words may find by that what is meant, and need not read. */
    private Command looseCriteria(SearchQuery query) {
        return switch (query) {
            case SearchQuery.Text text -> {
                var fuzzy = session.can("SEARCH=FUZZY") ? Command.listOf("FUZZY") : Command.listOf();
                yield fuzzy.append(criteria(text));
            }
            case SearchQuery.And and -> {
                var all = Command.listOf();
                and.all().forEach(one -> all.append(looseCriteria(one)));
                yield all;
            }
            default -> criteria(query);
        };
    }

    /** The UID of the message of that number, or 1 when it is gone. */
    private long uid(int number) {
        var uid = new long[] {1};
        session.run(Command.of("FETCH").number(number).list(Command.listOf("UID")), line -> {
            FetchRow row = FetchRow.of(line);
            if (row != null && line.getNumber() == number && row.uid() > 0) {
                uid[0] = row.uid();
            }
        });
        return uid[0];
    }

    /** @param field that holds a single id in angle brackets */
    List<RemoteId> byId(String mailbox, String field, String messageId) {
        Selected selected = session.selectNow(mailbox);
        String bracketed = messageId.startsWith("<") ? messageId : "<" + messageId + ">";
        Command criteria = Command.listOf("UNDELETED", "HEADER", field).string(bracketed);
        long[] found = uids(criteria);
        Arrays.sort(found);
        return ids(selected, found);
    }

    /** RFC 4731: with ESEARCH the answer is a set of a few ranges, however many messages there are. */
    Fingerprint fingerprint(String mailbox) {
        Selected selected = session.selectNow(mailbox);
        return Fingerprint.of(ids(selected, uids(Command.listOf("UNDELETED"))));
    }

    /** The UIDs that match, in the server's order. */
    long[] uids(Command criteria) {
        Command search = Command.of("UID SEARCH");
        if (session.can("ESEARCH")) {
            search.atom("RETURN").list(Command.listOf("ALL"));
        }
        return run(search.atom("CHARSET").atom("UTF-8").append(criteria), "SEARCH")
                .all();
    }

    private Window sorted(Selected selected, Command criteria, SortOrder order, int offset, int limit) {
        Command keys = keys(order);
        // RFC 5267 wants CONTEXT=SORT for PARTIAL; Dovecot announces CONTEXT=SEARCH alone and knows it all the same.
        boolean partial = session.can("ESORT") && (session.can("CONTEXT=SORT") || session.can("CONTEXT=SEARCH"));
        if (partial && limit > 0) {
            String range = (offset + 1L) + ":" + ((long) offset + limit);
            Command sort = Command.of("UID SORT")
                    .atom("RETURN")
                    .list(Command.listOf("COUNT", "PARTIAL", range))
                    .list(keys)
                    .atom("UTF-8")
                    .append(criteria);
            var found = new Found("SORT", limit);
            if (session.attempt(sort, found::note).isOK() && found.count >= 0) {
                return new Window(ids(selected, found.partial), found.count);
            }
        }
        Command sort = Command.of("UID SORT").list(keys).atom("UTF-8").append(criteria);
        return window(selected, run(sort, "SORT").all(), offset, limit);
    }

    private Command keys(SortOrder order) {
        Command keys = Command.listOf();
        if (order.descending()) {
            keys.atom("REVERSE");
        }
        keys.atom(
                switch (order.property()) {
                    case RECEIVED_AT -> "ARRIVAL";
                    case SENT_AT -> "DATE";
                    // RFC 5957: by what the eye sees, not by the local part of the address
                    case FROM -> session.can("SORT=DISPLAY") ? "DISPLAYFROM" : "FROM";
                    case SUBJECT -> "SUBJECT";
                    case SIZE -> "SIZE";
                });
        return keys;
    }

    private static Window window(Selected selected, long[] all, int offset, int limit) {
        int from = Math.min(offset, all.length);
        int to = (int) Math.min((long) from + limit, all.length);
        return new Window(ids(selected, Arrays.copyOfRange(all, from, to)), all.length);
    }

    /** A view: there may be millions. */
    private static List<RemoteId> ids(Selected selected, long[] uids) {
        long validity = selected.validity();
        return new AbstractList<>() {
            @Override
            public RemoteId get(int index) {
                return Uids.id(validity, uids[index]);
            }

            @Override
            public int size() {
                return uids.length;
            }
        };
    }

    private static long[] reversed(long[] uids) {
        return LongStream.range(0, uids.length)
                .map(i -> uids[uids.length - 1 - (int) i])
                .toArray();
    }

    private Found run(Command command, String key) {
        var found = new Found(key, 0);
        session.run(command, found::note);
        return found;
    }

    /** What SEARCH, SORT or ESEARCH responses told. */
    private final class Found {
        private final String key;
        private final int page;
        private long[] numbers = new long[1024];
        private long[] partial = new long[0];
        private int count = -1;
        private int size;

        /** @param page how many PARTIAL may name */
        Found(String key, int page) {
            this.key = key;
            this.page = page;
        }

        long[] all() {
            return Arrays.copyOf(numbers, size);
        }

        void note(Line line) {
            if (line.is(key)) {
                for (Tokens tokens = line.tokens(); !tokens.ended() && !tokens.take('('); ) {
                    add(tokens.number());
                }
            } else if (line.is("ESEARCH")) {
                extended(line.tokens());
            }
        }

        /** RFC 4731 3.2: a correlator, UID, then pairs of names and values. */
        private void extended(Tokens tokens) {
            if (tokens.take('(')) {
                while (!tokens.take(')') && !tokens.ended()) {
                    tokens.value();
                }
            }
            while (!tokens.ended()) {
                switch (tokens.atom().toUpperCase(Locale.ROOT)) {
                    case "UID" -> {}
                    case "COUNT" -> count = Math.toIntExact(Math.min(tokens.number(), Integer.MAX_VALUE));
                    case "ALL" -> {
                        String set = tokens.atom();
                        ensure(Uids.count(set));
                        Uids.forEach(set, this::add);
                    }
                    case "PARTIAL" -> {
                        List<?> pair = Tokens.list(tokens.value());
                        String set = pair.size() > 1 ? Tokens.text(pair.get(1)) : null;
                        partial = set == null ? new long[0] : Uids.list(set, page);
                    }
                    case "" -> throw Tokens.malformed();
                    default -> tokens.value();
                }
            }
        }

        private void add(long uid) {
            ensure(1);
            numbers[size++] = uid;
        }

        private void ensure(long more) {
            if (size + more > MOST_RESULTS) {
                throw Tokens.malformed();
            }
            if (size + more > numbers.length) {
                int length = (int) Math.max(size + more, 2L * numbers.length);
                session.keep(2L * Long.BYTES * (length - numbers.length)); // and once more when it is handed on
                numbers = Arrays.copyOf(numbers, length);
            }
        }
    }

    /** One search key for the query; conjunctions in parentheses (RFC 9051 6.4.4). */
    private static Command criteria(SearchQuery query) {
        return switch (query) {
            case SearchQuery.And and -> all(and.all());
            case SearchQuery.Or or -> any(or.any());
            case SearchQuery.Not not -> Command.listOf("NOT").append(criteria(not.query()));
            case SearchQuery.Text text -> Command.listOf(text.field().name()).string(singleLine(text.value()));
            case SearchQuery.Has has -> keyword(has.keyword());
            case SearchQuery.Before before -> day("BEFORE", before.day());
            case SearchQuery.Since since -> day("SINCE", since.day());
            case SearchQuery.Larger larger -> Command.listOf("LARGER", Long.toString(larger.octets()));
            case SearchQuery.Smaller smaller -> Command.listOf("SMALLER", Long.toString(smaller.octets()));
        };
    }

    private static Command all(List<SearchQuery> queries) {
        var inner = Command.listOf();
        queries.forEach(query -> inner.append(criteria(query)));
        return queries.isEmpty() ? Command.listOf("ALL") : Command.listOf().list(inner);
    }

    private static Command any(List<SearchQuery> queries) {
        if (queries.isEmpty()) {
            return Command.listOf("NOT", "ALL");
        }
        Command any = criteria(queries.getLast());
        for (int i = queries.size() - 2; i >= 0; i--) {
            any = Command.listOf("OR").append(criteria(queries.get(i))).append(any);
        }
        return any;
    }

    private static Command keyword(Keyword keyword) {
        String flag = Flags.flag(keyword);
        return flag.startsWith("\\")
                ? Command.listOf(flag.substring(1).toUpperCase(Locale.ROOT))
                : Command.listOf("KEYWORD", flag);
    }

    private static Command day(String key, LocalDate day) {
        return Command.listOf(key, DAY.format(day));
    }

    private static String singleLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
    }
}
