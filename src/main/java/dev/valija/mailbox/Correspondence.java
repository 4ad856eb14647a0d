package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.upstream.MailboxRole;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who wrote to whom in an account's mail, as far as the index knows: for work in the background. */
@Component
public class Correspondence {
    private final JdbcClient jdbc;

    Correspondence(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One message.
     *
     * @param id its number within the account, which messages get in the order in which they come into the index
     * @param role what the mailbox it is in is for, or null
     * @param to with those in Cc and Bcc
     */
    public record Letter(
            long id, @Nullable MailboxRole role, Instant receivedAt, List<Address> from, List<Address> to) {
        public Letter {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    /**
     * The messages that came into the index after that one, first come first, at most so many. None is missed: an
     * account's index has one writer at a time, so that what is committed later has the larger number.
     */
    public List<Letter> after(long accountId, long id, int most) {
        return jdbc.sql("""
                        select m.id, m.received_at, m.message_id, m.envelope, b.role
                          from message m join mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id
                         where m.account_id = :account and m.id > :id order by m.id limit :most
                        """)
                .param("account", accountId)
                .param("id", id)
                .param("most", most)
                .query((rs, n) -> letter(rs))
                .list();
    }

    /** What has come in since then that answers that message, by its own account (RFC 5322 3.6.4); some of many. */
    public List<Letter> answers(long accountId, String messageId, Instant since) {
        return jdbc.sql("""
                        select m.id, m.received_at, m.message_id, m.envelope, b.role
                          from mailbox b
                          cross join lateral (
                              select * from message m
                               where m.account_id = b.account_id and m.mailbox_id = b.id and m.received_at >= :since
                                 and (jsonb_exists(m.envelope -> 'inReplyTo', :message)
                                      or jsonb_exists(m.envelope -> 'references', :message))
                               limit 100) m
                         where b.account_id = :account
                        """)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("message", messageId)
                .param("account", accountId)
                .query((rs, n) -> letter(rs))
                .list();
    }

    /** Who wrote those of these messages that are in Junk now. */
    public List<Address> junkSenders(long accountId, Collection<Long> ids) {
        return jdbc
                .sql("""
                        select m.id, m.received_at, m.message_id, m.envelope, b.role
                          from message m join mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id
                         where m.account_id = :account and m.id = any (:ids) and b.role = 'JUNK'
                        """)
                .param("account", accountId)
                .param("ids", ids.toArray(Long[]::new))
                .query((rs, n) -> letter(rs).from())
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Letter letter(ResultSet rs) throws SQLException {
        var envelope = MessageJson.envelope(rs.getString("message_id"), "", null, rs.getString("envelope"));
        var to = new ArrayList<>(envelope.to());
        to.addAll(envelope.cc());
        to.addAll(envelope.bcc());
        var role = rs.getString("role");
        return new Letter(
                rs.getLong("id"),
                role == null ? null : MailboxRole.valueOf(role),
                rs.getObject("received_at", OffsetDateTime.class).toInstant(),
                envelope.from(),
                to);
    }
}
