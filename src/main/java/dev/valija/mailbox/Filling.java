package dev.valija.mailbox;

import dev.valija.mailbox.SyncWrites.Chunk;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Fills the index in the background: INBOX first, then what was opened, then the small mailboxes, newest messages
 * first. One mailbox of an account at a time, and a few accounts at a time, taking turns of half a second. A
 * connection is given back after every chunk, so that no user waits for it. Nothing is remembered but the rows:
 * after a restart the rest is found by comparing.
 */
@Service
class Filling {
    private static final Logger log = LoggerFactory.getLogger(Filling.class);
    /** Small enough that a user's change waits for the account's index no longer than can be felt. */
    private static final int CHUNK = 500;

    private static final int ACCOUNTS_AT_ONCE = 4;
    /** A listing of a large mailbox takes some seconds, from a provider that answers. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

    private static final long TURN_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PROGRESS_NANOS = Duration.ofMillis(250).toNanos();
    private static final long RETRY_NANOS = Duration.ofMinutes(10).toNanos();

    private final ChunkFetch fetched;
    private final MailboxIndex mailboxes;
    private final MailboxSync sync;
    private final SyncWrites index;
    private final IndexWrites writes;
    private final IndexStatistics statistics;
    private final Turns turns = new Turns(ACCOUNTS_AT_ONCE, LONGEST_TURN);
    private final Map<Long, Boolean> running = new ConcurrentHashMap<>();
    private final Map<MailboxKey, Long> opened = new ConcurrentHashMap<>();
    private final Map<MailboxKey, Long> refused = new ConcurrentHashMap<>();
    /** Not there when they were last tried: renamed, or being made anew. Tried again when we are next woken. */
    private final Set<MailboxKey> missed = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    Filling(
            Provider provider,
            MailboxIndex mailboxes,
            MailboxSync sync,
            SyncWrites index,
            IndexWrites writes,
            IndexStatistics statistics) {
        this.fetched = new ChunkFetch(provider);
        this.mailboxes = mailboxes;
        this.sync = sync;
        this.index = index;
        this.writes = writes;
        this.statistics = statistics;
    }

    /** Somebody looks into that mailbox: it comes before others. */
    void wanted(MailboxKey key) {
        opened.put(key, System.nanoTime());
    }

    /** Fills what is not filled yet, unless that is being done. Returns at once. */
    void wake(long accountId) {
        if (!stopped && running.put(accountId, true) == null) {
            Thread.ofVirtual().name("fill-" + accountId).start(() -> fillAll(accountId));
        }
    }

    boolean isBusy(long accountId) {
        return running.containsKey(accountId);
    }

    /** Fills from now on, after a stop too: a context may be paused and go on. */
    void start() {
        stopped = false;
    }

    /** Lets go after the chunks at hand. */
    void stop() {
        stopped = true;
        turns.awaitEnd(Duration.ofSeconds(5));
    }

    private void fillAll(long accountId) {
        do {
            running.put(accountId, false);
            missed.removeIf(key -> key.accountId() == accountId);
            try {
                for (var next = next(accountId); next.isPresent() && !stopped; next = next(accountId)) {
                    fill(next.get());
                }
            } catch (ProblemException e) {
                // The provider is away or wants a new password: whoever finds it back wakes us.
                log.info("filling account {} rests: {}", accountId, e.problem());
                running.remove(accountId);
                return;
            } catch (RuntimeException e) {
                if (!stopped) {
                    log.warn("filling account {} failed", accountId, e);
                }
                running.remove(accountId);
                return;
            }
        } while (!running.remove(accountId, false) && !stopped);
        if (stopped) {
            running.remove(accountId); // whoever wakes us after a pause must find nobody at work
        }
    }

    private Optional<Mailbox> next(long accountId) {
        long now = System.nanoTime();
        refused.values().removeIf(since -> now - since > RETRY_NANOS);
        return mailboxes.list(accountId).stream()
                .filter(m -> m.selectable() && !m.complete())
                .filter(m -> !refused.containsKey(m.key()) && !missed.contains(m.key()))
                .min(Comparator.comparing((Mailbox m) -> m.role() != MailboxRole.INBOX)
                        .thenComparingLong(m -> -opened.getOrDefault(m.key(), Long.MIN_VALUE + 1))
                        .thenComparingInt(Mailbox::total));
    }

