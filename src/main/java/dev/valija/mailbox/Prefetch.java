package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.message.BodyPart;
import dev.valija.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Fetches what a reader will probably open next: the first unread and the top of the list on the screen, and the
 * neighbours of the message just opened. Some few, one after another over one connection, so that the reader's own
 * requests find the others free; forgotten when they move on to something else. Nothing is marked by it.
 */
@Component
class Prefetch {
    private static final Logger log = LoggerFactory.getLogger(Prefetch.class);
    private static final int UNREAD = 3;
    private static final int TOP = 2;
    private static final int AFTER = 2;
    private static final int BEFORE = 1;
    private static final long LARGEST_TEXT = 256 * 1024;
    private static final int ACCOUNTS_AT_ONCE = 4;

    private final boolean on;
    private final StoredMessages messages;
    private final OpenedMessages opened;
    private final Semaphore turns = new Semaphore(ACCOUNTS_AT_ONCE);

    /** The list that was last on the screen, by account. */
    private final Cache<Long, List<MessageKey>> shown = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(30))
            .build();

    /** What was fetched or could not be: a list that is looked at again asks for nothing again. */
    private final Cache<MessageKey, Boolean> tried = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    /** What is still wanted; an account is here as long as somebody fetches for it. */
    private final Map<Long, Deque<MessageKey>> wanted = new HashMap<>();

    Prefetch(PrefetchProperties properties, StoredMessages messages, OpenedMessages opened) {
        this.on = properties.prefetch();
        this.messages = messages;
        this.opened = opened;
    }

    /** These rows are on a screen now, in this order. */
    void listed(List<MessageRow> rows) {
        if (!on || rows.isEmpty()) {
            return;
        }
        long account = rows.getFirst().key().accountId();
        shown.put(account, rows.stream().map(MessageRow::key).toList());
        var next = new ArrayList<MessageKey>();
        rows.stream()
                .filter(row -> !row.summary().keywords().contains("$seen"))
                .limit(UNREAD)
                .forEach(row -> next.add(row.key()));
        rows.stream().limit(TOP).forEach(row -> next.add(row.key()));
        want(account, next);
    }

    /** This message is being read now. */
    void reading(MessageKey key) {
        var list = on ? shown.getIfPresent(key.accountId()) : null;
        int at = list == null ? -1 : list.indexOf(key);
        if (list == null || at < 0) {
            return;
        }
        var next = new ArrayList<>(list.subList(at + 1, Math.min(list.size(), at + 1 + AFTER)));
        next.addAll(list.subList(Math.max(0, at - BEFORE), at));
        want(key.accountId(), next);
    }

    /** In place of whatever was wanted for the account until now. */
    private void want(long account, List<MessageKey> keys) {
        var next = new ArrayDeque<MessageKey>();
        keys.stream()
                .distinct()
                .filter(key -> tried.getIfPresent(key) == null && !opened.holds(key))
                .forEach(next::add);
        synchronized (wanted) {
            if (wanted.containsKey(account)) {
                wanted.put(account, next);
                return;
            }
            if (next.isEmpty() || !turns.tryAcquire()) {
                return; // others are at it: nobody waits for a guess
            }
            wanted.put(account, next);
        }
        Thread.ofVirtual().name("prefetch " + account).start(() -> fetchAll(account));
    }

    private void fetchAll(long account) {
        try {
            for (var key = next(account); key != null; key = next(account)) {
                fetch(key);
            }
        } catch (ProblemException e) {
            log.debug("nothing more is prefetched for account {}: {}", account, e.problem());
        } catch (RuntimeException e) {
            log.warn("prefetching for account {} failed", account, e);
        } finally {
            synchronized (wanted) {
                wanted.remove(account);
            }
            turns.release();
        }
    }

    private @Nullable MessageKey next(long account) {
        synchronized (wanted) {
            var left = wanted.get(account);
            var next = left == null ? null : left.poll();
            if (next == null) {
                wanted.remove(account);
            }
            return next;
        }
    }

    private void fetch(MessageKey key) {
        tried.put(key, true);
        var message = messages.find(key);
        if (message.isPresent()
                && message.get().row().remoteId() != null
                && textSize(message.get()) <= LARGEST_TEXT
                && !opened.holds(key)) {
            opened.open(message.get());
        }
    }

    private static long textSize(StoredMessage message) {
        return message.structure()
                .leaves()
                .filter(part -> part.isText() || part.isContainer())
                .mapToLong(BodyPart::size)
                .sum();
    }
}
