package dev.valija.mailbox;

import dev.valija.mailbox.SearchQueries.Window;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Asks providers which messages hold a text in their bodies, and finds our rows of them. */
@Component
class BodySearch {
    /** Of more hits than that in one mailbox and window, the newest are shown. */
    static final int MOST = 2_000;

    private final Provider provider;
    private final SearchQueries queries;
    private final ServerPages pages;

    BodySearch(Provider provider, SearchQueries queries, ServerPages pages) {
        this.provider = provider;
        this.queries = queries;
        this.pages = pages;
    }

    /** Our ids by text. */
    Map<String, Set<Long>> find(long account, List<Mailbox> mailboxes, Collection<String> texts, Window window) {
        var found = new HashMap<String, Set<Long>>();
        texts.forEach(text -> found.put(text, new HashSet<>()));
        if (mailboxes.isEmpty() || texts.isEmpty()) {
            return found;
        }
        provider.with(account, store -> {
            for (var mailbox : mailboxes) {
                for (var text : texts) {
                    found.computeIfAbsent(text, t -> new HashSet<>()).addAll(find(store, mailbox, text, window));
                }
            }
            return found;
        });
        return found;
    }

    private Set<Long> find(MailStore store, Mailbox mailbox, String text, Window window) {
        var ids = store.search(mailbox.remoteName(), query(text, window), SortOrder.NEWEST_FIRST, 0, MOST)
                .ids();
        if (ids.isEmpty()) {
            return Set.of();
        }
        if (!mailbox.complete()) {
            pages.index(store, mailbox, ids);
        }
        return queries.ids(mailbox.key(), ids);
    }

    /** RFC 9051 6.4.4 disregards time zones: a day more on each side, and no message falls between two windows. */
    private static SearchQuery query(String text, Window window) {
        var all = new ArrayList<SearchQuery>();
        if (window.from() != null) {
            all.add(new SearchQuery.Since(window.from().minusDays(1)));
        }
        if (window.before() != null) {
            all.add(new SearchQuery.Before(window.before().plusDays(1)));
        }
        all.add(new SearchQuery.Text(SearchQuery.Field.BODY, text));
        return all.size() == 1 ? all.getFirst() : new SearchQuery.And(all);
    }
}
