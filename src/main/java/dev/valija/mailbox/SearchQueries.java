package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Looks for messages in the index. */
@Repository
class SearchQueries {
    private final JdbcClient jdbc;

    SearchQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Received from that day on and before that one; null for no end. Days are UTC's. */
    record Window(@Nullable LocalDate from, @Nullable LocalDate before, int messages) {
        static final Window ALL = new Window(null, null, 0);
    }

    /** Texts as the index folds them: the same function did it to the mail. */
    Map<String, String> folded(Set<String> texts) {
        var folded = new HashMap<String, String>();
        if (!texts.isEmpty()) {
            jdbc.sql("select t, valija_fold(t) from unnest(:texts::text[]) t")
                    .param("texts", texts.toArray(String[]::new))
                    .query((rs, n) -> folded.put(rs.getString(1), rs.getString(2)))
                    .list();
        }
        return folded;
    }

    /** Messages of one account, newest first. */
    List<MessageRow> find(
            long account,
            SearchScope scope,
            SearchCondition condition,
            Window window,
            Position.@Nullable After after,
            int limit) {
        var sql = new StringBuilder("select ")
                .append(MessageRow.COLUMNS)
                .append(" from stored_message m where m.account_id = :account and ")
                .append(condition.sql());
        var parameters = new HashMap<String, Object>(condition.parameters());
        parameters.put("account", account);
        parameters.put("limit", limit);
        if (scope.oneMailbox()) {
            sql.append(" and m.mailbox_id = :mailbox");
            parameters.put("mailbox", scope.mailboxes().getFirst().id());
        }
        if (window.from() != null) {
            sql.append(" and m.received_at >= :from");
            parameters.put("from", window.from().atStartOfDay().atOffset(ZoneOffset.UTC));
        }
        if (window.before() != null) {
            sql.append(" and m.received_at < :before");
            parameters.put("before", window.before().atStartOfDay().atOffset(ZoneOffset.UTC));
        }
        if (after != null) {
            sql.append(" and (m.received_at, m.id) < (:at, :id)");
            parameters.put("at", after.receivedAt().atOffset(ZoneOffset.UTC));
            parameters.put("id", after.tie());
        }
        return jdbc.sql(sql.append(" order by m.received_at desc, m.id desc limit :limit")
                        .toString())
                .params(parameters)
                .query((rs, n) -> MessageRow.read(rs, "", null))
                .list();
    }

    /** Our ids of messages of a mailbox. */
    Set<Long> ids(MailboxKey mailbox, Collection<RemoteId> remoteIds) {
        return new HashSet<>(jdbc.sql(
                        "select message_id from message_place where account_id = ? and mailbox_id = ? and remote_id = any (?)")
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(remoteIds.stream().map(RemoteId::value).toArray(Long[]::new))
                .query(Long.class)
                .list());
    }

    /** How many messages of these mailboxes came in each month, the latest first. */
    List<Window> months(List<Mailbox> mailboxes) {
        return jdbc.sql("""
                        select date_trunc('month', m.received_at at time zone 'UTC')::date as first_day, count(*) as n
                          from message m
                         where m.account_id = any (:accounts) and m.mailbox_id = any (:mailboxes)
                         group by 1 order by 1 desc
                        """)
                .param(
                        "accounts",
                        mailboxes.stream().map(Mailbox::accountId).distinct().toArray(Long[]::new))
                .param("mailboxes", mailboxes.stream().map(Mailbox::id).toArray(Long[]::new))
                .query((rs, n) -> {
                    var first = rs.getObject("first_day", LocalDate.class);
                    return new Window(first, first.plusMonths(1), rs.getInt("n"));
                })
                .list();
    }
}
