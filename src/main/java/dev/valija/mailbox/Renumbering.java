package dev.valija.mailbox;

import dev.valija.mailbox.MessageIndex.Written;
import dev.valija.upstream.RemoteId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Rows whose messages the provider calls by other ids than before: they lose their places, and have them again once
 * their messages are found. So our ids outlive the provider's. All within {@link IndexWrites}.
 */
@Repository
class Renumbering {
    private final JdbcClient jdbc;

    Renumbering(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All rows of a mailbox lose their places: the provider calls its messages by new ids. */
    void unplace(MailboxKey mailbox) {
        jdbc.sql("update message_place set remote_id = null where account_id = ? and mailbox_id = ?")
                .param(mailbox.accountId())
                .param(mailbox.id())
                .update();
    }

    /** These rows lose their places: their messages may be there under other ids. */
    void unplace(MailboxKey mailbox, Collection<RemoteId> gone) {
        jdbc.sql(
                        "update message_place set remote_id = null where account_id = ? and mailbox_id = ? and remote_id = any (?)")
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(gone.stream().map(RemoteId::value).toArray(Long[]::new))
                .update();
    }

    boolean hasUnplaced(MailboxKey mailbox) {
        return jdbc.sql("""
                        select exists (select from message_place
                                        where account_id = ? and mailbox_id = ? and remote_id is null)
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .query(Boolean.class)
                .single();
    }

    /**
     * Gives rows without a place those of the same messages: by Message-ID, size and time of arrival, the n-th of
     * equals to the n-th. @return the messages placed, by remote id, with how the unread count changed
     */
    Map<RemoteId, Written> place(MailboxKey mailbox, RowBatch messages) {
        var placed = new HashMap<RemoteId, Written>();
        // INTERNALDATE has whole seconds (RFC 9051 2.3.3), and servers may keep no more of it when they rebuild.
        messages.bindIdentity(jdbc.sql("""
                        with wanted as (
                            select r.*, row_number() over (partition by r.message_id, r.size, r.received / 1000000
                                                           order by r.id) n
                              from unnest(:ids::bigint[], :messageIds::text[], :received::bigint[], :sizes::bigint[],
                                          :keywords::text[]) as r (id, message_id, received, size, keywords)
                             where not exists (select from message_place p where p.account_id = :account
                                                  and p.mailbox_id = :mailbox and p.remote_id = r.id)),
                        homeless as (
                            select m.id, m.message_id, m.size, floor(extract(epoch from m.received_at))::bigint arrived,
                                   row_number() over (partition by m.message_id, m.size,
                                                      date_trunc('second', m.received_at) order by m.id) n
                              from message m join message_place p on p.account_id = m.account_id and p.message_id = m.id
                             where p.account_id = :account and p.mailbox_id = :mailbox and p.remote_id is null),
                        place as (
                            update message_place p set remote_id = w.id, keywords = string_to_array(w.keywords, ' '),
                                   arrival = case when p.arrival < :unplaced then p.arrival else w.id end
                              from wanted w join homeless h
                                on h.message_id is not distinct from w.message_id and h.size = w.size
                               and h.arrived = floor(w.received / 1000000.0)::bigint and h.n = w.n
                             where p.account_id = :account and p.message_id = h.id
                            returning w.id, p.message_id, new.arrival, old.arrival before,
                                      new.unread::int - old.unread::int unread),
                        row as (
                            update message m set arrival = p.arrival from place p
                             where m.account_id = :account and m.id = p.message_id and p.arrival <> p.before)
                        select id, message_id, unread from place
                        """))
                .param("unplaced", MessageIndex.UNPLACED)
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query((rs, n) -> placed.put(new RemoteId(rs.getLong(1)), new Written(rs.getLong(2), rs.getInt(3))))
                .list();
        return placed;
    }

    int countPlaced(MailboxKey mailbox) {
        return jdbc.sql("""
                        select count(*) from message_place
                         where account_id = ? and mailbox_id = ? and remote_id is not null
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .query(Integer.class)
                .single();
    }
}
