package dev.valija.mailbox;

import dev.valija.upstream.Changes;
import dev.valija.upstream.Fingerprint;
import dev.valija.upstream.MailboxRole;
import java.math.BigDecimal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Finds where the index has drifted from its provider, whatever the cause, and repairs it: only the rows that differ
 * are touched, and only what changed is told. Looks without holding the mailbox, so that no user waits.
 */
@Service
class Audit {
    private static final Logger log = LoggerFactory.getLogger(Audit.class);

    private final Provider provider;
    private final MailboxIndex mailboxes;
    private final MailboxSync sync;
    private final Comparison comparison;
    private final JdbcClient jdbc;
    private final ThreadIndex threads;
    private final IndexWrites writes;

    Audit(
            Provider provider,
            MailboxIndex mailboxes,
            MailboxSync sync,
            Comparison comparison,
            JdbcClient jdbc,
            ThreadIndex threads,
            IndexWrites writes) {
        this.provider = provider;
        this.mailboxes = mailboxes;
        this.sync = sync;
        this.comparison = comparison;
        this.jdbc = jdbc;
        this.threads = threads;
        this.writes = writes;
    }

    /** Compares which messages there are, and the counts. Cheap: one search at the provider, one read of an index. */
    void glance(MailboxKey key) {
        sync.refresh(key);
        var mailbox = mailboxes.find(key).orElse(null);
        if (mailbox == null || !mailbox.complete() || !mailbox.selectable()) {
            return;
        }
        var there = provider.with(key.accountId(), store -> store.fingerprint(mailbox.remoteName()));
        if (!there.equals(fingerprint(key)) || !countsFit(key)) {
            compare(key);
        }
    }

    /** Compares all messages and their keywords. */
    void compare(MailboxKey key) {
        sync.refresh(key);
        var mailbox = mailboxes.find(key).orElse(null);
        if (mailbox == null || !mailbox.complete() || !mailbox.selectable()) {
            return;
        }
        if (mailbox.role() == MailboxRole.INBOX) {
            // Every account has one: so it is done once a day for each.
            writes.run(key.accountId(), () -> threads.forgetDeserted(key.accountId()));
        }
        var all = provider.with(key.accountId(), store -> store.changes(mailbox.remoteName(), null));
        boolean counted = countsFit(key);
        boolean equal = all instanceof Changes.Snapshot snapshot
                && comparison.of(key, snapshot).none();
        if (equal && counted) {
            return;
        }
        if (!counted) {
            sync.dropHalves(key);
        }
        // Perhaps only since we looked: what is told in the usual way comes in first, and what then differs is a fault.
        var repaired = sync.repair(key);
        if (!repaired.isEmpty()) {
            log.warn(
                    "mailbox {} differed from its provider: {} messages were missing, {} too many, {} with other"
                            + " keywords, counts {}; repaired",
                    key,
                    repaired.created().size(),
                    repaired.destroyed().size(),
                    repaired.updated().size(),
                    mailboxes
                            .find(key)
                            .filter(now -> now.total() == mailbox.total() && now.unread() == mailbox.unread())
                            .map(now -> "right")
                            .orElse("wrong"));
        }
    }

    /** That of the rows: both sums are within the limits of their types for any mailbox. */
    private Fingerprint fingerprint(MailboxKey key) {
        return jdbc.sql("""
                        select count(remote_id), coalesce(sum(remote_id), 0),
                               coalesce(sum((remote_id & 2147483647) * (remote_id & 2147483647)), 0)
                          from message_place where account_id = ? and mailbox_id = ?
                        """)
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> new Fingerprint(rs.getInt(1), low(rs.getBigDecimal(2)), low(rs.getBigDecimal(3))))
                .single();
    }

    private static long low(BigDecimal sum) {
        return sum.toBigInteger().longValue();
    }

    private boolean countsFit(MailboxKey key) {
        return jdbc.sql("""
                        select (b.total, b.unread, b.total) = (places.total, places.unread, messages.total)
                          from mailbox b,
                               lateral (select count(*) total, count(*) filter (where unread) unread
                                          from message_place p
                                         where p.account_id = b.account_id and p.mailbox_id = b.id) places,
                               lateral (select count(*) total from message m
                                         where m.account_id = b.account_id and m.mailbox_id = b.id) messages
                         where b.account_id = ? and b.id = ?
                        """)
                .param(key.accountId())
                .param(key.id())
                .query(Boolean.class)
                .optional()
                .orElse(true);
    }
}
