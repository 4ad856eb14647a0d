package dev.valija.mailbox;

import static dev.valija.mailbox.MessageIndex.Written.ids;
import static dev.valija.mailbox.MessageIndex.Written.unread;

import dev.valija.mailbox.MessageIndex.Written;
import dev.valija.message.Keyword;
import dev.valija.upstream.Changes;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SyncState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes what a provider said of a mailbox to the index: rows, counts, state and event in one transaction each. */
@Component
class SyncWrites {
    private static final Logger log = LoggerFactory.getLogger(SyncWrites.class);
    /** Ids and keywords go into a statement so many at once. */
    private static final int CHUNK = 10_000;

    private final IndexWrites writes;
    private final MailboxIndex mailboxes;
    private final MessageIndex messages;
    private final Renumbering renumbering;
    private final Comparison comparison;
    private final Rows rows;

    SyncWrites(
            IndexWrites writes,
            MailboxIndex mailboxes,
            MessageIndex messages,
            Renumbering renumbering,
            Comparison comparison,
            Rows rows) {
        this.writes = writes;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.renumbering = renumbering;
        this.comparison = comparison;
        this.rows = rows;
    }

    /** Writes the newest messages of a mailbox never read, unless another has read it since, or it is gone. */
    void firstPage(MailboxKey key, MailStore.Newest newest) {
        writes.run(key.accountId(), () -> {
            var now = selectable(key).filter(mailbox -> !mailbox.known()).orElse(null);
            if (now == null) {
                return;
            }
            int done = take(now, new RowBatch(key.accountId(), newest.messages()));
            int unread = (int) newest.messages().stream()
                    .filter(message -> !message.keywords().contains(Keyword.SEEN))
                    .count();
            boolean all = newest.total() <= newest.messages().size();
            mailboxes.counts(key, newest.total(), all ? unread : Math.max(unread, now.unread()));
            mailboxes.synced(key, Mailbox.Sync.SYNCING, null, done, newest.total());
            writes.tell(key.accountId(), IndexChange.ofMailboxes(List.of(key.id())));
        });
    }

    /** The mailbox as it is now, if it is there and can have rows: it may have gone while its messages were fetched. */
    private Optional<Mailbox> selectable(MailboxKey key) {
        return mailboxes.find(key).filter(Mailbox::selectable);
    }

    /** Takes in rows of a mailbox that is being filled. @return how many messages of it are indexed then */
    private int take(Mailbox now, RowBatch fetched) {
        var placed = placed(now.key(), fetched);
        var created = rows.insert(now.key(), fetched.without(placed.keySet()));
        return now.syncDone() + placed.size() + created.size();
    }

    /**
     * What became of the index.
     *
     * @param adds whether the number of rows is what the provider said; if not, all has to be compared
     */
    record Applied(IndexChange change, boolean adds) {}

    /**
     * Applies what was read, unless the mailbox has been read by another since.
     *
     * @return what came of it; empty when it was not applied
     */
    Optional<Applied> apply(MailboxSync.Read read) {
        var key = read.mailbox().key();
        return writes.in(key.accountId(), () -> {
            var now = mailboxes.find(key).orElse(null);
            if (now == null) {
                return Optional.of(new Applied(IndexChange.ofMailboxes(List.of()), true));
            }
            if (!MailboxSync.same(now.state(), read.mailbox().state())) {
                return Optional.<Applied>empty();
            }
            return Optional.of(
                    switch (read.changes()) {
                        case Changes.Delta delta -> apply(now, delta, read);
                        case Changes.Snapshot snapshot ->
                            new Applied(apply(now, snapshot, new RowBatch(key.accountId(), read.rows())), true);
                    });
        });
    }

