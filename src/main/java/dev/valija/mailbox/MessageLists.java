package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Pages of mailboxes: from the index, or with the provider's help while the index is being filled. */
@Service
class MessageLists {
    private static final int LONGEST_THREAD = 2_000;

    private final Accounts accounts;
    private final MailboxIndex mailboxes;
    private final Freshness freshness;
    private final Provider provider;
    private final MessageQueries queries;
    private final ServerPages serverPages;
    private final Previews previews;

    MessageLists(
            Accounts accounts,
            MailboxIndex mailboxes,
            Freshness freshness,
            Provider provider,
            MessageQueries queries,
            ServerPages serverPages,
            Previews previews) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.freshness = freshness;
        this.provider = provider;
        this.queries = queries;
        this.serverPages = serverPages;
        this.previews = previews;
    }

    /**
     * What a list request is answered with.
     *
     * @param stale the provider cannot be reached, so it may be out of date
     */
    record Listed(MessagePage page, boolean stale) {}

    /** Rows in the list's order. */
    record Slice(
            List<MessageRow> rows,
            @Nullable Integer total,
            @Nullable Position next) {
        MessagePage page(ListQuery query) {
            return new MessagePage(
                    rows.stream().map(MessageRow::summary).toList(), total, next == null ? null : query.cursor(next));
        }
    }

    Listed page(UserId user, ListQuery query) {
        accounts.require(user, query.mailbox().accountId());
        var mailbox = mailboxes.find(query.mailbox()).orElseThrow(() -> ProblemException.notFound("mailbox"));
        if (!mailbox.selectable()) {
            return new Listed(new MessagePage(List.of(), 0, null), false);
        }
        var known = freshness.lookedAt(mailbox);
        var rows = fromIndex(known, query);
        if (!covered(known, query, rows)) {
            try {
                rows = serverPages.page(known, query);
            } catch (UpstreamException e) {
                // What there is is shown, marked as perhaps out of date.
                return new Listed(rows.page(query), true);
            }
        }
        boolean stale = provider.staleSince(known.accountId()).isPresent();
        if (!stale) {
            previews.wanted(known, rows.rows());
        }
        return new Listed(rows.page(query), stale);
    }

    /** The messages of a thread in all mailboxes, oldest first. */
    List<MessageSummary> thread(UserId user, ThreadKey thread) {
        accounts.require(user, thread.accountId());
        var rows = queries.thread(thread, LONGEST_THREAD);
        if (rows.isEmpty()) {
            throw ProblemException.notFound("thread");
        }
        return rows.stream().map(MessageRow::summary).toList();
    }

    private Slice fromIndex(Mailbox mailbox, ListQuery query) {
        var found = queries.page(query);
        boolean more = found.size() > query.limit();
        var rows = more ? found.subList(0, query.limit()) : found;
        return new Slice(rows, total(mailbox, query), more ? rows.getLast().position() : null);
    }

    /** Counts of whole mailboxes are kept; others are counted, as far as that is cheap. */
    private @Nullable Integer total(Mailbox mailbox, ListQuery query) {
        if (query.view() == ListQuery.View.MESSAGES && query.filter() == null) {
            return mailbox.total();
        }
        if (query.view() == ListQuery.View.MESSAGES && query.filter() == MessageFilter.UNREAD) {
            return mailbox.unread();
        }
        if (!mailbox.complete()) {
            return null;
        }
        var count = queries.count(query);
        return count.isPresent() ? count.getAsInt() : null;
    }

    /**
     * Whether the index alone can answer. While it is being filled, newest first, it holds the top of the list in the
     * usual order and nothing certain of any other; threads and attachments no provider can list.
     */
    private static boolean covered(Mailbox mailbox, ListQuery query, Slice rows) {
        if (mailbox.complete()
                || query.view() == ListQuery.View.THREADS
                || query.filter() == MessageFilter.ATTACHMENT
                || rows.rows().size() == mailbox.total()) {
            return true;
        }
        boolean top = query.order().equals(ListQuery.NEWEST_FIRST) && query.filter() == null;
        return top && rows.next() != null;
    }
}
