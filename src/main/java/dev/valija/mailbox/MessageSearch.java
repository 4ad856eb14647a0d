package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.mailbox.BodySearch.BareWords;
import dev.valija.mailbox.BodySearch.Looking;
import dev.valija.mailbox.BodySearch.Wanted;
import dev.valija.mailbox.query.Term;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Finds messages in a user's accounts: by the index, and what it does not know by the providers. */
@Service
class MessageSearch {
    private static final Logger log = LoggerFactory.getLogger(MessageSearch.class);

    /** So long a page may take that providers are asked for; what comes later is on the next page. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Accesses accesses;
    private final MailboxIndex mailboxes;
    private final IndexSearch index;
    private final SearchQueries queries;
    private final BodySearch bodies;

    MessageSearch(
            Accesses accesses, MailboxIndex mailboxes, IndexSearch index, SearchQueries queries, BodySearch bodies) {
        this.accesses = accesses;
        this.mailboxes = mailboxes;
        this.index = index;
        this.queries = queries;
        this.bodies = bodies;
    }

    /** Hears of a search as it goes. */
    interface Listener {
        void hits(List<MessageSummary> hits) throws IOException;

        void progress(int searched, int total) throws IOException;
    }

    /**
     * Some of a search's hits.
     *
     * @param next where the next page begins, or null when there are no more
     */
    record Page(List<MessageRow> rows, Position.@Nullable After next, List<SearchGap> gaps) {}

    /**
     * How a search ended.
     *
     * @param complete whether every message was looked at
     */
    record Outcome(boolean complete, List<SearchGap> gaps) {}

    SearchScope scope(UserId user, @Nullable Long account, @Nullable MailboxKey mailbox) {
        if (mailbox != null) {
            var access = accesses.require(user, mailbox.accountId());
            var found = mailboxes.find(mailbox).filter(there -> access.sees(there.id()));
            if (found.isEmpty() || (account != null && account != mailbox.accountId())) {
                throw ProblemException.notFound("mailbox");
            }
            return new SearchScope(List.of(access), List.of(found.get()), true);
        }
        var some = account == null ? accesses.of(user) : List.of(accesses.require(user, account));
        var seen = some.stream()
                .flatMap(access -> mailboxes.list(access.accountId()).stream().filter(there -> access.sees(there.id())))
                .toList();
        return new SearchScope(some, seen, false);
    }

    /**
     * A page of hits, newest first. Bodies are looked into for {@code body:} only.
     *
     * @throws UpstreamException.TimedOut when providers have not looked at enough messages to tell of a single one
     */
    Page page(SearchScope scope, Term query, Position.@Nullable After after, int limit) {
        var interruption = new Interruption();
        var notAfter = after == null
                ? null
                : after.receivedAt().atOffset(ZoneOffset.UTC).toLocalDate();
        var wanted = Wanted.of(query, BareWords.IN_HEADERS, notAfter);
        var lookings = lookings(scope, query, wanted, interruption);
        var rows = new TreeSet<>(IndexSearch.NEWEST_FIRST);
        if (lookings.isEmpty() || !negatesTexts(query, wanted)) {
            rows.addAll(find(scope, query, after, limit + 1));
        }
        var patience = new Ticking(PATIENCE, interruption::interrupt);
        try {
            while (!lookings.isEmpty() && settled(rows, lookings).size() <= limit && !interruption.interrupted()) {
                var looking = newest(lookings);
                matching(scope, query, wanted, looking).stream()
                        .filter(row -> after == null || isBehind(row, after))
                        .forEach(rows::add);
                lookings.removeIf(Looking::done);
            }
        } catch (UpstreamException e) {
            if (!interruption.interrupted()) {
                throw e;
            }
        } finally {
            patience.close();
        }
        return page(settled(rows, lookings), lookings, after, limit, unread(scope, query));
    }

    private static Page page(
            List<MessageRow> settled,
            List<Looking> lookings,
            Position.@Nullable After after,
            int limit,
            List<SearchGap> gaps) {
        if (settled.size() > limit) {
            var rows = settled.subList(0, limit);
            return new Page(rows, rows.getLast().positionAmongAll(), gaps);
        }
        if (lookings.isEmpty()) {
            return new Page(settled, null, gaps);
        }
        var rest = new Position.After("", newest(lookings).newest().toInstant(), Long.MAX_VALUE);
        if (after != null && !rest.receivedAt().isBefore(after.receivedAt())) {
            throw new UpstreamException.TimedOut(
                    "The mail server takes too long to look through its messages; ask for a stream of lines.", null);
        }
        return new Page(settled, rest, gaps);
    }

    /** The hits that no message comes before that has not been looked at. */
    private static List<MessageRow> settled(Collection<MessageRow> rows, List<Looking> lookings) {
        if (lookings.isEmpty()) {
            return List.copyOf(rows);
        }
        var open = newest(lookings).newest().toInstant();
        return rows.stream()
                .takeWhile(row -> row.summary().receivedAt().isAfter(open))
                .toList();
    }

    private static boolean isBehind(MessageRow row, Position.After after) {
        int time = row.summary().receivedAt().compareTo(after.receivedAt());
        return time < 0 || (time == 0 && row.key().id() < after.tie());
    }

    /** Tells hits as they are found: what the index knows at once, then what the providers find, the newest first. */
    Outcome stream(SearchScope scope, Term query, int limit, Interruption interruption, Listener listener)
            throws IOException {
        return new Streamed(scope, query, limit, interruption, listener).run();
    }

