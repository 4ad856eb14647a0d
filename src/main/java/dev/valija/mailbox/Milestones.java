package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Finds the row at an offset of a long list. To count half a million index entries off takes a tenth of a second; from
 * every thousandth row on, remembered for as long as the mailbox stays as it is, it is a thousand at most. The first
 * jump after a change counts all the way, and has the list walked through beside it.
 */
@Component
class Milestones {
    private static final int APART = 1_000;
    /** Shorter lists are counted off soon enough. */
    private static final int LONG = 10_000;

    private final MessageQueries queries;
    private final MailboxIndex mailboxes;
    private final Set<ListQuery> walking = ConcurrentHashMap.newKeySet();
    private final Cache<ListQuery, Walked> walked = Caffeine.newBuilder()
            .maximumSize(200)
            .expireAfterAccess(Duration.ofMinutes(30))
            .build();

    Milestones(MessageQueries queries, MailboxIndex mailboxes) {
        this.queries = queries;
        this.mailboxes = mailboxes;
    }

    /** Every thousandth row, the first one first, of a list as it was. */
    private record Walked(long version, List<Position.After> rows) {}

    /** The row so many rows down. */
    Optional<Position.After> at(Mailbox mailbox, ListQuery query, int rows) {
        if (rows < LONG) {
            return queries.at(query, null, rows);
        }
        var list = top(query);
        var known = walked.getIfPresent(list);
        if (known != null && known.version() == mailbox.orderVersion()) {
            int nearest = Math.min(rows / APART, known.rows().size() - 1);
            return queries.at(query, known.rows().get(nearest), rows - nearest * APART);
        }
        if (walking.add(list)) {
            Freshness.later("list walk", () -> walk(mailbox, list));
        }
        return queries.at(query, null, rows);
    }

    private void walk(Mailbox mailbox, ListQuery list) {
        try {
            var rows = new ArrayList<Position.After>();
            for (var row = queries.at(list, null, 0); row.isPresent(); row = queries.at(list, row.get(), APART)) {
                rows.add(row.get());
            }
            var now = mailboxes.find(mailbox.key()).orElse(null);
            // What changed on the way may lie before or behind what was passed already.
            if (now != null && now.orderVersion() == mailbox.orderVersion() && !rows.isEmpty()) {
                walked.put(list, new Walked(now.orderVersion(), List.copyOf(rows)));
            }
        } finally {
            walking.remove(list);
        }
    }

    private static ListQuery top(ListQuery query) {
        return new ListQuery(query.mailbox(), query.order(), query.filter(), query.view(), Position.Offset.TOP, 1);
    }
}
