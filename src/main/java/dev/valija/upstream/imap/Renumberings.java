package dev.valija.upstream.imap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
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

    /** What a mailbox was numbered by since it began to be paced. */
    private static final class Numberings {
        private long validity;
        private int seen;

        synchronized int with(long next) {
            if (seen == 0 || next != validity) {
                validity = next;
                seen++;
            }
            return seen;
        }
    }

    private final Cache<Key, Numberings> recent;

    Renumberings() {
        this(Ticker.systemTicker());
    }

    Renumberings(Ticker ticker) {
        recent = Caffeine.newBuilder()
                .maximumSize(MOST_MAILBOXES)
                .expireAfterWrite(WINDOW) // from the first: whoever keeps asking must not wait for ever
                .ticker(ticker)
                .build();
    }

    /**
     * A mailbox is to be read anew, for it is numbered so. Many may come upon the same numbering before it is read: that
     * is one.
     *
     * @throws UpstreamException.Unavailable when there are too many
     */
    void note(long accountId, String mailbox, long validity) {
        var numberings = recent.get(new Key(accountId, mailbox), key -> new Numberings());
        if (numberings.with(validity) > MOST) {
            throw new UpstreamException.Unavailable(
                    "The mail server numbers the messages of this mailbox anew all the time.", WINDOW, null);
        }
    }
}
