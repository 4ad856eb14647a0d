package dev.valija.mailbox;

import dev.valija.mailbox.query.Term;
import dev.valija.message.Keyword;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailStore.Lookback;
import dev.valija.upstream.MailStore.LookedAt;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SearchQuery.Field;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Asks a provider which messages hold a text, for what the index does not know: bodies, and the headers of mailboxes that
 * are still being read. Stretch by stretch, the newest messages first, each stretch so long that the answer takes some
 * tenths of a second: of a server that reads every message, and of one that has an index of words and gives the whole
 * mailbox at once. Several searches of an account take turns after every stretch.
 */
@Component
class BodySearch {
    private static final int FIRST_STRETCH = 300;
    private static final int SHORTEST_STRETCH = 50;
    private static final int LONGEST_STRETCH = 500_000;
    private static final double MOST_GROWTH = 10;
    private static final long WANTED_NANOS = Duration.ofMillis(400).toNanos();

    /** Before all that the index knows of a mailbox. */
    private static final OffsetDateTime LONG_AGO = OffsetDateTime.parse("0001-01-01T00:00:00Z");
    /** The index knows nothing of a mailbox. */
    private static final OffsetDateTime ANY_TIME = OffsetDateTime.parse("9999-12-31T00:00:00Z");

    private final Provider provider;
    private final SearchQueries queries;
    private final ServerPages pages;
    private final KeyedLocks<Long> turns = new KeyedLocks<>();

    BodySearch(Provider provider, SearchQueries queries, ServerPages pages) {
        this.provider = provider;
        this.queries = queries;
        this.pages = pages;
    }

    /**
     * What is to be looked for in one account.
     *
     * @param bodies texts to be found in bodies
     * @param headers texts to be found in the headers of mailboxes not yet read to their ends
     * @param narrowing what every hit is besides
     */
    record Wanted(Set<String> bodies, List<Term.Text> headers, List<SearchQuery> narrowing) {

        /**
         * What a query wants of a provider.
         *
         * @param notAfter later messages are of no interest; null when all are
         */
        static Wanted of(Term query, BareWords bareWords, @Nullable LocalDate notAfter) {
            var bodies = new HashSet<String>();
            var headers = new ArrayList<Term.Text>();
            query.texts().forEach(text -> {
                if (text.field() == Term.Field.BODY
                        || (text.field() == Term.Field.ANY && bareWords == BareWords.IN_BODIES_TOO)) {
                    bodies.add(text.value());
                }
                if (text.field() != Term.Field.BODY && text.field() != Term.Field.FILENAME) {
                    headers.add(text);
                }
            });
            var narrowing = new ArrayList<SearchQuery>();
            (query instanceof Term.And and ? and.all() : List.of(query))
                    .forEach(term -> narrowing(term).ifPresent(narrowing::add));
            if (notAfter != null) {
                narrowing.add(new SearchQuery.Before(notAfter.plusDays(2)));
            }
            return new Wanted(bodies, headers, narrowing);
        }

        /** RFC 9051 6.4.4 disregards time zones: a day more on each side. */
        private static Optional<SearchQuery> narrowing(Term term) {
            return Optional.ofNullable(
                    switch (term) {
                        case Term.Before before ->
                            new SearchQuery.Before(before.day().plusDays(1));
                        case Term.After after ->
                            new SearchQuery.Since(after.day().minusDays(1));
                        case Term.Larger larger -> new SearchQuery.Larger(larger.octets());
                        case Term.Smaller smaller -> new SearchQuery.Smaller(smaller.octets());
                        case Term.Is is ->
                            switch (is.state()) {
                                case UNREAD -> new SearchQuery.Not(new SearchQuery.Has(Keyword.SEEN));
                                case FLAGGED -> new SearchQuery.Has(Keyword.FLAGGED);
                                case ANSWERED -> new SearchQuery.Has(Keyword.ANSWERED);
                            };
                        case Term.And and -> null;
                        case Term.Or or -> null;
                        case Term.Not not -> null;
                        case Term.Text text -> null;
                        case Term.In in -> null;
                        case Term.HasAttachment attachment -> null;
                    });
        }

        /** Whether the provider can tell something of that mailbox. */
        boolean asksOf(Mailbox mailbox) {
            return !bodies.isEmpty() || (!mailbox.complete() && !headers.isEmpty());
        }
    }

    /** Where words without an operator are looked for. */
    enum BareWords {
        IN_HEADERS,
        IN_BODIES_TOO
    }

    /** Begins to look through these mailboxes of an account. */
    Looking in(long account, List<Mailbox> mailboxes, Wanted wanted, Interruption interruption) {
        var places = mailboxes.stream().filter(wanted::asksOf).map(Place::new).toList();
        return new Looking(account, new ArrayList<>(places), wanted, interruption);
    }

    /** How far a mailbox has been looked through. */
    private final class Place {
        private final Mailbox mailbox;
        private @Nullable RemoteId before;
        private int left;
        private OffsetDateTime newest;

        Place(Mailbox mailbox) {
            this.mailbox = mailbox;
            this.left = mailbox.total();
            this.newest = newest(null);
        }

        /** No newer than it was: what came in before a message only grows less. */
        private OffsetDateTime newest(@Nullable OffsetDateTime known) {
            return mailbox.known()
                    ? queries.newestBefore(mailbox.key(), before, known).orElse(LONG_AGO)
                    : ANY_TIME;
        }

