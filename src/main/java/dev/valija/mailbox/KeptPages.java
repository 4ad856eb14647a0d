package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.Optional;

/**
 * The pages last listed, as they are answered with. One is shown again only while its mailbox is as it was then, which
 * the mailbox's row says (V014): two hundred people who look at their inboxes cost a row each and not fifty, and the
 * JSON of those is not written anew.
 */
final class KeptPages {
    private static final long MOST_OCTETS = 16 << 20;
    /** What an entry takes beside its octets. */
    private static final int ENTRY = 300;

    private final Cache<ListQuery, Kept> pages = Caffeine.newBuilder()
            .maximumWeight(MOST_OCTETS)
            .weigher((ListQuery query, Kept kept) -> ENTRY + kept.json().length)
            .expireAfterAccess(Duration.ofMinutes(10))
            .scheduler(Scheduler.systemScheduler())
            .build();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(long version, int total, int unread, byte[] json) {}

    /** The page's JSON. */
    Optional<byte[]> find(Mailbox mailbox, ListQuery query) {
        if (!mailbox.complete()) {
            return Optional.empty();
        }
        var kept = pages.getIfPresent(query);
        return kept != null
                        && kept.version() == mailbox.listVersion()
                        && kept.total() == mailbox.total()
                        && kept.unread() == mailbox.unread()
                ? Optional.of(kept.json())
                : Optional.empty();
    }

    /**
     * Keeps a page.
     *
     * @param mailbox as it was before the page was read: what came in between makes the page one of an older version
     * @param json of the page
     */
    void keep(Mailbox mailbox, ListQuery query, MessagePage page, byte[] json) {
        // A page that lacks previews must go on asking for them.
        if (mailbox.complete() && page.items().stream().allMatch(item -> item.preview() != null)) {
            pages.put(query, new Kept(mailbox.listVersion(), mailbox.total(), mailbox.unread(), json));
        }
    }
}
