package dev.valija.mailbox;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * When a mailbox is audited: a glance at the mailboxes that were read of late, each at most every ten minutes, by the
 * node that read them; and once a day a comparison of everything, by one node, the accounts taking turns.
 */
@Repository
class AuditSchedule {
    private static final long GLANCE_NANOS = Duration.ofMinutes(10).toNanos();
    /** Long enough for the largest mailbox; then another node may take over from one that died. */
    private static final Duration CLAIM = Duration.ofMinutes(15);

    private final JdbcClient jdbc;
    private final Set<MailboxKey> read = ConcurrentHashMap.newKeySet();
    private final Map<MailboxKey, Long> glanced = new ConcurrentHashMap<>();
    private long lastAccount;

    AuditSchedule(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The index follows the mailbox: it is worth a glance before long. */
    void wasRead(MailboxKey mailbox) {
        read.add(mailbox);
    }

    /** A mailbox that is due for a glance. */
    Optional<MailboxKey> nextGlance() {
        long now = System.nanoTime();
        glanced.values().removeIf(then -> now - then > GLANCE_NANOS);
        var next = read.stream().filter(key -> !glanced.containsKey(key)).findAny();
        next.ifPresent(key -> {
            read.remove(key);
            glanced.put(key, now);
        });
        return next;
    }

    /** A mailbox of these accounts that is due for a comparison: nobody else gets it for a while. */
    synchronized Optional<MailboxKey> nextComparison(Collection<Long> accounts) {
        var next = jdbc.sql("""
                        update mailbox b set compare_at = now() + :claim * interval '1 second'
                          from (select account_id, id from mailbox
                                 where account_id = any (:accounts) and sync = 'complete' and selectable
                                   and compare_at <= now()
                                 order by account_id <= :last, account_id, compare_at limit 1
                                   for update skip locked) due
                         where b.account_id = due.account_id and b.id = due.id
                        returning b.account_id, b.id
                        """)
                .param("claim", CLAIM.toSeconds())
                .param("accounts", accounts.toArray(Long[]::new))
                .param("last", lastAccount)
                .query((rs, n) -> new MailboxKey(rs.getLong(1), rs.getLong(2)))
                .optional();
        next.ifPresent(key -> lastAccount = key.accountId());
        return next;
    }

    /** The mailbox has been compared: again in a day, more or less. */
    void compared(MailboxKey mailbox) {
        jdbc.sql("""
                        update mailbox set compare_at = now() + (0.9 + 0.2 * random()) * interval '1 day'
                         where account_id = ? and id = ?
                        """).param(mailbox.accountId()).param(mailbox.id()).update();
    }
}
