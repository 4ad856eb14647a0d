package dev.valija.mailbox;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who watches which account: one node each, for as long as it says so every few seconds. */
@Repository
class WatchLeases {
    private final JdbcClient jdbc;

    WatchLeases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The account is in use for that long. */
    void keepActive(long accountId, Duration active) {
        jdbc.sql("""
                        insert into watch_lease (account_id, active_until)
                        values (:account, now() + :active * interval '1 second')
                        on conflict (account_id) do update
                           set active_until = greatest(watch_lease.active_until, excluded.active_until)
                        """)
                .param("account", accountId)
                .param("active", active.toSeconds())
                .update();
    }

    /** Takes leases of accounts in use that no living node holds, at most so many. @return those taken */
    List<Long> take(UUID node, Duration lease, int most) {
        return jdbc.sql("""
                        update watch_lease set holder = :node, held_until = now() + :lease * interval '1 millisecond'
                         where account_id in (select account_id from watch_lease
                                               where active_until > now() and (holder is null or held_until < now())
                                               order by account_id limit :most for update skip locked)
                        returning account_id
                        """)
                .param("node", node)
                .param("lease", lease.toMillis())
                .param("most", most)
                .query(Long.class)
                .list();
    }

    /** Holds on to leases. @return those still held; the others expired and are another's, or are out of use */
    List<Long> renew(UUID node, Duration lease) {
        return jdbc.sql("""
                        update watch_lease set held_until = now() + :lease * interval '1 millisecond'
                         where holder = :node and active_until > now()
                        returning account_id
                        """)
                .param("node", node)
                .param("lease", lease.toMillis())
                .query(Long.class)
                .list();
    }

    void release(UUID node, Collection<Long> accounts) {
        jdbc.sql("""
                        update watch_lease set holder = null, held_until = null
                         where holder = :node and account_id = any (:accounts)
                        """)
                .param("node", node)
                .param("accounts", accounts.toArray(Long[]::new))
                .update();
    }

    /** Forgets accounts that have not been in use for long. */
    void sweep() {
        jdbc.sql("delete from watch_lease where active_until < now() - interval '1 day'")
                .update();
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from watch_lease where account_id = ?")
                .param(accountId)
                .update();
    }
}
