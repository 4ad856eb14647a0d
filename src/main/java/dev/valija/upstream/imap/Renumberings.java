package dev.valija.upstream.imap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;

/**
 * Paces the reading anew of mailboxes whose UIDVALIDITY has changed: it happens once in years, and a server that does it
 * at every SELECT would keep us listing and indexing all day.
 */
final class Renumberings {
    private static final int MOST = 3;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_MAILBOXES = 50_000;

    private record Key(long accountId, String mailbox) {}

    /** The numbering seen last, and how many there were. */
    private record Seen(long validity, int numberings) {
        Seen with(long next) {
            return next == validity ? this : new Seen(next, numberings + 1);
        }
    }

    private final Cache<Key, Seen> recent = Caffeine.newBuilder()
            .maximumSize(MOST_MAILBOXES)
            .expireAfterWrite(WINDOW)
            .build();

    /**
     * A mailbox is to be read anew, for it is numbered so. Many may come upon the same numbering before it is read: that
     * is one.
     *
     * @throws UpstreamException.Unavailable when there are too many
     */
    void note(long accountId, String mailbox, long validity) {
        var seen = recent.asMap()
                .merge(new Key(accountId, mailbox), new Seen(validity, 1), (before, now) -> before.with(validity));
        if (seen.numberings() > MOST) {
            throw new UpstreamException.Unavailable(
                    "The mail server numbers the messages of this mailbox anew all the time.", WINDOW, null);
        }
    }
}
