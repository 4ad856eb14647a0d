package dev.valija.mailbox;

import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of messages. All writes are batches and happen within {@link IndexWrites}; each says what it did to the
 * counts, so that nothing is ever counted on read.
 */
@Repository
class MessageIndex {
    /** Where the arrival of messages begins whose new id is not known yet: see V007. */
    static final long UNPLACED = 1L << 62;

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
    List<Written> insert(MailboxKey mailbox, RowBatch batch) {
        if (batch.messages().isEmpty()) {
            return List.of();
        }
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
        var named = Stream.concat(add.stream(), remove.stream()).distinct().toList();
        var others = "p.keywords";
        for (int i = 0; i < named.size(); i++) {
            others = "array_remove(" + others + ", :keyword" + i + ")";
        }
        // Functions of arrays, for a subquery on each row's keywords takes several times as long.
        var statement = jdbc.sql("""
                        update message_place p set keywords = array_sort((%1$s || :added::text[]) collate "C")
                         where p.account_id = :account and p.mailbox_id = :mailbox and p.remote_id = any (:ids)
                           and p.keywords <> array_sort((%1$s || :added::text[]) collate "C")
                        returning new.message_id, new.unread::int - old.unread::int
                        """.formatted(others));
        for (int i = 0; i < named.size(); i++) {
            statement = statement.param("keyword" + i, named.get(i).value());
        }
        return statement
                .param("ids", messages.stream().map(RemoteId::value).toArray(Long[]::new))
                .param(
                        "added",
                        add.stream()
                                .filter(keyword -> !remove.contains(keyword))
                                .map(Keyword::value)
                                .toArray(String[]::new))
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