    private Applied apply(Mailbox mailbox, Changes.Delta delta, MailboxSync.Read read) {
        var key = mailbox.key();
        var fetched = new RowBatch(key.accountId(), read.rows());
        boolean more = read.wanted() > MailboxSync.MOST_AT_ONCE;
        // Before the new rows: those were fetched later, with keywords as they are by now.
        var updated = new ArrayList<>(messages.keywords(key, delta.changed()));
        boolean homeless = renumbering.hasUnplaced(key);
        var placed = homeless ? renumbering.place(key, fetched) : Map.<RemoteId, Written>of();
        var created = rows.insert(key, fetched.without(placed.keySet()));
        updated.addAll(placed.values());
        var destroyed = new ArrayList<>(messages.delete(key, delta.vanished()));
        if (homeless && mailbox.complete() && !more) {
            destroyed.addAll(messages.deleteUnplaced(key));
        }
        int unread = unread(created) + unread(updated) + unread(destroyed);
        int growth = created.size() - destroyed.size();
        if (mailbox.complete() && !more) {
            mailboxes.count(key, growth, unread);
        } else {
            mailboxes.counts(key, delta.total(), mailbox.unread() + unread);
        }
        var sync = more && mailbox.complete() ? Mailbox.Sync.SYNCING : mailbox.sync();
        int done = (mailbox.complete() ? mailbox.total() : mailbox.syncDone()) + growth;
        mailboxes.synced(key, sync, delta.state(), Math.min(done, delta.total()), delta.total());
        var change = tell(mailbox, ids(created), ids(updated), ids(destroyed), growth != 0 || unread != 0);
        boolean adds = !mailbox.complete() || more || adds(mailbox.total() + growth, delta, read);
        return new Applied(change, adds);
    }

    private static boolean adds(int known, Changes.Delta delta, MailboxSync.Read read) {
        // What gave no row had gone between the two questions.
        int there = delta.total() - (read.wanted() - read.rows().size());
        if (known != there) {
            log.warn(
                    "mailbox {} holds {} messages and not {}: comparing",
                    read.mailbox().key(),
                    there,
                    known);
        }
        return known == there;
    }

    private IndexChange apply(Mailbox mailbox, Changes.Snapshot snapshot, RowBatch fetched) {
        var key = mailbox.key();
        if (snapshot.reused()) {
            renumbering.unplace(key);
        }
        var differences = comparison.of(key, snapshot);
        var destroyed = withdrawn(mailbox, differences);
        var updated = new ArrayList<Written>();
        chunks(differences.changed()).forEach(chunk -> updated.addAll(messages.keywords(key, keywords(chunk))));
        var placed = placed(key, fetched);
        updated.addAll(placed.values());
        var created = rows.insert(key, fetched.without(placed.keySet()));
        int missing = differences.missing().size() - placed.size() - created.size();
        if (missing <= 0) {
            destroyed.addAll(messages.deleteUnplaced(key));
            mailboxes.recount(key);
            mailboxes.synced(key, Mailbox.Sync.COMPLETE, snapshot.state(), snapshot.total(), snapshot.total());
        } else {
            mailboxes.counts(key, snapshot.total(), unreadAmong(snapshot.all()));
            mailboxes.synced(key, Mailbox.Sync.SYNCING, snapshot.state(), snapshot.total() - missing, snapshot.total());
        }
        var now = mailboxes.find(key).orElseThrow();
        boolean counted = mailbox.total() != now.total()
                || mailbox.unread() != now.unread()
                || mailbox.complete() != now.complete();
        // Rows that come in for the first time are no news: the mailbox is.
        var news = mailbox.complete() ? ids(created) : List.<Long>of();
        return tell(mailbox, news, ids(updated), ids(destroyed), counted);
    }

    /**
     * Takes out the rows whose ids are gone. Their messages may be there under other ids (UIDVALIDITY changed, or a
     * backup came back): then the rows only lose their places, and those nobody claims go when all messages have rows.
     */
    private List<Written> withdrawn(Mailbox mailbox, Comparison.Differences differences) {
        var destroyed = new ArrayList<Written>();
        boolean elsewhere = !differences.missing().isEmpty() && (mailbox.complete() || differences.common() == 0);
        for (var chunk : chunks(differences.gone())) {
            if (elsewhere) {
                renumbering.unplace(mailbox.key(), chunk);
            } else {
                destroyed.addAll(messages.delete(mailbox.key(), chunk));
            }
        }
        return destroyed;
    }

    private static int unreadAmong(List<Changes.Entry> all) {
        int unread = 0;
        for (var entry : all) {
            unread += entry.keywords().contains(Keyword.SEEN) ? 0 : 1;
        }
        return unread;
    }

