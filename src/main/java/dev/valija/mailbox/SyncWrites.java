package dev.valija.mailbox;

import static dev.valija.mailbox.MessageIndex.Written.ids;
import static dev.valija.mailbox.MessageIndex.Written.unread;

import dev.valija.mailbox.MessageIndex.Known;
import dev.valija.mailbox.MessageIndex.Written;
import dev.valija.message.Keyword;
import dev.valija.upstream.Changes;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes what a provider said of a mailbox to the index: rows, counts, state and event in one transaction each. */
@Component
class SyncWrites {
    private static final Logger log = LoggerFactory.getLogger(SyncWrites.class);

    private final IndexWrites writes;
    private final MailboxIndex mailboxes;
    private final MessageIndex messages;
    private final Rows rows;

    SyncWrites(IndexWrites writes, MailboxIndex mailboxes, MessageIndex messages, Rows rows) {
        this.writes = writes;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.rows = rows;
    }

    void firstPage(Mailbox mailbox, MailStore.Newest newest) {
        writes.run(mailbox.accountId(), () -> {
            var inserted = rows.insert(mailbox.key(), newest.messages());
            var unread = inserted.stream().mapToInt(Written::unread).sum();
            boolean all = newest.total() <= newest.messages().size();
            mailboxes.counts(mailbox.key(), newest.total(), all ? unread : Math.max(unread, mailbox.unread()));
            mailboxes.synced(mailbox.key(), Mailbox.Sync.SYNCING, null, inserted.size(), newest.total());
            writes.tell(mailbox.accountId(), IndexChange.ofMailboxes(List.of(mailbox.id())));
        });
    }

    /**
     * Applies what was read, unless the mailbox has been read by another since.
     *
     * @return whether it was applied
     */
    boolean apply(MailboxSync.Read read) {
        var key = read.mailbox().key();
        return writes.in(key.accountId(), () -> {
            var now = mailboxes.find(key).orElse(null);
            if (now == null) {
                return true;
            }
            if (!MailboxSync.same(now.state(), read.mailbox().state())) {
                return false;
            }
            switch (read.changes()) {
                case Changes.Delta delta -> apply(now, delta, read);
                case Changes.Snapshot snapshot -> apply(now, snapshot, read.rows());
            }
            return true;
        });
    }

    private void apply(Mailbox mailbox, Changes.Delta delta, MailboxSync.Read read) {
        var key = mailbox.key();
        var fetched = read.rows();
        boolean more = read.wanted() > MailboxSync.MOST_AT_ONCE;
        var placed = placed(key, fetched);
        var created = rows.insert(key, without(fetched, placed));
        var updated = new ArrayList<>(placed.values());
        updated.addAll(messages.keywords(key, delta.changed()));
        var destroyed = new ArrayList<>(messages.delete(key, delta.vanished()));
        if (mailbox.complete() && !more) {
            destroyed.addAll(messages.deleteUnplaced(key));
        }
        int unread = unread(created) + unread(updated) + unread(destroyed);
        int growth = created.size() - destroyed.size();
        boolean inStep = !mailbox.complete() || isWhole(mailbox.total() + growth, delta, read);
        if (mailbox.complete() && inStep) {
            mailboxes.count(key, growth, unread);
        } else {
            mailboxes.counts(key, delta.total(), mailbox.unread() + unread);
        }
        var sync = inStep ? mailbox.sync() : Mailbox.Sync.SYNCING;
        int done = (mailbox.complete() ? mailbox.total() : mailbox.syncDone()) + growth;
        mailboxes.synced(key, sync, delta.state(), Math.min(done, delta.total()), delta.total());
        tell(mailbox, ids(created), ids(updated), ids(destroyed), growth != 0 || unread != 0);
    }

