package dev.valija.mailbox;

import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of messages. All writes are batches and happen within {@link IndexWrites}; each says what it did to the
 * counts, so that nothing is ever counted on read.
 */
@Repository
class MessageIndex {
    /** Where the arrival of messages begins whose new id is not known yet: see V007. */
    private static final long UNPLACED = 1L << 62;

    /** All of the messages of a mailbox for which something holds. */
    private static final String DELETE = """
            with gone as (
                delete from message_place where account_id = :account and mailbox_id = :mailbox and %s
                returning message_id, unread),
            row as (delete from message m using gone g where m.account_id = :account and m.id = g.message_id),
            preview as (
                delete from message_preview v using gone g where v.account_id = :account and v.message_id = g.message_id)
            select message_id, -unread::int from gone
            """;

    private final JdbcClient jdbc;
    private final ThreadIndex threads;
    private final SubjectRepair repair;

    MessageIndex(JdbcClient jdbc, ThreadIndex threads, SubjectRepair repair) {
        this.jdbc = jdbc;
        this.threads = threads;
        this.repair = repair;
    }

    /** A row that a statement wrote: its id, and by how much the unread count grew with it. */
    record Written(long id, int unread) {
        static List<Long> ids(List<Written> rows) {
            return rows.stream().map(Written::id).toList();
        }

        static int unread(List<Written> rows) {
            return rows.stream().mapToInt(Written::unread).sum();
        }
    }

    /** Adds rows with their threads. Messages that are there already are left as they are. @return the new ones */
    List<Written> insert(MailboxKey mailbox, Collection<RemoteMessage> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        var batch = new RowBatch(messages);
        var threadIds = threads.assign(mailbox.accountId(), batch.links());
        var written = batch.bind(jdbc.sql("""
                        with r as materialized (
                            select *, timestamptz 'epoch' + received * interval '1 microsecond' received_at
                              from unnest(:ids::bigint[], :threads::bigint[], :messageIds::text[], :subjects::text[],
                                          :baseSubjects::text[], :fromTexts::text[], :envelopes::text[],
                                          :received::bigint[], :sent::bigint[], :sizes::bigint[], :keywords::text[],
                                          :attachments::boolean[], :structures::text[], :words::text[],
                                          :unreferenced::boolean[])
                                as r (id, thread, message_id, subject, base, from_text, envelope, received, sent, size,
                                      keywords, attachment, structure, words, unreferenced)),
                        place as (
                            insert into message_place
                                   (account_id, mailbox_id, remote_id, received_at, arrival, keywords, thread_id,
                                    has_attachment)
                            select :account, :mailbox, r.id, r.received_at, r.id, string_to_array(r.keywords, ' '),
                                   r.thread, r.attachment
                              from r
                            on conflict (account_id, mailbox_id, remote_id) do nothing
                            returning message_id, remote_id, unread),
                        words as (
                            insert into message_words (account_id, received_at, message_id, words)
                            select :account, r.received_at, p.message_id, r.words::tsvector
                              from r join place p on p.remote_id = r.id),
                        row as (
                            insert into message (account_id, id, mailbox_id, arrival, message_id, subject,
                                   base_subject, from_text, envelope, received_at, sent_at, size, has_attachment,
                                   structure, unreferenced)
                            select :account, p.message_id, :mailbox, r.id, r.message_id, r.subject, r.base,
                                   r.from_text, r.envelope::jsonb, r.received_at,
                                   timestamptz 'epoch' + r.sent * interval '1 microsecond', r.size, r.attachment,
                                   r.structure::jsonb, r.unreferenced
                              from r join place p on p.remote_id = r.id)
                        select message_id, unread::int from place
                        """), threadIds)
                .param("words", batch.words(mailbox.accountId()))
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query((rs, n) -> new Written(rs.getLong(1), rs.getInt(2)))
                .list();
        repair.after(mailbox.accountId(), batch);
        return written;
    }

    /** Sets keywords where they differ. @return the rows that changed */
    List<Written> keywords(MailboxKey mailbox, Map<RemoteId, Set<Keyword>> changed) {
        if (changed.isEmpty()) {
            return List.of();
        }
        var ids = changed.keySet().stream().map(RemoteId::value).toArray(Long[]::new);
        var words = changed.values().stream().map(RowBatch::keywords).toArray(String[]::new);
        return jdbc.sql("""
                        update message_place p set keywords = string_to_array(c.keywords, ' ')
                          from unnest(:ids::bigint[], :keywords::text[]) as c (remote_id, keywords)
                         where p.account_id = :account and p.mailbox_id = :mailbox and p.remote_id = c.remote_id
                           and p.keywords <> string_to_array(c.keywords, ' ')
                        returning new.message_id, new.unread::int - old.unread::int
                        """)
                .param("ids", ids)
                .param("keywords", words)
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query((rs, n) -> new Written(rs.getLong(1), rs.getInt(2)))
                .list();
    }

