package dev.valija.mailbox;

import dev.valija.mailbox.SyncWrites.Chunk;
import dev.valija.message.Keyword;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailStore.Window;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SortOrder.Property;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Pages in the provider's own order, for mailboxes that are not indexed to the end yet. The rows they need go into the
 * index on the way.
 */
@Component
class ServerPages {
    /** A mailbox that moves on each time is shown as far as it is indexed. */
    private static final int MOST_TRIES = 3;

    private final Provider provider;
    private final MessageQueries queries;
    private final MailboxIndex mailboxes;
    private final SyncWrites index;

    ServerPages(Provider provider, MessageQueries queries, MailboxIndex mailboxes, SyncWrites index) {
        this.provider = provider;
        this.queries = queries;
        this.mailboxes = mailboxes;
        this.index = index;
    }

    /** Whether a provider can give that list: it knows no threads of ours, and nothing of attachments. */
    static boolean canList(ListQuery query) {
        return query.view() == ListQuery.View.MESSAGES && query.filter() != MessageFilter.ATTACHMENT;
    }

    MessageLists.Slice page(Mailbox mailbox, ListQuery query) {
        int offset = offset(query);
        var window = provider.with(mailbox.accountId(), store -> {
            var found = list(store, mailbox, query, offset);
            index(store, mailbox.key(), found.ids());
            return found;
        });
        var known = queries.byRemoteIds(mailbox.key(), window.ids());
        var rows =
                window.ids().stream().map(known::get).filter(Objects::nonNull).toList();
        int end = offset + window.ids().size();
        boolean more = !window.ids().isEmpty() && end < window.total();
        return new MessageLists.Slice(
                rows,
                window.total(),
                more ? new Position.Offset(end) : null,
                offset == 0 ? null : new Position.Offset(Math.max(0, offset - query.limit())));
    }

    private int offset(ListQuery query) {
        return switch (query.position()) {
            case Position.Offset offset -> offset.rows();
            case Position.After row -> queries.rowsUpTo(query, row);
            case Position.Before before -> Math.max(0, queries.rowsUpTo(query, before.row()) - 1 - query.limit());
        };
    }

    /** Sees to it that these messages have rows, as far as they and their mailbox are still there. */
    void index(MailStore store, MailboxKey key, List<RemoteId> ids) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            // As it is known before the rows are fetched: what happens after that is asked for from there.
            var mailbox = mailboxes.find(key).filter(m -> !m.complete()).orElse(null);
            if (mailbox == null) {
                return;
            }
            var rows = missing(store, mailbox, ids);
            if (rows.isEmpty() || index.add(mailbox, new RowBatch(key.accountId(), rows)) != Chunk.OVERTAKEN) {
                return;
            }
        }
    }

    private static Window list(MailStore store, Mailbox mailbox, ListQuery query, int offset) {
        var filter = query.filter() == null ? null : query.filter().query();
        var order = query.order().upstream();
        if (order.isPresent()) {
            return search(store, mailbox, filter, order.get(), offset, query.limit());
        }
        // Those without $seen and those with it, one after the other.
        boolean descending = query.order().descending();
        var arrival = new SortOrder(Property.RECEIVED_AT, descending);
        SearchQuery seen = new SearchQuery.Has(Keyword.SEEN);
        SearchQuery unseen = new SearchQuery.Not(seen);
        var first = search(store, mailbox, and(filter, descending ? unseen : seen), arrival, offset, query.limit());
        int left = query.limit() - first.ids().size();
        var then = search(
                store,
                mailbox,
                and(filter, descending ? seen : unseen),
                arrival,
                Math.max(0, offset - first.total()),
                Math.max(1, left));
        var ids = new ArrayList<>(first.ids());
        ids.addAll(then.ids().subList(0, Math.min(left, then.ids().size())));
        return new Window(ids, first.total() + then.total());
    }

    private static SearchQuery and(@Nullable SearchQuery filter, SearchQuery query) {
        return filter == null ? query : new SearchQuery.And(List.of(filter, query));
    }

    private static Window search(
            MailStore store, Mailbox mailbox, @Nullable SearchQuery filter, SortOrder order, int offset, int limit) {
        try {
            return store.search(mailbox.remoteName(), filter, order, offset, limit);
        } catch (UpstreamException.NotSupported cannotSort) {
            return store.search(mailbox.remoteName(), filter, SortOrder.NEWEST_FIRST, offset, limit);
        }
    }

    private List<RemoteMessage> missing(MailStore store, Mailbox mailbox, List<RemoteId> ids) {
        var known = queries.byRemoteIds(mailbox.key(), ids).keySet();
        var missing = ids.stream().filter(id -> !known.contains(id)).toList();
        var rows = new ArrayList<RemoteMessage>(missing.size());
        if (!missing.isEmpty()) {
            store.fetch(mailbox.remoteName(), missing, rows::add);
        }
        return rows;
    }
}