    private static boolean isWhole(int known, Changes.Delta delta, MailboxSync.Read read) {
        if (read.wanted() > MailboxSync.MOST_AT_ONCE) {
            return false;
        }
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

    private void apply(Mailbox mailbox, Changes.Snapshot snapshot, List<RemoteMessage> fetched) {
        var key = mailbox.key();
        var known = messages.known(key);
        var all = new HashSet<RemoteId>();
        snapshot.all().forEach(entry -> all.add(entry.id()));
        if (!known.isEmpty() && !all.isEmpty() && known.keySet().stream().noneMatch(all::contains)) {
            // UIDVALIDITY changed: the messages may well be the same under new ids.
            messages.unplace(key);
            known = Map.of();
        }
        var gone = known.keySet().stream().filter(id -> !all.contains(id)).toList();
        var destroyed = new ArrayList<>(messages.delete(key, gone));
        var updated = new ArrayList<>(messages.keywords(key, MessageIndex.changed(known, snapshot.all())));
        var placed = placed(key, fetched);
        updated.addAll(placed.values());
        var created = rows.insert(key, without(fetched, placed));
        int missing = all.size() - (known.size() - gone.size()) - placed.size() - created.size();
        if (missing <= 0) {
            destroyed.addAll(messages.deleteUnplaced(key));
        }
        int unread = (int) snapshot.all().stream()
                .filter(entry -> !entry.keywords().contains(Keyword.SEEN))
                .count();
        mailboxes.counts(key, snapshot.total(), unread);
        if (missing <= 0) {
            mailboxes.recount(key);
            mailboxes.synced(key, Mailbox.Sync.COMPLETE, snapshot.state(), all.size(), all.size());
        } else {
            mailboxes.synced(key, Mailbox.Sync.SYNCING, snapshot.state(), all.size() - missing, all.size());
        }
        // Rows that come in for the first time are no news: the mailbox is.
        boolean counted = mailbox.total() != snapshot.total()
                || mailbox.unread() != unread
                || mailbox.complete() != (missing <= 0);
        var news = mailbox.complete() ? ids(created) : List.<Long>of();
        tell(mailbox, news, ids(updated), ids(destroyed), counted);
    }

    private void tell(Mailbox mailbox, List<Long> created, List<Long> updated, List<Long> destroyed, boolean counted) {
        var change = IndexChange.of(mailbox.id(), created, updated, destroyed);
        writes.tell(
                mailbox.accountId(),
                change.isEmpty() && counted ? IndexChange.ofMailboxes(List.of(mailbox.id())) : change);
    }

    /** What a chunk of filling did. */
    enum Chunk {
        WRITTEN,
        /** The mailbox moved on while it was fetched: it must be refreshed. */
        OVERTAKEN,
        GONE
    }

    /** Writes some of the missing rows, fetched when the mailbox was at {@code since}. */
    Chunk fill(MailboxKey key, @Nullable SyncState since, List<RemoteMessage> fetched) {
        return writes.in(key.accountId(), () -> {
            var now = mailboxes.find(key).orElse(null);
            if (now == null) {
                return Chunk.GONE;
            }
            var placed = placed(key, fetched);
            var created = rows.insert(key, without(fetched, placed));
            int done = now.syncDone() + placed.size() + created.size();
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
            boolean all = mailbox.state() != null && messages.countPlaced(key) >= mailbox.total();
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

    List<RemoteId> missing(MailboxKey key, Changes.Snapshot snapshot) {
        Map<RemoteId, Known> known = messages.known(key);
        return MessageIndex.missing(known, snapshot.all());
    }

    private Map<RemoteId, Written> placed(MailboxKey key, List<RemoteMessage> fetched) {
        return fetched.isEmpty() || !messages.hasUnplaced(key) ? Map.of() : messages.place(key, fetched);
    }

    private static List<RemoteMessage> without(List<RemoteMessage> fetched, Map<RemoteId, Written> placed) {
        Stream<RemoteMessage> rest = fetched.stream().filter(m -> !placed.containsKey(m.id()));
        return placed.isEmpty() ? fetched : rest.toList();
    }
}
