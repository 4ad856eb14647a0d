package dev.valija.mailbox;

import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Pages of mailboxes: from the index, or with the provider's help while the index is being filled. */
@Service
class MessageLists {
    private final Accesses accesses;
    private final MailboxIndex mailboxes;
    private final Freshness freshness;
    private final Provider provider;
    private final MessageQueries queries;
    private final ServerPages serverPages;
    private final Previews previews;
    private final Prefetch prefetch;
    private final Milestones milestones;
    private final KeptPages pages = new KeptPages();
    private final Threads threads;
    private final JsonMapper json;

    MessageLists(
            Accesses accesses,
            MailboxIndex mailboxes,
            Freshness freshness,
            Provider provider,
            MessageQueries queries,
            Milestones milestones,
            ServerPages serverPages,
            Previews previews,
            Prefetch prefetch,
            Threads threads,
            JsonMapper json) {
        this.accesses = accesses;
        this.mailboxes = mailboxes;
        this.freshness = freshness;
        this.provider = provider;
        this.queries = queries;
        this.milestones = milestones;
        this.serverPages = serverPages;
        this.previews = previews;
        this.prefetch = prefetch;
        this.threads = threads;
        this.json = json;
    }

    /**
     * What a list request is answered with.
     *
     * @param json of the {@link MessagePage}
     * @param stale the provider cannot be reached, so it may be out of date
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Listed(byte[] json, boolean stale) {}

    /** Rows in the list's order, and the positions of the pages around them. */
    record Slice(
            List<MessageRow> rows,
            @Nullable Integer total,
            @Nullable Position next,
            @Nullable Position previous) {
        MessagePage page(ListQuery query) {
            return new MessagePage(
                    rows.stream().map(MessageRow::summary).toList(),
                    total,
                    cursor(query, next),
                    cursor(query, previous));
        }

        private static @Nullable String cursor(ListQuery query, @Nullable Position position) {
            return position == null ? null : query.cursor(position);
        }
    }

    Listed page(UserId user, ListQuery query) {
        var access = accesses.require(user, query.mailbox().accountId());
        var mailbox = mailboxes
                .find(query.mailbox())
                .filter(found -> access.sees(found.id()))
                .orElseThrow(() -> ProblemException.notFound("mailbox"));
        if (!mailbox.selectable()) {
            return listed(new MessagePage(List.of(), 0, null, null), false);
        }
        var known = freshness.lookedAt(mailbox);
        var kept = pages.find(known, query);
        if (kept.isPresent()) {
            return new Listed(kept.get(), provider.staleSince(known.accountId()).isPresent());
        }
        var rows = fromIndex(known, query);
        if (!covered(known, query, rows)) {
            if (!ServerPages.canList(query)) {
                return listed(partly(query, rows).page(query), false);
            }
            try {
                rows = serverPages.page(known, query);
            } catch (UpstreamException e) {
                // What there is is shown, marked as perhaps out of date.
                return listed(rows.page(query), true);
            }
        }
        boolean stale = provider.staleSince(known.accountId()).isPresent();
        if (!stale) {
            previews.wanted(known, rows.rows());
            prefetch.listed(rows.rows());
        }
        var page = rows.page(query);
        var listed = listed(page, stale);
        pages.keep(known, query, page, listed.json());
        return listed;
    }

    private Listed listed(MessagePage page, boolean stale) {
        return new Listed(json.writeValueAsBytes(page), stale);
    }

    /** A thread in all mailboxes that the user may see. */
    ThreadView thread(UserId user, ThreadKey thread) {
        var access = accesses.require(user, thread.accountId());
        var rows = queries.thread(thread, Threads.LONGEST).stream()
                .filter(row -> access.sees(row.mailbox().id()))
                .toList();
        if (rows.isEmpty()) {
            throw ProblemException.notFound("thread");
        }
        return threads.view(
                access, thread, rows.stream().map(MessageRow::summary).toList());
    }

    private List<MessageRow> rows(Mailbox mailbox, ListQuery query) {
        if (query.position() instanceof Position.Offset offset && mailbox.complete()) {
            return milestones
                    .at(mailbox, query, offset.rows())
                    .map(first -> queries.from(query, first))
                    .orElse(List.of());
        }
        return queries.page(query);
    }

    private Slice fromIndex(Mailbox mailbox, ListQuery query) {
        var found = rows(mailbox, query);
        boolean more = found.size() > query.limit();
        var total = total(mailbox, query);
        if (query.position() instanceof Position.Before) {
            var rows = more ? found.subList(1, found.size()) : found;
            return new Slice(
                    rows,
                    total,
                    rows.isEmpty() ? new Position.Offset(0) : rows.getLast().position(),
                    more ? new Position.Before(rows.getFirst().position()) : null);
        }
        var rows = more ? found.subList(0, query.limit()) : found;
        boolean top = query.position().equals(Position.Offset.TOP);
        return new Slice(
                rows,
                total,
                more ? rows.getLast().position() : null,
                top || rows.isEmpty()
                        ? null
                        : new Position.Before(rows.getFirst().position()));
    }

    /** Counts are kept; those of a mailbox that is being read are the provider's, who tells no others. */
    private @Nullable Integer total(Mailbox mailbox, ListQuery query) {
        boolean messages = query.view() == ListQuery.View.MESSAGES;
        if (messages && query.filter() == null) {
            return mailbox.total();
        }
        if (messages && query.filter() == MessageFilter.UNREAD) {
            return mailbox.unread();
        }
        return mailbox.complete() ? (Integer) queries.total(query) : null;
    }

    /**
     * Whether the index alone can answer. While it is being filled, newest first, it holds the top of the list in the
     * usual order and nothing certain of any other.
     */
    private static boolean covered(Mailbox mailbox, ListQuery query, Slice rows) {
        if (mailbox.complete() || rows.rows().size() == mailbox.total()) {
            return true;
        }
        boolean newestFirst = query.order().equals(ListOrder.NEWEST_FIRST);
        return newestFirst && (query.filter() == null || !ServerPages.canList(query)) && rows.next() != null;
    }

    /** The top of a list that no provider can give, as far as it has been read: there is more to come. */
    private static Slice partly(ListQuery query, Slice rows) {
        if (rows.rows().isEmpty() || !query.order().equals(ListOrder.NEWEST_FIRST)) {
            throw new StillReading();
        }
        return new Slice(rows.rows(), null, rows.rows().getLast().position(), rows.previous());
    }

    /** Half a mailbox would be a wrong answer. */
    private static final class StillReading extends ProblemException {
        StillReading() {
            super(Problem.UNAVAILABLE, "This mailbox is still being read; in this form it can be listed in a moment.");
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(Duration.ofSeconds(2));
        }
    }
}
