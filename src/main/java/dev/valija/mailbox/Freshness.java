package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Decides when the index is brought up to date: on news of a watch, and when somebody looks. */
@Service
class Freshness {
    private static final Logger log = LoggerFactory.getLogger(Freshness.class);
    private static final long TREE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long MAILBOX_NANOS = Duration.ofSeconds(10).toNanos();
    /** So many mailboxes in a row break the conversation off, and it is the server that is away. */
    private static final int MOST_LOST = 3;

    private final MailboxTree tree;
    private final MailboxIndex mailboxes;
    private final MailboxSync sync;
    private final Filling filling;
    private final IndexWrites writes;
    private final SingleFlight<Long> lists = new SingleFlight<>();
    private final Map<Long, Long> listed = new ConcurrentHashMap<>();
    private final Map<MailboxKey, Long> refreshed = new ConcurrentHashMap<>();

    Freshness(MailboxTree tree, MailboxIndex mailboxes, MailboxSync sync, Filling filling, IndexWrites writes) {
        this.tree = tree;
        this.mailboxes = mailboxes;
        this.sync = sync;
        this.filling = filling;
        this.writes = writes;
    }

    /**
     * Somebody is about to read a mailbox. One that is known is read as it is, and brought up to date meanwhile; one
     * never read gets its first page now.
     *
     * @return the mailbox as it is now
     */
    Mailbox lookedAt(Mailbox mailbox) {
        filling.wanted(mailbox.key());
        if (!mailbox.known()) {
            var now = sync.firstPage(mailbox);
            refreshed.put(mailbox.key(), System.nanoTime());
            filling.wake(mailbox.accountId());
            return now;
        }
        if (due(refreshed, mailbox.key(), MAILBOX_NANOS) && mailbox.selectable()) {
            later("refresh", () -> refresh(mailbox.key()));
        }
        return mailbox;
    }

    /** Somebody looked at the list of mailboxes. */
    void lookedAtTree(long accountId) {
        if (due(listed, accountId, TREE_NANOS)) {
            later("list", () -> catchUp(accountId));
        }
    }

    /** Brings one mailbox up to date. */
    void refresh(MailboxKey key) {
        refreshed.put(key, System.nanoTime());
        sync.refresh(key);
        if (mailboxes.find(key).filter(m -> m.selectable() && !m.complete()).isPresent()) {
            filling.wake(key.accountId());
        }
    }

    /** Brings one mailbox up to date, by the provider's name of it. */
    void refresh(long accountId, String remoteName) {
        var mailbox = mailboxes.byName(accountId, remoteName);
        if (mailbox.isPresent()) {
            refresh(mailbox.get().key());
        } else {
            catchUp(accountId);
        }
    }

    /** New mail has come to a mailbox, and its rows along with it: they go into the index as they are if they fit. */
    void arrived(long accountId, String remoteName, Upstream.Arrivals arrivals) {
        var mailbox = mailboxes.byName(accountId, remoteName);
        if (mailbox.isEmpty() || !sync.arrived(mailbox.get().key(), arrivals)) {
            refresh(accountId, remoteName);
        }
    }

    /**
     * Lists the account's mailboxes and refreshes each that has moved on. Those who ask meanwhile share the next run.
     *
     * @throws UpstreamException when the provider cannot be reached, or a mailbox it lists cannot be read: then all
     *     others are up to date
     */
    void catchUp(long accountId) {
        listed.put(accountId, System.nanoTime());
        lists.run(accountId, () -> {
            var moved = tree.relist(accountId).stream()
                    .sorted(Comparator.comparing(MailboxTree.Moved::key, Comparator.comparingLong(MailboxKey::id)))
                    .toList();
            try {
                refreshAll(moved);
            } finally {
                filling.wake(accountId);
            }
        });
    }

    /** What a user sees first: the mailboxes and the newest messages of INBOX, before all else. */
    void firstLook(long accountId) {
        listed.put(accountId, System.nanoTime());
        for (var mailbox : tree.known(accountId)) {
            if (mailbox.role() == MailboxRole.INBOX && !mailbox.known()) {
                refreshed.put(mailbox.key(), System.nanoTime());
                sync.firstPage(mailbox);
            }
        }
        filling.wake(accountId);
    }

    private void refreshAll(List<MailboxTree.Moved> moved) {
        UpstreamException refused = null;
        int lost = 0;
        for (var mailbox : moved) {
            if (mailboxes.find(mailbox.key()).filter(m -> m.state() != null).isEmpty()) {
                continue; // whose rest has never been read: filling does that, and reads it once
            }
            try {
                refresh(mailbox.key());
                // Only now: had it failed, the next list would have to find it behind again.
                writes.run(mailbox.key().accountId(), () -> mailboxes.remoteState(mailbox.key(), mailbox.state()));
                lost = 0;
            } catch (UpstreamException e) {
                log.info("mailbox {} cannot be refreshed: {}", mailbox.key(), e.problem());
                lost = e.connectionUsable() ? 0 : lost + 1;
                if (lost == MOST_LOST) {
                    throw e;
                }
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    void forget(long accountId) {
        listed.remove(accountId);
        refreshed.keySet().removeIf(key -> key.accountId() == accountId);
    }

    /** Runs it beside the caller, who has no use for its failure: {@link Provider} remembers it. */
    static void later(String what, Runnable work) {
        Thread.ofVirtual().name("mailbox-" + what).start(() -> now(what, work));
    }

    /** Runs it, whatever comes of it. */
    static void now(String what, Runnable work) {
        try {
            work.run();
        } catch (ProblemException e) {
            log.info("{} did not succeed: {}", what, e.problem());
        } catch (RuntimeException e) {
            log.warn("{} failed", what, e);
        }
    }

    private static <K> boolean due(Map<K, Long> last, K key, long after) {
        long now = System.nanoTime();
        var due = new boolean[1];
        last.compute(key, (k, then) -> {
            due[0] = then == null || now - then > after;
            return due[0] ? (Long) now : then;
        });
        return due[0];
    }
}
