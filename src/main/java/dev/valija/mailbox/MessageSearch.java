package dev.valija.mailbox;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.SearchQueries.Window;
import dev.valija.mailbox.query.Term;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Finds messages in a user's accounts: by the index, and in bodies by the providers. */
@Service
class MessageSearch {
    private static final Logger log = LoggerFactory.getLogger(MessageSearch.class);
    private static final int WINDOW = 2_000;
    private static final Comparator<MessageRow> NEWEST_FIRST = Comparator.comparing(
                    (MessageRow row) -> row.summary().receivedAt())
            .thenComparingLong(row -> row.key().id())
            .reversed();

    private final Accounts accounts;
    private final MailboxIndex mailboxes;
    private final SearchQueries queries;
    private final BodySearch bodies;

    MessageSearch(Accounts accounts, MailboxIndex mailboxes, SearchQueries queries, BodySearch bodies) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.queries = queries;
        this.bodies = bodies;
    }

    /** Hears of a search as it goes. */
    interface Listener {
        void hits(List<MessageSummary> hits) throws IOException;

        void progress(int searched, int total) throws IOException;
    }

    SearchScope scope(UserId user, @Nullable Long account, @Nullable MailboxKey mailbox) {
        if (mailbox != null) {
            accounts.require(user, mailbox.accountId());
            var found = mailboxes.find(mailbox);
            if (found.isEmpty() || (account != null && account != mailbox.accountId())) {
                throw ProblemException.notFound("mailbox");
            }
            return new SearchScope(List.of(mailbox.accountId()), List.of(found.get()), true);
        }
        var ids = account == null
                ? accounts.of(user).stream().map(Account::id).toList()
                : List.of(accounts.require(user, account).id());
        var all = ids.stream().flatMap(id -> mailboxes.list(id).stream()).toList();
        return new SearchScope(ids, all, false);
    }

    /** A page of hits. Bodies are looked into only for {@code body:}, at the providers, the newest hits of each mailbox. */
    List<MessageRow> page(SearchScope scope, Term query, Position.@Nullable After after, int limit) {
        var folded = folded(query);
        var inBodies = new HashMap<String, Set<Long>>();
        var texts = texts(query, false);
        for (long account : scope.accounts()) {
            bodies.find(account, scope.searched(account, query), texts, Window.ALL)
                    .forEach((text, ids) ->
                            inBodies.computeIfAbsent(text, t -> new HashSet<>()).addAll(ids));
        }
        return find(scope, new SearchCondition(query, scope, folded, inBodies), Window.ALL, after, limit);
    }

    /**
     * Tells hits as they are found: what the index knows at once, then what the providers find in bodies, the newest
     * months first.
     *
     * @return false when the limit or a failure ended it
     */
    boolean stream(SearchScope scope, Term query, int limit, Listener listener) throws IOException {
        var search = new Streamed(scope, query, limit, listener);
        if (!negatesTexts(query)) {
            search.tell(search.find(Window.ALL, Map.of()));
        }
        return search.windows();
    }

    private final class Streamed {
        private final SearchScope scope;
        private final Term query;
        private final int limit;
        private final Listener listener;
        private final Map<String, String> folded;
        private final Set<MessageKey> told = new HashSet<>();

        Streamed(SearchScope scope, Term query, int limit, Listener listener) {
            this.scope = scope;
            this.query = query;
            this.limit = limit;
            this.listener = listener;
            this.folded = folded(query);
        }

        List<MessageRow> find(Window window, Map<String, Set<Long>> inBodies) {
            // What was told already may be found again.
            return MessageSearch.this.find(
                    scope, new SearchCondition(query, scope, folded, inBodies), window, null, limit + told.size() + 1);
        }

        void tell(List<MessageRow> rows) throws IOException {
            var hits = new ArrayList<MessageSummary>();
            for (var row : rows) {
                if (told.size() < limit && told.add(row.key())) {
                    hits.add(row.summary());
                }
            }
            if (!hits.isEmpty()) {
                listener.hits(hits);
            }
        }

        boolean windows() throws IOException {
            int total = scope.total(query);
            var texts = texts(query, true);
            if (texts.isEmpty()) {
                listener.progress(total, total);
                return told.size() < limit;
            }
            boolean complete = true;
            int searched = 0;
            var all = scope.accounts().stream()
                    .flatMap(account -> scope.searched(account, query).stream())
                    .toList();
            for (var window : windowsOf(queries.months(all))) {
                if (told.size() >= limit) {
                    return false;
                }
                listener.progress(Math.min(searched, total), total);
                var inBodies = new HashMap<String, Set<Long>>();
                for (long account : scope.accounts()) {
                    try {
                        bodies.find(account, scope.searched(account, query), texts, window)
                                .forEach((text, ids) -> inBodies.computeIfAbsent(text, t -> new HashSet<>())
                                        .addAll(ids));
                    } catch (ProblemException e) {
                        log.debug("search in account {} failed: {}", account, e.problem());
                        complete = false;
                    }
                }
                tell(find(window, inBodies));
                searched += window.messages();
            }
            listener.progress(total, total);
            return complete && told.size() < limit;
        }
    }

    /** Months put together until there is something to do for a provider; the first and the last have no end. */
    private static List<Window> windowsOf(List<Window> months) {
        var windows = new ArrayList<Window>();
        java.time.LocalDate before = null;
        int messages = 0;
        for (int i = 0; i < months.size(); i++) {
            messages += months.get(i).messages();
            boolean last = i == months.size() - 1;
            if (messages >= WINDOW || last) {
                var from = last ? null : months.get(i).from();
                windows.add(new Window(from, before, messages));
                before = from;
                messages = 0;
            }
        }
        return windows.isEmpty() ? List.of(Window.ALL) : windows;
    }

    private List<MessageRow> find(
            SearchScope scope, SearchCondition condition, Window window, Position.@Nullable After after, int limit) {
        var rows = new ArrayList<MessageRow>();
        for (long account : scope.accounts()) {
            rows.addAll(queries.find(account, scope, condition, window, after, limit));
        }
        rows.sort(NEWEST_FIRST);
        return rows.size() > limit ? rows.subList(0, limit) : rows;
    }

    private Map<String, String> folded(Term query) {
        return queries.folded(query.texts().map(Term.Text::value).collect(Collectors.toSet()));
    }

    /** The texts that bodies are searched for. */
    private static Set<String> texts(Term query, boolean bareWordsToo) {
        return query.texts()
                .filter(text -> text.field() == Term.Field.BODY || (bareWordsToo && text.field() == Term.Field.ANY))
                .map(Term.Text::value)
                .collect(Collectors.toSet());
    }

    /** Whether a hit of the index may be none once the bodies are known. */
    private static boolean negatesTexts(Term query) {
        return switch (query) {
            case Term.Not not -> !texts(not.term(), true).isEmpty();
            case Term.And and -> and.all().stream().anyMatch(MessageSearch::negatesTexts);
            case Term.Or or -> or.any().stream().anyMatch(MessageSearch::negatesTexts);
            default -> false;
        };
    }
}