        void passed(LookedAt stretch) {
            before = stretch.from();
            left = before == null ? 0 : stretch.left();
            newest = newest(newest);
        }
    }

    /**
     * What a stretch gave.
     *
     * @param bodies our ids of messages whose bodies hold a text, by text
     * @param headers our ids of messages whose headers hold some text
     * @param from the stretch began with that message, null for the first of all; and ended before {@code before}
     */
    record Stretch(
            MailboxKey mailbox,
            Map<String, Set<Long>> bodies,
            Set<Long> headers,
            @Nullable RemoteId from,
            @Nullable RemoteId before) {

        /** All that may be hits if none of the texts is negated. */
        Set<Long> found() {
            var all = new HashSet<>(headers);
            bodies.values().forEach(all::addAll);
            return all;
        }
    }

    /** A search through the mailboxes of one account. */
    final class Looking {
        private final long account;
        private final List<Place> places;
        private final Wanted wanted;
        private final Interruption interruption;
        private final int total;
        private int count = FIRST_STRETCH;

        private Looking(long account, List<Place> places, Wanted wanted, Interruption interruption) {
            this.account = account;
            this.places = places;
            this.wanted = wanted;
            this.interruption = interruption;
            this.total = left();
        }

        long account() {
            return account;
        }

        int total() {
            return total;
        }

        /** Messages not looked at yet. */
        int left() {
            return places.stream().mapToInt(place -> place.left).sum();
        }

        boolean done() {
            return places.isEmpty();
        }

        /** When the newest message was received that has not been looked at. */
        OffsetDateTime newest() {
            return places.stream()
                    .map(place -> place.newest)
                    .max(Comparator.naturalOrder())
                    .orElse(LONG_AGO);
        }

        /** Looks through the next stretch, of the mailbox with the newest message not looked at. */
        Stretch next() {
            var place = places.stream()
                    .max(Comparator.comparing((Place p) -> p.newest))
                    .orElseThrow();
            var stretch = inTurn(() -> provider.apart(account, interruption, store -> look(store, place)));
            if (stretch.from() == null) {
                places.remove(place);
            }
            return stretch;
        }

        private Stretch inTurn(Supplier<Stretch> look) {
            return turns.holding(List.of(account), look);
        }

        private Stretch look(MailStore store, Place place) {
            long start = System.nanoTime();
            var where = place.before == null ? Lookback.newest(count) : new Lookback(place.before, place.left, count);
            var answers = new HashMap<String, LookedAt>();
            for (var text : wanted.bodies()) {
                answers.put(text, look(store, place, new SearchQuery.Text(Field.BODY, text), where));
            }
            var headers = place.mailbox.complete() || wanted.headers().isEmpty()
                    ? null
                    : look(store, place, inHeaders(wanted.headers()), where);
            var all = new ArrayList<>(answers.values());
            if (headers != null) {
                all.add(headers);
            }
            // Mail may go between two questions: what all of them looked at counts.
            var shortest = all.stream()
                    .max(Comparator.comparing(LookedAt::from, Comparator.nullsFirst(Comparator.naturalOrder())))
                    .orElseThrow();
            var before = place.before;
            var bodies = new HashMap<String, Set<Long>>();
            answers.forEach((text, looked) -> bodies.put(text, ours(store, place.mailbox, looked.found())));
            var found = headers == null ? Set.<Long>of() : ours(store, place.mailbox, headers.found());
            learn(System.nanoTime() - start, place.left);
            place.passed(shortest);
            return new Stretch(place.mailbox.key(), bodies, found, shortest.from(), before);
        }

        /** How much fits into a stretch; a mailbox smaller than that tells only that it may have been more. */
        private void learn(long nanos, int there) {
            double fits = (double) Math.min(count, there) * WANTED_NANOS / nanos;
            double least = there < count ? count : count / MOST_GROWTH;
            double next = Math.max(least, Math.min(count * MOST_GROWTH, fits));
            count = (int) Math.max(SHORTEST_STRETCH, Math.min(LONGEST_STRETCH, next));
        }

        private LookedAt look(MailStore store, Place place, SearchQuery query, Lookback where) {
            var all = new ArrayList<>(wanted.narrowing());
            all.add(query);
            return store.lookBack(
                    place.mailbox.remoteName(), all.size() == 1 ? query : new SearchQuery.And(all), where);
        }

        private Set<Long> ours(MailStore store, Mailbox mailbox, List<RemoteId> found) {
            if (found.isEmpty()) {
                return Set.of();
            }
            if (!mailbox.complete()) {
                pages.index(store, mailbox.key(), found);
            }
            return new HashSet<>(queries.ids(mailbox.key(), found));
        }
    }

    private static SearchQuery inHeaders(List<Term.Text> texts) {
        var any = new ArrayList<SearchQuery>();
        for (var text : texts) {
            var fields = switch (text.field()) {
                case SUBJECT -> List.of(Field.SUBJECT);
                case FROM -> List.of(Field.FROM);
                case TO -> List.of(Field.TO, Field.BCC);
                case CC -> List.of(Field.CC);
                case ANY -> List.of(Field.SUBJECT, Field.FROM, Field.TO, Field.CC, Field.BCC);
                case BODY, FILENAME -> List.<Field>of();
            };
            fields.forEach(field -> any.add(new SearchQuery.Text(field, text.value())));
        }
        return new SearchQuery.Or(any);
    }
}
