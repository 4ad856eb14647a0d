package dev.valija.mailbox;

import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.SyncState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of mailboxes. Writes happen within {@link IndexWrites}. */
@Repository
class MailboxIndex {
    private final JdbcClient jdbc;

    MailboxIndex(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All mailboxes of an account, parents before children; INBOX first. */
    List<Mailbox> list(long accountId) {
        return jdbc.sql("""
                        select * from mailbox where account_id = ?
                         order by role is distinct from 'INBOX', lower(remote_name), remote_name
                        """).param(accountId).query(MailboxIndex::row).list();
    }

    Optional<Mailbox> find(MailboxKey key) {
        return jdbc.sql("select * from mailbox where account_id = ? and id = ?")
                .param(key.accountId())
                .param(key.id())
                .query(MailboxIndex::row)
                .optional();
    }

    Optional<Mailbox> byName(long accountId, String remoteName) {
        return jdbc.sql("select * from mailbox where account_id = ? and remote_name = ?")
                .param(accountId)
                .param(remoteName)
                .query(MailboxIndex::row)
                .optional();
    }

    Optional<Mailbox> byRole(long accountId, MailboxRole role) {
        return jdbc.sql("select * from mailbox where account_id = ? and role = ? order by id limit 1")
                .param(accountId)
                .param(role.name())
                .query(MailboxIndex::row)
                .optional();
    }

    boolean hasAny(long accountId) {
        return jdbc.sql("select exists (select from mailbox where account_id = ?)")
                .param(accountId)
                .query(Boolean.class)
                .single();
    }

    boolean hasChildren(MailboxKey key) {
        return jdbc.sql("select exists (select from mailbox where account_id = ? and parent_id = ?)")
                .param(key.accountId())
                .param(key.id())
                .query(Boolean.class)
                .single();
    }

    long insert(long accountId, MailboxTree.Node node, @Nullable Long parentId) {
        return jdbc.sql("""
                        insert into mailbox (account_id, remote_name, name, parent_id, separator, role, selectable,
                                             subscribed, total, unread)
                        values (:account, :remoteName, :name, :parent, :separator, :role, :selectable,
                                :subscribed, :total, :unread)
                        returning id
                        """)
                .param("account", accountId)
                .param("remoteName", node.remoteName())
                .param("name", node.name())
                .param("parent", parentId)
                .param("separator", node.separator())
                .param("role", node.role() == null ? null : node.role().name())
                .param("selectable", node.selectable())
                .param("subscribed", node.subscribed())
                .param("total", Math.max(0, node.total()))
                .param("unread", Math.max(0, node.unread()))
                .query(Long.class)
                .single();
    }

    /** Writes all that the provider's list says of a mailbox, but for its counts and state. */
    void describe(MailboxKey key, MailboxTree.Node node, @Nullable Long parentId) {
        jdbc.sql("""
                        update mailbox set remote_name = :remoteName, name = :name, parent_id = :parent,
                               separator = :separator, role = :role, selectable = :selectable, subscribed = :subscribed
                         where account_id = :account and id = :id
                        """)
                .param("remoteName", node.remoteName())
                .param("name", node.name())
                .param("parent", parentId)
                .param("separator", node.separator())
                .param("role", node.role() == null ? null : node.role().name())
                .param("selectable", node.selectable())
                .param("subscribed", node.subscribed())
                .param("account", key.accountId())
                .param("id", key.id())
                .update();
    }

    /** Renames a mailbox and all beneath it, rows and states kept; the next list puts names and parents right. */
    void rename(long accountId, String from, String to, @Nullable String separator) {
        jdbc.sql("""
                        update mailbox set remote_name = :to || substr(remote_name, length(:from) + 1),
                               remote_state = null
                         where account_id = :account
                           and (remote_name = :from or starts_with(remote_name, :from || :separator))
                        """)
                .param("to", to)
                .param("from", from)
                .param("account", accountId)
                .param("separator", separator)
                .update();
    }

    /** Gives a mailbox the provider's counts: while its rows are not all there, nobody else knows them. */
    void counts(MailboxKey key, int total, int unread) {
        jdbc.sql("update mailbox set total = ?, unread = ? where account_id = ? and id = ?")
                .param(Math.max(0, total))
                .param(Math.max(0, unread))
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    /** Adds to the counts, in the transaction that adds or takes the rows. */
    void count(MailboxKey key, int moreTotal, int moreUnread) {
        if (moreTotal == 0 && moreUnread == 0) {
            return;
        }
        jdbc.sql("""
                        update mailbox set total = greatest(0, total + ?), unread = greatest(0, unread + ?)
                         where account_id = ? and id = ?
                        """)
                .param(moreTotal)
                .param(moreUnread)
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    /** Counts the rows: once, when all of them have come in. */
    void recount(MailboxKey key) {
        jdbc.sql("""
                        update mailbox set total = c.total, unread = c.unread
                          from (select count(*) total, count(*) filter (where unread) unread
                                  from message_place where account_id = :account and mailbox_id = :id) c
                         where account_id = :account and id = :id
                        """).param("account", key.accountId()).param("id", key.id()).update();
    }

    void subscribed(MailboxKey key, boolean subscribed) {
        jdbc.sql("update mailbox set subscribed = ? where account_id = ? and id = ?")
                .param(subscribed)
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    /** The index is in step with what the provider's list called so. */
    void remoteState(MailboxKey key, @Nullable String remoteState) {
        jdbc.sql("update mailbox set remote_state = ? where account_id = ? and id = ?")
                .param(remoteState)
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    /** How far it has been read, and how much of it is here. */
    void synced(MailboxKey key, Mailbox.Sync sync, @Nullable SyncState state, int done, int total) {
        jdbc.sql("""
                        update mailbox set sync = ?, sync_state = ?, sync_done = ?, sync_total = ?
                         where account_id = ? and id = ?
                        """)
                .param(sync.name().toLowerCase(Locale.ROOT))
                .param(state == null ? null : state.value())
                .param(Math.max(0, done))
                .param(Math.max(0, total))
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    /** Forgets how far a mailbox has been read; its rows wait to be matched again. */
    void unread(MailboxKey key) {
        jdbc.sql("""
                        update mailbox set sync_state = null, remote_state = null,
                               sync = case sync when 'unknown' then 'unknown' else 'syncing' end
                         where account_id = ? and id = ?
                        """).param(key.accountId()).param(key.id()).update();
    }

    void delete(MailboxKey key) {
        jdbc.sql("delete from mailbox where account_id = ? and id = ?")
                .param(key.accountId())
                .param(key.id())
                .update();
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from mailbox where account_id = ?").param(accountId).update();
    }

    static Mailbox row(ResultSet rs, int number) throws SQLException {
        var role = rs.getString("role");
        var state = rs.getString("sync_state");
        return new Mailbox(
                new MailboxKey(rs.getLong("account_id"), rs.getLong("id")),
                rs.getString("remote_name"),
                rs.getString("name"),
                rs.getObject("parent_id", Long.class),
                rs.getString("separator"),
                role == null ? null : MailboxRole.valueOf(role),
                rs.getBoolean("selectable"),
                rs.getBoolean("subscribed"),
                rs.getInt("total"),
                rs.getInt("unread"),
                rs.getString("remote_state"),
                Mailbox.Sync.valueOf(rs.getString("sync").toUpperCase(Locale.ROOT)),
                state == null ? null : new SyncState(state),
                rs.getInt("sync_total"),
                rs.getInt("sync_done"),
                rs.getLong("list_version"),
                rs.getLong("order_version"));
    }
}
