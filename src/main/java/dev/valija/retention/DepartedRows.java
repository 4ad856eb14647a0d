package dev.valija.retention;

import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table retention_departed. */
@Repository
class DepartedRows {
    private final JdbcClient jdbc;

    DepartedRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message that a rule took to Trash, or was about to.
     *
     * @param mailbox where it was, by that name at the provider
     */
    record Departed(MessageKey message, MailboxKey mailbox, String remoteName, Instant leftAt) {}

    void write(Mailbox mailbox, Collection<Long> messages, Instant now) {
        jdbc.sql("""
                        insert into retention_departed (account_id, message_id, mailbox_id, remote_name, left_at)
                        select :account, m, :mailbox, :name, :now from unnest(:messages::bigint[]) m
                        on conflict (account_id, message_id) do update set mailbox_id = excluded.mailbox_id,
                               remote_name = excluded.remote_name, left_at = excluded.left_at
                        """)
                .param("account", mailbox.key().accountId())
                .param("mailbox", mailbox.key().id())
                .param("name", mailbox.remoteName())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("messages", messages.toArray(Long[]::new))
                .update();
    }

    /** The last to go first. */
    List<Departed> list(long accountId, int most) {
        return jdbc.sql("""
                        select message_id, mailbox_id, remote_name, left_at from retention_departed
                         where account_id = ? order by left_at desc, message_id limit ?
                        """)
                .param(accountId)
                .param(most)
                .query((rs, n) -> new Departed(
                        new MessageKey(accountId, rs.getLong(1)),
                        new MailboxKey(accountId, rs.getLong(2)),
                        rs.getString(3),
                        rs.getObject(4, OffsetDateTime.class).toInstant()))
                .list();
    }

    List<Departed> of(long accountId, Collection<Long> messages) {
        return jdbc.sql("""
                        select message_id, mailbox_id, remote_name, left_at from retention_departed
                         where account_id = ? and message_id = any (?)
                        """)
                .param(accountId)
                .param(messages.toArray(Long[]::new))
                .query((rs, n) -> new Departed(
                        new MessageKey(accountId, rs.getLong(1)),
                        new MailboxKey(accountId, rs.getLong(2)),
                        rs.getString(3),
                        rs.getObject(4, OffsetDateTime.class).toInstant()))
                .list();
    }

    void delete(long accountId, Collection<Long> messages) {
        jdbc.sql("delete from retention_departed where account_id = ? and message_id = any (?)")
                .param(accountId)
                .param(messages.toArray(Long[]::new))
                .update();
    }

    void deleteBefore(long accountId, Instant time) {
        jdbc.sql("delete from retention_departed where account_id = ? and left_at < ?")
                .param(accountId)
                .param(time.atOffset(ZoneOffset.UTC))
                .update();
    }
}