    private static Map<RemoteId, Set<Keyword>> keywords(List<Changes.Entry> entries) {
        return entries.stream().collect(Collectors.toMap(Changes.Entry::id, Changes.Entry::keywords));
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        var chunks = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(all.subList(from, Math.min(from + CHUNK, all.size())));
        }
        return chunks;
    }

    private IndexChange tell(
            Mailbox mailbox, List<Long> created, List<Long> updated, List<Long> destroyed, boolean counted) {
        var messagesChanged = IndexChange.of(mailbox.id(), created, updated, destroyed);
        var change =
                messagesChanged.isEmpty() && counted ? IndexChange.ofMailboxes(List.of(mailbox.id())) : messagesChanged;
        writes.tell(mailbox.accountId(), change);
        return change;
    }

    /** What a chunk of filling did. */
    enum Chunk {
        WRITTEN,
        /** The mailbox moved on while it was fetched: it must be refreshed. */
        OVERTAKEN,
        GONE
    }

    /**
     * Writes rows that somebody needs before filling comes to them, fetched when the mailbox was as given; not when it
     * has moved on since: what came or went meanwhile has been looked for among the rows.
     */
    Chunk add(Mailbox then, RowBatch fetched) {
        var key = then.key();
        return writes.in(key.accountId(), () -> {
            var now = selectable(key).orElse(null);
            if (now == null) {
                return Chunk.GONE;
            }
            if (now.complete() || !MailboxSync.same(now.state(), then.state())) {
                return Chunk.OVERTAKEN;
            }
            // No news: the filling of the mailbox, which would have come to them, tells its progress.
            mailboxes.synced(key, now.sync(), now.state(), take(now, fetched), now.syncTotal());
            return Chunk.WRITTEN;
        });
    }

    /** Writes some of the missing rows, fetched when the mailbox was at {@code since}. */
    Chunk fill(MailboxKey key, @Nullable SyncState since, RowBatch fetched) {
        return writes.in(key.accountId(), () -> {
            var now = selectable(key).orElse(null);
            if (now == null) {
                return Chunk.GONE;
            }
            int done = take(now, fetched);
            // What changed after the fetch was looked for among the rows before they came in: going back to the state
            // of the fetch makes the next refresh look again.
            mailboxes.synced(key, now.sync(), since, done, now.syncTotal());
            return MailboxSync.same(now.state(), since) ? Chunk.WRITTEN : Chunk.OVERTAKEN;
        });
    }

    /**
     * All missing rows have come in.
     *
     * @return false when there are more to be had: the provider has gone on much
     */
    boolean filled(MailboxKey key) {
        return writes.in(key.accountId(), () -> {
            var mailbox = mailboxes.find(key).orElse(null);
            if (mailbox == null || mailbox.complete()) {
                return true;
            }
            // Rows without a place may go only when every message has its row: else theirs may still come.
            boolean all = mailbox.state() != null && renumbering.countPlaced(key) >= mailbox.total();
            if (!all) {
                return false;
            }
            var destroyed = messages.deleteUnplaced(key);
            mailboxes.recount(key);
            var now = mailboxes.find(key).orElseThrow();
            mailboxes.synced(key, Mailbox.Sync.COMPLETE, now.state(), now.total(), now.total());
            tell(mailbox, List.of(), List.of(), ids(destroyed), true);
            return true;
        });
    }

    /** Those of these messages that have no row. */
    List<RemoteId> unknown(MailboxKey key, Collection<RemoteId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var known = messages.knownAmong(key, ids);
        return ids.stream().filter(id -> !known.contains(id)).toList();
    }

    void dropHalves(MailboxKey key) {
        writes.run(key.accountId(), () -> messages.deleteHalves(key));
    }

    /** How the rows differ from what the provider lists. */
    Comparison.Differences differences(MailboxKey key, Changes.Snapshot snapshot) {
        return comparison.of(key, snapshot);
    }

    /** The messages of a snapshot that have no row, newest first. */
    List<RemoteId> missing(MailboxKey key, Changes.Snapshot snapshot) {
        return snapshot.reused()
                ? snapshot.all().reversed().stream().map(Changes.Entry::id).toList()
                : comparison.of(key, snapshot).missing().reversed();
    }

    private Map<RemoteId, Written> placed(MailboxKey key, RowBatch fetched) {
        return fetched.messages().isEmpty() || !renumbering.hasUnplaced(key)
                ? Map.of()
                : renumbering.place(key, fetched);
    }
}
