package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The ways to look for messages in one account's index. PostgreSQL cannot guess how common a word is that nobody has
 * counted, so {@link IndexSearch} decides which way is taken, and the statements leave no choice ({@code offset 0} and
 * {@code materialized} are PostgreSQL's walls).
 */
@Repository
class SearchQueries {
    private static final String NEWEST_FIRST = " order by w.received_at desc, w.message_id desc limit :limit";

    private final JdbcClient jdbc;

    SearchQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A message found. */
    record Hit(OffsetDateTime receivedAt, long id) {}

    /**
     * A stretch of time.
     *
     * @param from received no earlier; null for no bound
     * @param before received earlier; null for no bound
     * @param after behind that message, newest first; null for no bound
     */
    record Stretch(@Nullable OffsetDateTime from, @Nullable OffsetDateTime before, Position.@Nullable After after) {

        String sql(String table, String id) {
            var time = table + ".received_at";
            return (from == null ? "" : " and " + time + " >= :from")
                    + (before == null ? "" : " and " + time + " < :before")
                    + (after == null ? "" : " and (" + time + ", " + table + "." + id + ") < (:at, :tie)");
        }

        Map<String, Object> parameters() {
            var parameters = new HashMap<String, Object>();
            if (from != null) {
                parameters.put("from", from);
            }
            if (before != null) {
                parameters.put("before", before);
            }
            if (after != null) {
                parameters.put("at", after.receivedAt().atOffset(ZoneOffset.UTC));
                parameters.put("tie", after.tie());
            }
            return parameters;
        }
    }

    /** When the last of the newest {@code count} messages of a stretch was received, or nothing when it has no more. */
    Optional<OffsetDateTime> timeOf(SearchCondition condition, Stretch stretch, int count) {
        return statement(
                        condition,
                        stretch,
                        "select w.received_at from " + candidates(condition) + stretch.sql("w", "message_id")
                                + " order by w.received_at desc offset :count limit 1")
                .param("count", count)
                .query(OffsetDateTime.class)
                .optional();
    }

    /** Looks at every message of a stretch. */
    List<Hit> among(SearchCondition condition, Stretch stretch, int limit) {
        return hits(statement(
                        condition,
                        stretch,
                        "select w.received_at, w.message_id from " + rows(condition, stretch) + condition.joins()
                                + " where " + condition.sql() + NEWEST_FIRST)
                .param("limit", limit));
    }

    /** How many messages of a stretch hold the words that every hit holds. */
    int countHoldingWords(SearchCondition condition, Stretch stretch) {
        return statement(
                        condition,
                        stretch,
                        "select count(*) from " + rows(condition, stretch)
                                + " where w.words @@ cast(:words as tsquery)")
                .param("words", condition.words())
                .query(Integer.class)
                .single();
    }

    /** Takes all messages that hold the words that every hit holds, and looks at those. */
    List<Hit> holdingWords(SearchCondition condition, Stretch stretch, int limit) {
        boolean all = condition.ofWordsOnly();
        return hits(statement(
                        condition,
                        stretch,
                        "with w as materialized (select w.account_id, w.received_at, w.message_id"
                                + (all ? "" : ", w.words")
                                + " from message_words w where w.words @@ cast(:words as tsquery)"
                                + (all ? " and " + condition.sql() : "")
                                + ") select w.received_at, w.message_id from w"
                                + condition.joins()
                                + " where "
                                + (all ? "true" : condition.sql())
                                + stretch.sql("w", "message_id")
                                + NEWEST_FIRST)
                .param("words", condition.words())
                .param("limit", limit));
    }

    /** Whether there are no more such messages: see {@link SearchCondition#rarities}. */
    boolean isRare(SearchCondition condition, String rarity, int most) {
        return statement(
                                condition,
                                new Stretch(null, null, null),
                                "select count(*) from (" + rarity + " limit :most) r")
                        .param("most", most + 1)
                        .query(Integer.class)
                        .single()
                <= most;
    }

    /** Looks at the messages of a rarity. */
    List<Hit> among(SearchCondition condition, String rarity, Stretch stretch, int limit) {
        return hits(statement(
                        condition,
                        stretch,
                        "with r as materialized (" + rarity + ") select w.received_at, w.message_id from r"
                                + wordsOf("r") + condition.joins() + " where "
                                + condition.sql()
                                + stretch.sql("w", "message_id") + NEWEST_FIRST)
                .param("limit", limit));
    }

    /** Those of these messages that are hits. */
    List<Hit> among(SearchCondition condition, Collection<Long> ids) {
        return hits(statement(
                        condition,
                        new Stretch(null, null, null),
                        "select w.received_at, w.message_id from (select received_at, message_id from message_place"
                                + " where account_id = :account and message_id = any (:ids) offset 0) i" + wordsOf("i")
                                + condition.joins() + " where " + condition.sql() + NEWEST_FIRST)
                .param("ids", ids.toArray(Long[]::new))
                .param("limit", ids.size()));
    }

    /** The rows of messages, in no order. */
    List<MessageRow> rows(long account, List<Hit> hits) {
        return hits.isEmpty()
                ? List.of()
                : jdbc.sql("select " + MessageRow.COLUMNS
                                + " from stored_message m where m.account_id = ? and m.id = any (?)")
                        .param(account)
                        .param(hits.stream().map(Hit::id).toArray(Long[]::new))
                        .query((rs, n) -> MessageRow.read(rs, "", null))
                        .list();
    }

    /** Our ids of messages of a mailbox. */
    List<Long> ids(MailboxKey mailbox, Collection<RemoteId> remoteIds) {
        return jdbc.sql("""
                        select message_id from message_place
                         where account_id = ? and mailbox_id = ? and remote_id = any (?)
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(remoteIds.stream().map(RemoteId::value).toArray(Long[]::new))
                .query(Long.class)
                .list();
    }

    /** Our ids of the messages of a mailbox from one on and up to another, which is not among them. */
    List<Long> ids(MailboxKey mailbox, @Nullable RemoteId from, @Nullable RemoteId before) {
        return jdbc.sql("""
                        select message_id from message_place
                         where account_id = ? and mailbox_id = ? and remote_id >= ? and remote_id < ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(from == null ? Long.MIN_VALUE : from.value())
                .param(before == null ? Long.MAX_VALUE : before.value())
                .query(Long.class)
                .list();
    }

    /**
     * When the newest message of a mailbox that came in before that one was received; null for the newest of all.
     *
     * @param latest it is known to be no newer, so that what is newer is not looked through again; null if nothing is
     */
    Optional<OffsetDateTime> newestBefore(
            MailboxKey mailbox, @Nullable RemoteId before, @Nullable OffsetDateTime latest) {
        return jdbc.sql("""
                        select m.received_at from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                         where m.account_id = ? and m.mailbox_id = ? and p.remote_id < ?
                           and m.received_at <= coalesce(?::timestamptz, 'infinity')
                         order by m.received_at desc, m.arrival desc limit 1
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(before == null ? Long.MAX_VALUE : before.value())
                .param(latest)
                .query(OffsetDateTime.class)
                .optional();
    }

    private static String candidates(SearchCondition condition) {
        return condition.onlyMailbox() == null
                ? "message_words w where w.account_id = :account"
                : "(select account_id, mailbox_id, received_at, id as message_id from message) w"
                        + " where w.account_id = :account and w.mailbox_id = :only";
    }

    private static String rows(SearchCondition condition, Stretch stretch) {
        var some = "(select w.* from " + candidates(condition) + stretch.sql("w", "message_id");
        // In the order of the page, so that looking ends when it is full.
        return condition.onlyMailbox() == null
                ? some + " order by w.received_at desc, w.message_id desc offset 0) w"
                : some + " offset 0) c" + wordsOf("c");
    }

    private static String wordsOf(String rows) {
        return " cross join lateral (select t.* from message_words t where t.account_id = :account and t.received_at = "
                + rows + ".received_at and t.message_id = " + rows + ".message_id offset 0) w";
    }

    private JdbcClient.StatementSpec statement(SearchCondition condition, Stretch stretch, String sql) {
        var statement = jdbc.sql(sql)
                .params(condition.parameters())
                .params(stretch.parameters())
                .param("account", condition.account());
        var only = condition.onlyMailbox();
        return only == null ? statement : statement.param("only", only);
    }

    private static List<Hit> hits(JdbcClient.StatementSpec statement) {
        return statement
                .query((rs, n) -> new Hit(rs.getObject(1, OffsetDateTime.class), rs.getLong(2)))
                .list();
    }
}