    /** Adds and removes keywords. @return the rows that changed */
    List<Written> changeKeywords(
            MailboxKey mailbox, Collection<RemoteId> messages, Set<Keyword> add, Set<Keyword> remove) {
        return jdbc.sql("""
                        update message_place p set keywords = c.keywords
                          from (select o.message_id,
                                       coalesce((select array_agg(distinct k collate "C" order by k collate "C")
                                                   from unnest(o.keywords || :add::text[]) k
                                                  where k <> all (:remove::text[])), '{}') keywords
                                  from message_place o where o.account_id = :account and o.mailbox_id = :mailbox
                                   and o.remote_id = any (:ids)) c
                         where p.account_id = :account and p.message_id = c.message_id and p.keywords <> c.keywords
                        returning new.message_id, new.unread::int - old.unread::int
                        """)
                .param("ids", messages.stream().map(RemoteId::value).toArray(Long[]::new))
                .param("add", add.stream().map(Keyword::value).toArray(String[]::new))
                .param("remove", remove.stream().map(Keyword::value).toArray(String[]::new))
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query((rs, n) -> new Written(rs.getLong(1), rs.getInt(2)))
                .list();
    }

    /** Takes rows out. @return those that were there, with what the unread count loses, negative */
    List<Written> delete(MailboxKey mailbox, Collection<RemoteId> gone) {
        if (gone.isEmpty()) {
            return List.of();
        }
        return deleted(
                mailbox,
                jdbc.sql(DELETE.formatted("remote_id = any (:ids)"))
                        .param("ids", gone.stream().map(RemoteId::value).toArray(Long[]::new)));
    }

    /**
     * Moves rows to another mailbox; they keep our ids.
     *
     * @param newIds where the provider told; the others wait to be matched when the target is next read
     * @return the rows moved, with the unread they take along
     */
    List<Written> move(
            MailboxKey source, MailboxKey target, Collection<RemoteId> moved, Map<RemoteId, RemoteId> newIds) {
        var olds = List.copyOf(moved);
        var news = olds.stream()
                .map(old -> newIds.containsKey(old) ? (Long) newIds.get(old).value() : null)
                .toArray(Long[]::new);
        return jdbc.sql("""
                        with place as (
                            update message_place p set mailbox_id = :target, remote_id = n.new_id,
                                   arrival = coalesce(n.new_id, :unplaced + p.message_id)
                              from unnest(:old::bigint[], :new::bigint[]) as n (old_id, new_id)
                             where p.account_id = :account and p.mailbox_id = :source and p.remote_id = n.old_id
                            returning p.message_id, p.arrival, p.unread),
                        row as (
                            update message m set mailbox_id = :target, arrival = p.arrival
                              from place p where m.account_id = :account and m.id = p.message_id)
                        select message_id, unread::int from place
                        """)
                .param("target", target.id())
                .param("unplaced", UNPLACED)
                .param("old", olds.stream().map(RemoteId::value).toArray(Long[]::new))
                .param("new", news)
                .param("account", source.accountId())
                .param("source", source.id())
                .query((rs, n) -> new Written(rs.getLong(1), rs.getInt(2)))
                .list();
    }

    /** Those of these messages that have a row. */
    Set<RemoteId> knownAmong(MailboxKey mailbox, Collection<RemoteId> ids) {
        return Set.copyOf(jdbc.sql("""
                        select remote_id from message_place
                         where account_id = ? and mailbox_id = ? and remote_id = any (?)
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(ids.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((rs, n) -> new RemoteId(rs.getLong(1)))
                .list());
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
    Map<RemoteId, Written> place(MailboxKey mailbox, Collection<RemoteMessage> messages) {
        var placed = new HashMap<RemoteId, Written>();
        // INTERNALDATE has whole seconds (RFC 9051 2.3.3), and servers may keep no more of it when they rebuild.
        new RowBatch(messages)
                .bindIdentity(jdbc.sql("""
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
                .param("unplaced", UNPLACED)
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

    /** Takes out the rows whose messages were not found again. */
    List<Written> deleteUnplaced(MailboxKey mailbox) {
        return deleted(mailbox, jdbc.sql(DELETE.formatted("remote_id is null")));
    }

    /** Takes out what is but half there: a place without its message, or a message without its place. */
    void deleteHalves(MailboxKey mailbox) {
        jdbc.sql("""
                        with place as (
                            delete from message_place p where account_id = :account and mailbox_id = :mailbox
                               and not exists (select from message m
                                                where m.account_id = p.account_id and m.id = p.message_id))
                        delete from message m where account_id = :account and mailbox_id = :mailbox
                           and not exists (select from message_place p
                                            where p.account_id = m.account_id and p.message_id = m.id)
                        """)
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .update();
    }

    void deleteAll(MailboxKey mailbox) {
        deleted(mailbox, jdbc.sql(DELETE.formatted("true")));
    }

    private static List<Written> deleted(MailboxKey mailbox, JdbcClient.StatementSpec statement) {
        return statement
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query((rs, n) -> new Written(rs.getLong(1), rs.getInt(2)))
                .list();
    }

    void removeAccount(long accountId) {
        for (var table : List.of("message", "message_place", "message_preview")) {
            jdbc.sql("delete from " + table + " where account_id = ?")
                    .param(accountId)
                    .update();
        }
        threads.removeAccount(accountId);
    }
}
