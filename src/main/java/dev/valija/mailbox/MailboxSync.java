package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import dev.valija.upstream.Changes;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Keeps one mailbox of the index equal to the provider's. */
@Service
class MailboxSync {
    private static final Logger log = LoggerFactory.getLogger(MailboxSync.class);
    /** A page of a list, and one more that tells that there are others. */
    static final int FIRST_PAGE = 51;
    /** More news than that at once is filled in by {@link Filling}, newest first like all else. */
    static final int MOST_AT_ONCE = 500;

    private static final int MOST_TRIES = 5;
    /** Tries during which others may change the mailbox; after them they wait. */
    private static final int TRIES_BESIDE_OTHERS = 3;

    private final Provider provider;
    private final FirstLooks firstLooks;
    private final MailboxIndex mailboxes;
    private final SyncWrites index;
    private final KeyedLocks<Long> locks = new KeyedLocks<>();
    /** How often mailboxes have been held. Some share a number: then one is asked once more than it need be. */
    private final AtomicLongArray held = new AtomicLongArray(4096);

    private final AuditSchedule audits;
    private final SingleFlight<MailboxKey> flights = new SingleFlight<>();

    MailboxSync(
            Provider provider, FirstLooks firstLooks, MailboxIndex mailboxes, SyncWrites index, AuditSchedule audits) {
        this.provider = provider;
        this.firstLooks = firstLooks;
        this.mailboxes = mailboxes;
        this.index = index;
        this.audits = audits;
    }

    /**
     * What the provider said, and the rows that came with it.
     *
     * @param wanted how many messages are new to the index; not all of them have their rows here
     */
    record Read(Mailbox mailbox, Changes changes, int wanted, List<RemoteMessage> rows) {}

    /**
     * Does something to a mailbox at the provider and in the index, such that nothing read of it meanwhile is applied:
     * so a message moved through us is never taken for one deleted here and another arrived there.
     */
    <T> T holding(Supplier<T> work, MailboxKey... keys) {
        var ids = List.of(keys).stream().map(MailboxKey::id).toList();
        return locks.holding(ids, () -> {
            try {
                return work.get();
            } finally {
                ids.forEach(id -> held.incrementAndGet(number(id)));
            }
        });
    }

    /**
     * The newest messages of a mailbox never read, in one round trip; nothing when it has been read.
     *
     * @return the mailbox as it is then
     */
    Mailbox firstPage(Mailbox mailbox) {
        if (mailbox.known() || !mailbox.selectable()) {
            return mailbox;
        }
        return holding(() -> firstPageAlone(mailbox.key()), mailbox.key());
    }

    private Mailbox firstPageAlone(MailboxKey key) {
        var mailbox = require(key);
        if (mailbox.known() || !mailbox.selectable()) {
            return mailbox;
        }
        index.firstPage(key, firstLooks.newest(mailbox).orElseGet(() -> newest(mailbox)));
        return require(key);
    }

    private MailStore.Newest newest(Mailbox mailbox) {
        try {
            return provider.with(mailbox.accountId(), store -> store.newest(mailbox.remoteName(), FIRST_PAGE));
        } catch (UpstreamException.ProtocolViolation e) {
            log.warn("the newest of mailbox {} cannot be read: {}", mailbox.key(), e.getMessage());
            return new MailStore.Newest(mailbox.total(), List.of());
        }
    }

    /**
     * Asks what changed in a mailbox and brings the index in line. Returns when that is done, by this or another
     * caller; a run that began before the call does not count.
     */
    void refresh(MailboxKey key) {
        audits.wasRead(key);
        flights.run(key, () -> bringUpToDate(key));
    }

    /**
     * Adds new mail to the index without asking the provider again.
     *
     * @return whether that was possible; else the mailbox must be refreshed
     */
    boolean arrived(MailboxKey key, Upstream.Arrivals arrivals) {
        return holding(
                () -> {
                    var mailbox = mailboxes.find(key).orElse(null);
                    if (mailbox == null || !mailbox.complete() || mailbox.state() == null) {
                        return false;
                    }
                    var delta = arrivals.since(mailbox.state()).orElse(null);
                    if (delta == null) {
                        return false;
                    }
                    var rows = arrivals.messages().stream()
                            .filter(message -> delta.added().contains(message.id()))
                            .toList();
                    return index.apply(new Read(mailbox, delta, rows.size(), rows))
                            .filter(SyncWrites.Applied::adds)
                            .isPresent();
                },
                key);
    }