    private void fill(Mailbox mailbox) {
        var key = mailbox.key();
        try {
            turns.taking(() -> sync.firstPage(mailbox));
            boolean whole = fillMissing(key, Set.of());
            for (int again = 0; !whole && again < 3 && !stopped; again++) {
                // What the provider lists twice and shows never gets a bare row.
                whole = fillMissing(key, new HashSet<>(missing(key)));
            }
            if (!whole && !stopped) {
                refused.put(key, System.nanoTime());
            }
        } catch (UpstreamException.NotFound e) {
            log.info("mailbox {} is not there: {}", key, e.problem());
            missed.add(key);
        } catch (UpstreamException.NotSupported | UpstreamException.ProtocolViolation e) {
            log.warn("mailbox {} cannot be read: {}", key, e.problem());
            refused.put(key, System.nanoTime());
        }
    }

    private List<RemoteId> missing(MailboxKey key) {
        var missing = new ArrayList<List<RemoteId>>(1);
        turns.taking(() -> missing.add(sync.compare(key)));
        return missing.getFirst();
    }

    /** @return whether all of it is there now */
    private boolean fillMissing(MailboxKey key, Set<RemoteId> elusive) {
        var ahead = new FetchAhead<>(missing(key), CHUNK, ids -> fetch(key, ids, elusive), Fetched::prepared);
        tell(key, 0);
        while (ahead.hasMore() && !stopped) {
            var there = new boolean[1];
            turns.taking(() -> there[0] = writeSome(key, ahead));
            if (!there[0]) {
                return true;
            }
        }
        if (stopped) {
            return false;
        }
        boolean whole = index.filled(key);
        tell(key, 0);
        return whole;
    }

    /**
     * Writes chunks until another account has waited long enough. None is left on its way then: accounts that wait
     * hold no rows.
     *
     * @return whether the mailbox is still there
     */
    private boolean writeSome(MailboxKey key, FetchAhead<Fetched> ahead) {
        long since = System.nanoTime();
        long told = since;
        try {
            do {
                if (!turns.wanted() || System.nanoTime() - since < TURN_NANOS) {
                    ahead.ask();
                }
                var chunk = ahead.next();
                switch (chunk.write(index)) {
                    case GONE -> {
                        return false;
                    }
                    case OVERTAKEN -> sync.refresh(key);
                    case WRITTEN -> {}
                }
                Freshness.later("statistics", () -> statistics.grew(chunk.size()));
                told = tell(key, told);
            } while (ahead.isUnderWay() && !stopped);
            return true;
        } finally {
            if (ahead.isUnderWay()) {
                ahead.drop();
            }
        }
    }

    /** Rows, and how the mailbox was known when they were fetched; no mailbox when there is none any more. */
    private record Fetched(MailboxKey key, @Nullable Mailbox mailbox, RowBatch rows) {
        Fetched prepared() {
            rows.prepare();
            return this;
        }

        int size() {
            return rows.messages().size();
        }

        Chunk write(SyncWrites index) {
            return mailbox == null ? Chunk.GONE : index.fill(key, mailbox.state(), rows);
        }
    }

    private Fetched fetch(MailboxKey key, List<RemoteId> ids, Set<RemoteId> elusive) {
        var mailbox = mailboxes.find(key).orElse(null);
        if (mailbox == null || ids.isEmpty()) {
            return new Fetched(key, mailbox, new RowBatch(key.accountId(), List.of()));
        }
        var rows = new ArrayList<>(fetched.rows(mailbox, ids));
        var shown = new HashSet<RemoteId>();
        rows.forEach(row -> shown.add(row.id()));
        var unshown = ids.stream()
                .filter(id -> elusive.contains(id) && !shown.contains(id))
                .toList();
        if (!unshown.isEmpty()) {
            // If they were numbered anew before we asked, they are there to be read, under other ids.
            var listed = new HashSet<>(sync.compare(key));
            unshown.stream().filter(listed::contains).forEach(id -> rows.add(Rows.bare(id, Set.of())));
        }
        return new Fetched(key, mailbox, new RowBatch(key.accountId(), rows));
    }

    /** Tells the progress, a few times a second at most. @return when it was last told */
    private long tell(MailboxKey key, long last) {
        long now = System.nanoTime();
        if (last != 0 && now - last < PROGRESS_NANOS) {
            return last;
        }
        mailboxes.find(key).ifPresent(writes::tellProgress);
        return now;
    }
}
