package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.Optional;

/**
 * The pages last listed. One is shown again only while its mailbox is as it was then, which the mailbox's row says
 * (V014): two hundred people who look at their inboxes cost a row each and not fifty.
 */
final class KeptPages {
    private static final long MOST_ROWS = 20_000;

    private final Cache<ListQuery, Kept> pages = Caffeine.newBuilder()
            .maximumWeight(MOST_ROWS)
            .weigher((ListQuery query, Kept kept) -> 1 + kept.page().items().size())
            .expireAfterAccess(Duration.ofMinutes(10))
            .scheduler(Scheduler.systemScheduler())
            .build();

    private record Kept(long version, int total, int unread, MessagePage page) {}

    Optional<MessagePage> find(Mailbox mailbox, ListQuery query) {
        if (!mailbox.complete()) {
            return Optional.empty();
        }
        var kept = pages.getIfPresent(query);
        return kept != null
                        && kept.version() == mailbox.listVersion()
                        && kept.total() == mailbox.total()
                        && kept.unread() == mailbox.unread()
                ? Optional.of(kept.page())
                : Optional.empty();
    }

    /**
     * Keeps a page.
     *
     * @param mailbox as it was before the page was read: what came in between makes the page one of an older version
     */
    void keep(Mailbox mailbox, ListQuery query, MessagePage page) {
        // A page that lacks previews must go on asking for them.
        if (mailbox.complete() && page.items().stream().allMatch(item -> item.preview() != null)) {
            pages.put(query, new Kept(mailbox.listVersion(), mailbox.total(), mailbox.unread(), page));
        }
    }
}