    /**
     * Brings the index in line with all the provider holds, after the usual way of finding what changed.
     *
     * @return what the usual way had left undone
     */
    IndexChange repair(MailboxKey key) {
        return holding(
                () -> {
                    bringUpToDate(key);
                    var mailbox = require(key);
                    return index.apply(read(mailbox, null))
                            .map(SyncWrites.Applied::change)
                            .orElse(IndexChange.ofMailboxes(List.of()));
                },
                key);
    }

    /** Takes out rows that no list can show; what they stood for is then missing. */
    void dropHalves(MailboxKey key) {
        index.dropHalves(key);
    }

    private void bringUpToDate(MailboxKey key) {
        // Another node may have been quicker: then its state is asked from.
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            var mailbox = mailboxes.find(key).orElse(null);
            if (mailbox == null || !mailbox.selectable()) {
                return;
            }
            if (!mailbox.known()) {
                firstPage(mailbox);
                return;
            }
            var applied = asked(mailbox, mailbox.state(), tries, index::apply);
            if (applied.isPresent()) {
                if (!applied.get().adds()) {
                    asked(require(key), null, TRIES_BESIDE_OTHERS, index::apply);
                }
                return;
            }
        }
        log.warn("mailbox {} was changed by others all the time", key);
    }

    /**
     * Asks for the changes of a mailbox and applies them. A listing may take long, so users change the mailbox
     * meanwhile; what was read beside that is not applied, for it may or may not hold the change.
     *
     * @return nothing when it has to be tried again
     */
    private <T> Optional<T> asked(
            Mailbox mailbox, @Nullable SyncState since, int tries, Function<Read, Optional<T>> apply) {
        var key = mailbox.key();
        if (tries >= TRIES_BESIDE_OTHERS) {
            return holding(() -> apply.apply(read(mailbox, since)), key);
        }
        long before = held.get(number(key.id()));
        var read = read(mailbox, since);
        return holding(() -> held.get(number(key.id())) == before ? apply.apply(read) : Optional.empty(), key);
    }

    private int number(long mailbox) {
        return (int) (mailbox % held.length());
    }

    /**
     * Compares a mailbox with all the provider holds.
     *
     * @return the messages that are not indexed yet, newest first
     */
    List<RemoteId> compare(MailboxKey key) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            var missing = asked(
                    require(key),
                    null,
                    tries,
                    read -> read.changes() instanceof Changes.Snapshot snapshot
                                    && index.apply(read).isPresent()
                            ? Optional.of(index.missing(key, snapshot))
                            : Optional.<List<RemoteId>>empty());
            if (missing.isPresent()) {
                return missing.get();
            }
        }
        return List.of();
    }

    private Read read(Mailbox mailbox, @Nullable SyncState since) {
        try {
            return provider.with(mailbox.accountId(), store -> {
                var changes = store.changes(mailbox.remoteName(), since);
                var wanted = switch (changes) {
                    case Changes.Delta delta -> newestFirst(index.unknown(mailbox.key(), delta.added()));
                    // A mailbox being filled gets its rows chunk by chunk.
                    case Changes.Snapshot snapshot ->
                        mailbox.complete() ? index.missing(mailbox.key(), snapshot) : List.<RemoteId>of();
                };
                return new Read(mailbox, changes, wanted.size(), fetch(store, mailbox, wanted));
            });
        } catch (UpstreamException.ProtocolViolation e) {
            // A message whose row cannot be read must not hide all other news: Filling knows how to get around it.
            log.warn("rows of mailbox {} cannot be read: {}", mailbox.key(), e.getMessage());
            return provider.with(mailbox.accountId(), store -> {
                var changes = store.changes(mailbox.remoteName(), since);
                return new Read(mailbox, changes, Integer.MAX_VALUE, List.of());
            });
        }
    }

    private static List<RemoteId> newestFirst(List<RemoteId> ids) {
        var sorted = new ArrayList<>(ids);
        sorted.sort(Collections.reverseOrder());
        return sorted;
    }

    private static List<RemoteMessage> fetch(MailStore store, Mailbox mailbox, Collection<RemoteId> wanted) {
        var some = wanted.stream().limit(MOST_AT_ONCE).toList();
        var rows = new ArrayList<RemoteMessage>(some.size());
        if (!some.isEmpty()) {
            store.fetch(mailbox.remoteName(), some, rows::add);
        }
        return rows;
    }

    private Mailbox require(MailboxKey key) {
        return mailboxes.find(key).orElseThrow(() -> ProblemException.notFound("mailbox"));
    }

    /** Whether two states are the same point in a mailbox's history. */
    static boolean same(@Nullable SyncState a, @Nullable SyncState b) {
        return Objects.equals(a, b);
    }
}
