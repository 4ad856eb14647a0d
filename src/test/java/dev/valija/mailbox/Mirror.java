package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FakeMailStore;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteMailbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Compares the index with what the provider holds. */
final class Mirror {

    /** A message as both sides must show it. */
    record Seen(long remoteId, String messageId, String subject, long size, String keywords) {}

    static void await(BooleanSupplier condition) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }

    /** Waits until the index shows what the store holds: mailboxes, counts and messages. */
    static void awaitEqual(JdbcClient jdbc, long accountId, FakeMailStore store) {
        settled(() -> assertEqual(jdbc, accountId, store));
    }

    private static void settled(Runnable assertion) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion::run);
    }

    static void assertEqual(JdbcClient jdbc, long accountId, FakeMailStore store) {
        var remote = ((MailStore) store).mailboxes();
        assertThat(counts(jdbc, accountId)).isEqualTo(counts(remote));
        for (var mailbox : remote) {
            if (mailbox.selectable()) {
                assertEqual(jdbc, accountId, store, mailbox.name());
            }
        }
    }

    static void assertEqual(JdbcClient jdbc, long accountId, FakeMailStore store, String mailbox) {
        var held = store.messages(mailbox).stream()
                .map(m -> new Seen(
                        m.id().value(),
                        m.envelope().messageId(),
                        m.envelope().subject(),
                        m.size(),
                        RowBatch.keywords(m.keywords())))
                .toList();
        assertThat(rows(jdbc, accountId, mailbox)).as(mailbox).isEqualTo(held);
        assertThat(jdbc.sql("""
                                select count(*) from message m full join message_place p
                                    on p.account_id = m.account_id and p.message_id = m.id
                                   and (p.mailbox_id, p.received_at, p.arrival) = (m.mailbox_id, m.received_at, m.arrival)
                                 where m.id is null or p.message_id is null
                                """).query(Long.class).single())
                .as("halves without the other half")
                .isZero();
    }

    static List<Seen> rows(JdbcClient jdbc, long accountId, String mailbox) {
        return jdbc.sql("""
                        select remote_id, message_id, subject, size, array_to_string(keywords, ' ') from stored_message m
                         where account_id = :account and mailbox_id = (select id from mailbox b
                               where b.account_id = :account and remote_name = :mailbox)
                         order by remote_id
                        """)
                .param("account", accountId)
                .param("mailbox", mailbox)
                .query((rs, n) ->
                        new Seen(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getLong(4), rs.getString(5)))
                .list();
    }

    /** Our ids by Message-ID. */
    static Map<String, Long> ids(JdbcClient jdbc, long accountId, String mailbox) {
        var ids = new TreeMap<String, Long>();
        jdbc.sql("""
                        select message_id, id from message where account_id = :account
                           and mailbox_id = (select id from mailbox b
                               where b.account_id = :account and remote_name = :mailbox)
                        """)
                .param("account", accountId)
                .param("mailbox", mailbox)
                .query((rs, n) -> ids.put(rs.getString(1), rs.getLong(2)))
                .list();
        return ids;
    }

    private static Map<String, String> counts(List<RemoteMailbox> remote) {
        return new TreeMap<>(remote.stream()
                .collect(Collectors.toMap(
                        RemoteMailbox::name,
                        m -> m.selectable() ? m.total() + "/" + m.unread() + " " + m.role() : "parent")));
    }

    private static Map<String, String> counts(JdbcClient jdbc, long accountId) {
        var counts = new TreeMap<String, String>();
        jdbc.sql("select * from mailbox where account_id = ?")
                .param(accountId)
                .query(MailboxIndex::row)
                .list()
                .forEach(m -> counts.put(
                        m.remoteName(), m.selectable() ? m.total() + "/" + m.unread() + " " + m.role() : "parent"));
        return counts;
    }

    private Mirror() {}
}