    private final class Streamed {
        private final SearchScope scope;
        private final Term query;
        private final int limit;
        private final Interruption interruption;
        private final Listener listener;
        private final Set<MessageKey> told = new HashSet<>();
        private final List<SearchGap> gaps;

        Streamed(SearchScope scope, Term query, int limit, Interruption interruption, Listener listener) {
            this.scope = scope;
            this.query = query;
            this.limit = limit;
            this.interruption = interruption;
            this.listener = listener;
            this.gaps = new ArrayList<>(unread(scope, query));
        }

        Outcome run() throws IOException {
            int total = scope.total(query);
            listener.progress(0, total);
            var wanted = Wanted.of(query, BareWords.IN_BODIES_TOO, null);
            var lookings = lookings(scope, query, wanted, interruption);
            if (lookings.isEmpty() || !negatesTexts(query, wanted)) {
                tell(find(scope, query, null, limit + 1));
            }
            while (!lookings.isEmpty() && told.size() <= limit && !interruption.interrupted()) {
                var looking = newest(lookings);
                try {
                    tell(matching(scope, query, wanted, looking));
                } catch (ProblemException e) {
                    log.debug("search in account {} failed: {}", looking.account(), e.problem());
                    gaps.add(SearchGap.unreachable(looking.account()));
                    lookings.remove(looking);
                }
                lookings.removeIf(Looking::done);
                int left = lookings.stream().mapToInt(Looking::left).sum();
                listener.progress(Math.max(0, total - left), total);
            }
            boolean all = lookings.isEmpty() && told.size() <= limit && !interruption.interrupted();
            if (all) {
                listener.progress(total, total);
            }
            return new Outcome(all && gaps.isEmpty(), List.copyOf(gaps));
        }

        private void tell(List<MessageRow> rows) throws IOException {
            var hits = new ArrayList<MessageSummary>();
            var seen = accesses.now(scope.accesses());
            for (var row : rows) {
                if (seen.stream().noneMatch(access -> sees(access, row))) {
                    continue; // it was shared when the search began
                }
                // One more than may be told tells that there are more.
                if (told.size() <= limit && told.add(row.key()) && told.size() <= limit) {
                    hits.add(row.summary());
                }
            }
            if (!hits.isEmpty()) {
                listener.hits(hits);
            }
        }
    }

    private static boolean sees(Access access, MessageRow row) {
        return access.accountId() == row.key().accountId()
                && access.sees(row.mailbox().id());
    }

    private List<Looking> lookings(SearchScope scope, Term query, Wanted wanted, Interruption interruption) {
        var lookings = new ArrayList<Looking>();
        for (long account : scope.accounts()) {
            lookings.add(bodies.in(account, scope.searched(account, query), wanted, interruption));
        }
        lookings.removeIf(Looking::done);
        return lookings;
    }

    private static Looking newest(List<Looking> lookings) {
        return lookings.stream().max(Comparator.comparing(Looking::newest)).orElseThrow();
    }

    /** The hits of the next stretch that the index alone does not tell. */
    private List<MessageRow> matching(SearchScope scope, Term query, Wanted wanted, Looking looking) {
        var stretch = looking.next();
        var condition = new SearchCondition(looking.account(), scope, query, stretch.bodies());
        var candidates = negatesTexts(query, wanted)
                ? queries.ids(stretch.mailbox(), stretch.from(), stretch.before())
                : stretch.found();
        return index.among(condition, candidates);
    }

    private List<MessageRow> find(SearchScope scope, Term query, Position.@Nullable After after, int limit) {
        var rows = new ArrayList<MessageRow>();
        for (long account : scope.accounts()) {
            var condition = new SearchCondition(account, scope, query, Map.of());
            rows.addAll(index.find(condition, scope.size(account), after, limit));
        }
        rows.sort(IndexSearch.NEWEST_FIRST);
        return rows.size() > limit ? rows.subList(0, limit) : rows;
    }

    /** Mailboxes that the index does not know to their ends. */
    private static List<SearchGap> unread(SearchScope scope, Term query) {
        return scope.accounts().stream()
                .flatMap(account -> scope.searched(account, query).stream())
                .filter(mailbox -> !mailbox.complete())
                .map(mailbox -> SearchGap.unread(mailbox.key()))
                .toList();
    }

    /** Whether a hit of the index may be none once the provider has been asked. */
    private static boolean negatesTexts(Term query, Wanted wanted) {
        return switch (query) {
            case Term.Not not -> not.term().texts().anyMatch(text -> isInBodies(text, wanted));
            case Term.And and -> and.all().stream().anyMatch(term -> negatesTexts(term, wanted));
            case Term.Or or -> or.any().stream().anyMatch(term -> negatesTexts(term, wanted));
            case Term.Text text -> false;
            case Term.In in -> false;
            case Term.HasAttachment attachment -> false;
            case Term.Is is -> false;
            case Term.Before before -> false;
            case Term.After after -> false;
            case Term.Larger larger -> false;
            case Term.Smaller smaller -> false;
        };
    }

    private static boolean isInBodies(Term.Text text, Wanted wanted) {
        return wanted.bodies().contains(text.value())
                && (text.field() == Term.Field.BODY || text.field() == Term.Field.ANY);
    }
}
