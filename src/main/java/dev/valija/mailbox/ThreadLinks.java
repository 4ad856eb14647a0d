package dev.valija.mailbox;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What connects messages, or parts them, beside their own references: repairs by subject, and what users said. Rows
 * name Message-IDs, so that they outlive the index. Writes happen within {@link IndexWrites}.
 */
@Repository
class ThreadLinks {
    private final JdbcClient jdbc;

    ThreadLinks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    enum Reason {
        /** It answers that message, as far as subject, people and time can tell. */
        SUBJECT,
        /** A user said that they belong together. */
        JOIN,
        /** A user said that the message begins a thread of its own, whatever it refers to. */
        SPLIT
    }

    /**
     * One row.
     *
     * @param linkedTo empty for a split
     * @param linkedAt by subject: when the other message was received
     */
    record Link(
            String messageId,
            String linkedTo,
            Reason reason,
            @Nullable Instant linkedAt) {
        static Link join(String a, String b) {
            return new Link(a, b, Reason.JOIN, null);
        }

        static Link split(String messageId) {
            return new Link(messageId, "", Reason.SPLIT, null);
        }
    }

    /** Those that start from these messages. */
    List<Link> from(long accountId, Collection<String> messageIds) {
        return messageIds.isEmpty() ? List.of() : select(accountId, "message_id = any (:ids)", messageIds);
    }

    /** Those that start from these messages or lead to them. */
    List<Link> around(long accountId, Collection<String> messageIds) {
        return select(accountId, "(message_id = any (:ids) or linked_to = any (:ids))", messageIds);
    }

    private List<Link> select(long accountId, String condition, Collection<String> ids) {
        return jdbc.sql("select * from thread_link where account_id = :account and " + condition)
                .param("account", accountId)
                .param("ids", ids.toArray(String[]::new))
                .query((rs, n) -> {
                    var at = rs.getObject("linked_at", OffsetDateTime.class);
                    return new Link(
                            rs.getString("message_id"),
                            rs.getString("linked_to"),
                            Reason.valueOf(rs.getString("reason").toUpperCase(Locale.ROOT)),
                            at == null ? null : at.toInstant());
                })
                .list();
    }

    /** Adds a row; what a user said takes the place of a repair. */
    void add(long accountId, Link link) {
        var at = link.linkedAt();
        jdbc.sql("""
                        insert into thread_link (account_id, message_id, linked_to, reason, linked_at)
                        values (?, ?, ?, ?, ?)
                        on conflict (account_id, message_id, linked_to) do update
                            set reason = excluded.reason, linked_at = excluded.linked_at
                        """)
                .param(accountId)
                .param(link.messageId())
                .param(link.linkedTo())
                .param(link.reason().name().toLowerCase(Locale.ROOT))
                .param(at == null ? null : at.atOffset(ZoneOffset.UTC))
                .update();
    }

    void remove(long accountId, Link link) {
        jdbc.sql("delete from thread_link where account_id = ? and message_id = ? and linked_to = ?")
                .param(accountId)
                .param(link.messageId())
                .param(link.linkedTo())
                .update();
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from thread_link where account_id = ?")
                .param(accountId)
                .update();
    }
}
