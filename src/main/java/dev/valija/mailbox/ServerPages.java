package dev.valija.mailbox;

import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * Pages in the provider's own order, for mailboxes that are not indexed to the end yet. The rows they need go into the
 * index on the way.
 */
@Component
class ServerPages {
    private final Provider provider;
    private final MessageQueries queries;
    private final Rows index;
    private final IndexWrites writes;

    ServerPages(Provider provider, MessageQueries queries, Rows index, IndexWrites writes) {
        this.provider = provider;
        this.queries = queries;
        this.index = index;
        this.writes = writes;
    }

    MessageLists.Slice page(Mailbox mailbox, ListQuery query) {
        int offset = switch (query.position()) {
            case Position.Offset o -> o.rows();
            case Position.After after -> queries.rowsUpTo(query, after);
        };
        var window = provider.with(mailbox.accountId(), store -> {
            var found = search(store, mailbox, query, offset);
            index(mailbox, missing(store, mailbox, found.ids()));
            return found;
        });
        var known = queries.byRemoteIds(mailbox.key(), window.ids());
        var rows =
                window.ids().stream().map(known::get).filter(Objects::nonNull).toList();
        int end = offset + window.ids().size();
        boolean more = !window.ids().isEmpty() && end < window.total();
        return new MessageLists.Slice(rows, window.total(), more ? new Position.Offset(end) : null);
    }

    /** Sees to it that these messages have rows. */
    void index(MailStore store, Mailbox mailbox, List<RemoteId> ids) {
        index(mailbox, missing(store, mailbox, ids));
    }

    private static MailStore.Window search(MailStore store, Mailbox mailbox, ListQuery query, int offset) {
        var filter = query.filter() == null ? null : query.filter().query();
        try {
            return store.search(mailbox.remoteName(), filter, query.order(), offset, query.limit());
        } catch (UpstreamException.NotSupported cannotSort) {
            return store.search(mailbox.remoteName(), filter, ListQuery.NEWEST_FIRST, offset, query.limit());
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

    private void index(Mailbox mailbox, List<RemoteMessage> rows) {
        if (!rows.isEmpty()) {
            // No news: the filling of the mailbox, which would have come to them, tells its progress.
            writes.run(mailbox.accountId(), () -> index.insert(mailbox.key(), rows));
        }
    }
}
