package dev.valija.upstream.imap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Paces the reading anew of mailboxes whose UIDVALIDITY has changed: it happens once in years, and a server that does it
 * at every SELECT would keep us listing and indexing all day.
 */
final class Renumberings {
    private static final int MOST = 3;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_MAILBOXES = 50_000;

    private record Key(long accountId, String mailbox) {}

    private final Cache<Key, AtomicInteger> recent = Caffeine.newBuilder()
            .maximumSize(MOST_MAILBOXES)
            .expireAfterWrite(WINDOW)
            .build();

    /** A mailbox is numbered anew. @throws UpstreamException.Unavailable when that happens too often */
    void note(long accountId, String mailbox) {
        var times = recent.get(new Key(accountId, mailbox), key -> new AtomicInteger());
        if (times.incrementAndGet() > MOST) {
            throw new UpstreamException.Unavailable(
                    "The mail server numbers the messages of this mailbox anew all the time.", WINDOW, null);
        }
    }
}
