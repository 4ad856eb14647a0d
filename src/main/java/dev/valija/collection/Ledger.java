package dev.valija.collection;

import dev.valija.collection.Item.State;
import dev.valija.upstream.RemoteId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table collected. Every step is committed before the next is made, and only while it is the collection's turn: see
 * {@link CollectionRows#inTurn}.
 */
@Repository
class Ledger {
    private static final String COLUMNS =
            "id, uidl, octets, state, received_at, mailbox_name, after_id, stored_at, not_before, tries";
    private static final String OF = " where user_id = :user and collection_id = :collection ";

    private static final Duration FIRST_WAIT = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 5;
    /** Nobody brings a message of that age back under its old name. */
    private static final Duration REMEMBERED = Duration.ofDays(400);

    private final JdbcClient jdbc;
    private final CollectionRows rows;

    Ledger(JdbcClient jdbc, CollectionRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** What becomes of a message that is being stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Letter(byte[] hash, Instant receivedAt, String mailboxName, RemoteId after) {}

    /** Those of the names that are known. */
    List<Item> named(MailCollection mine, Collection<String> names) {
        return of(mine, "select " + COLUMNS + " from collected" + OF + "and uidl = any (:names)")
                .param("names", names.toArray(String[]::new))
                .query((rs, n) -> item(rs))
                .list();
    }

    /** Those of these octets, what is stored beyond doubt first. */
    List<Item> ofHash(MailCollection mine, byte[] hash) {
        return of(mine, "select " + COLUMNS + " from collected" + OF + """
                         and hash = :hash and state <> 'TWIN'
                         order by state = 'STORED' desc, state = 'DELETING' desc, state = 'GONE' desc, id
                        """)
                .param("hash", hash)
                .query((rs, n) -> item(rs))
                .list();
    }

    /** New messages are there. */
    void seen(MailCollection mine, List<String> names, List<Long> octets) {
        rows.inTurn(
                mine,
                () -> of(mine, """
                        insert into collected (user_id, collection_id, uidl, octets, state)
                        select :user, :collection, m.uidl, m.octets, 'SEEN'
                          from unnest(:names, :octets) as m (uidl, octets)
                        on conflict (user_id, collection_id, uidl) do nothing
                        """)
                        .param("names", names.toArray(String[]::new))
                        .param("octets", octets.toArray(Long[]::new))
                        .update());
    }

    /** The server calls another message so now. */
    void unname(MailCollection mine, Item item) {
        rows.inTurn(
                mine,
                () -> one(mine, "update collected set uidl = null" + OF + "and id = :id", item.id())
                        .update());
    }

    /** What was told to be deleted and is not there any more has gone; what is there has not, and what was never had is forgotten. */
    void reckon(MailCollection mine, Set<String> names, Instant now) {
        rows.inTurn(mine, () -> {
            var gone = of(
                            mine,
                            "select " + COLUMNS + " from collected" + OF
                                    + "and state in ('DELETING', 'SEEN') and uidl is not null")
                    .query((rs, n) -> item(rs))
                    .list()
                    .stream()
                    .filter(item -> !names.contains(item.uidl()))
                    .toList();
            if (!gone.isEmpty()) {
                of(
                                mine,
                                "update collected set state = 'GONE', stored_at = coalesce(stored_at, :now)" + OF
                                        + "and state = 'DELETING' and id = any (:ids)")
                        .param("ids", ids(gone))
                        .param("now", utc(now))
                        .update();
                of(mine, "delete from collected" + OF + "and state = 'SEEN' and id = any (:ids)")
                        .param("ids", ids(gone))
                        .update();
            }
            of(mine, "delete from collected" + OF + "and state = 'GONE' and stored_at < :old")
                    .param("old", utc(now.minus(REMEMBERED)))
                    .update();
        });
    }

    /** Its octets are here, and it is about to be stored: it may be there from now on, and another try waits until then. */
    Item retrieved(MailCollection mine, Plan.Known message, Letter letter, Instant doubtfulUntil) {
        var known = message.item();
        var written = new Item[1];
        rows.inTurn(mine, () -> {
            var statement = known == null
                    ? of(mine, """
                            insert into collected (user_id, collection_id, octets, state, hash, received_at, mailbox_name,
                                   after_id, not_before)
                            values (:user, :collection, :octets, 'RETRIEVED', :hash, :received, :mailbox, :after,
                                   :until)
                            returning %s
                            """.formatted(COLUMNS))
                    : one(mine, """
                            update collected
                               set state = 'RETRIEVED', octets = :octets, hash = :hash, received_at = :received, mailbox_name = :mailbox, after_id = :after,
                                   not_before = :until
                            """ + OF + "and id = :id returning " + COLUMNS, known.id());
            written[0] = statement
                    .param("octets", message.entry().octets())
                    .param("hash", letter.hash())
                    .param("received", utc(letter.receivedAt()))
                    .param("mailbox", letter.mailboxName())
                    .param("after", letter.after().value())
                    .param("until", utc(doubtfulUntil))
                    .query((rs, n) -> item(rs))
                    .single();
        });
        return Objects.requireNonNull(written[0]);
    }

    /**
     * Nobody stores it any more; whether somebody has, is to be found out in a moment, and later and later where that goes
     * wrong again and again: others have their turn first.
     */
    void doubtful(MailCollection mine, Item item, Instant now, Duration moment) {
        var pause = item.tries() == 0 ? moment : wait(item.tries() - 1);
        rows.inTurn(
                mine,
                () -> one(
                                mine,
                                "update collected set tries = tries + 1, not_before = :from" + OF + "and id = :id",
                                item.id())
                        .param("from", utc(now.plus(pause)))
                        .update());
    }

    /** It is stored. */
    Item stored(MailCollection mine, Item item, String mailboxName, @Nullable RemoteId remote, Instant now) {
        var written = new Item[1];
        rows.inTurn(mine, () -> {
            written[0] = one(mine, """
                            update collected
                               set state = 'STORED', mailbox_name = :mailbox, remote_id = :remote, stored_at = :now,
                                   not_before = null, tries = 0
                            """ + OF + "and id = :id returning " + COLUMNS, item.id())
                    .param("mailbox", mailboxName)
                    .param("remote", remote == null ? null : remote.value())
                    .param("now", utc(now))
                    .query((rs, n) -> item(rs))
                    .single();
            rows.count(mine, 1, 0, 0);
        });
        return Objects.requireNonNull(written[0]);
    }

    /** It is certainly not stored, for a reason that is not its own. */
    void untouched(MailCollection mine, Item item) {
        rows.inTurn(
                mine,
                () -> one(
                                mine,
                                "update collected set state = 'SEEN', not_before = null" + OF + "and id = :id",
                                item.id())
                        .update());
    }

    /** The server does not give it: it is left alone for some time, and in doubt if it was. */
    void notGiven(MailCollection mine, Plan.Known message, Instant now) {
        var known = message.item();
        rows.inTurn(mine, () -> {
            if (known != null) {
                one(
                                mine,
                                "update collected set tries = tries + 1, not_before = :then" + OF + "and id = :id",
                                known.id())
                        .param("then", utc(now.plus(wait(known.tries()))))
                        .update();
            }
            rows.count(mine, 0, 0, 1);
        });
    }

    /** The mailbox has not taken it: it is certainly not stored, and is left alone for some time. */
    void notTaken(MailCollection mine, Item item, Instant now) {
        rows.inTurn(mine, () -> {
            one(
                            mine,
                            "update collected set state = 'SEEN', tries = tries + 1, not_before = :then" + OF
                                    + "and id = :id",
                            item.id())
                    .param("then", utc(now.plus(wait(item.tries()))))
                    .update();
            rows.count(mine, 0, 0, 1);
        });
    }

    /** The session has ended over it: where that happens again others have their turn first. */
    void stumbled(MailCollection mine, Plan.Known message, Instant now) {
        var known = message.item();
        if (known != null) {
            rows.inTurn(
                    mine,
                    () -> one(
                                    mine,
                                    "update collected set tries = tries + 1, not_before = greatest(not_before, :then)"
                                            + OF + "and id = :id",
                                    known.id())
                            .param("then", known.tries() == 0 ? null : utc(now.plus(wait(known.tries() - 1))))
                            .update());
        }
    }

    private static Duration wait(int tries) {
        return FIRST_WAIT.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
    }

    /** It has the octets of another that is there as well, or was: nothing is stored, and nothing will be deleted. */
    void twin(MailCollection mine, Plan.Known message, byte[] hash) {
        var known = message.item();
        rows.inTurn(mine, () -> {
            if (known != null) {
                one(
                                mine,
                                "update collected set state = 'TWIN', hash = :hash, not_before = null" + OF
                                        + "and id = :id",
                                known.id())
                        .param("hash", hash)
                        .update();
                rows.count(mine, 1, 0, 0);
            }
        });
    }

    /** The server calls it otherwise now: what is known of it goes on under its new name. */
    Item renamed(MailCollection mine, Item item, Plan.Known message) {
        var known = message.item();
        var written = new Item[1];
        rows.inTurn(mine, () -> {
            if (known != null) {
                one(mine, "delete from collected" + OF + "and id = :id", known.id())
                        .update();
                rows.count(mine, item.kept() ? 1 : 0, 0, 0);
            }
            written[0] = one(
                            mine,
                            "update collected set uidl = :name, octets = :octets" + OF + "and id = :id returning "
                                    + COLUMNS,
                            item.id())
                    .param("name", message.entry().uidl())
                    .param("octets", message.entry().octets())
                    .query((rs, n) -> item(rs))
                    .single();
        });
        return Objects.requireNonNull(written[0]);
    }

    /** The server is about to be told to delete it. */
    void deleting(MailCollection mine, Item item) {
        rows.inTurn(mine, () -> {
            int removable = one(
                            mine,
                            "update collected set state = 'DELETING'" + OF
                                    + "and id = :id and state in ('STORED', 'DELETING')",
                            item.id())
                    .update();
            if (removable == 0) {
                throw new IllegalStateException("only what is stored is deleted");
            }
        });
    }

    /** The server has said so, whoever's turn it is by now. */
    void gone(MailCollection mine, Collection<Item> items, Instant now) {
        if (items.isEmpty()) {
            return;
        }
        rows.inTransaction(() -> {
            of(
                            mine,
                            "update collected set state = 'GONE', stored_at = coalesce(stored_at, :now)" + OF
                                    + "and state = 'DELETING' and id = any (:ids)")
                    .param("ids", ids(items))
                    .param("now", utc(now))
                    .update();
            rows.count(mine, 0, items.size(), 0);
        });
    }

    /** Which of these in that mailbox are others that are stored there, be it by another collection. */
    Set<RemoteId> others(MailCollection mine, Item item, String mailboxName, Collection<RemoteId> candidates) {
        return new HashSet<>(one(mine, """
                        select d.remote_id
                          from collected d join collection c on c.user_id = d.user_id and c.id = d.collection_id
                         where d.user_id = :user and c.account_id = :account and d.mailbox_name = :mailbox
                           and d.remote_id = any (:candidates) and not (d.collection_id = :collection and d.id = :id)
                        """, item.id())
                .param("account", mine.accountId())
                .param("mailbox", mailboxName)
                .param("candidates", candidates.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((rs, n) -> new RemoteId(rs.getLong(1)))
                .list());
    }

    /** When the first of those that wait may be tried. */
    Optional<Instant> nextTry(MailCollection mine, Instant now) {
        return of(
                        mine,
                        "select min(not_before) from collected" + OF
                                + "and state in ('SEEN', 'RETRIEVED') and not_before > :now")
                .param("now", utc(now))
                .query((rs, n) -> Optional.ofNullable(instant(rs, 1)))
                .single();
    }

    private JdbcClient.StatementSpec one(MailCollection mine, String sql, long id) {
        return of(mine, sql).param("id", id);
    }

    private JdbcClient.StatementSpec of(MailCollection mine, String sql) {
        return jdbc.sql(sql)
                .param("user", mine.key().user().value())
                .param("collection", mine.key().id());
    }

    private static Long[] ids(Collection<Item> items) {
        return items.stream().map(Item::id).toArray(Long[]::new);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet rs, int column) throws SQLException {
        var time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Item item(ResultSet rs) throws SQLException {
        var after = rs.getObject(7, Long.class);
        return new Item(
                rs.getLong(1),
                rs.getString(2),
                rs.getLong(3),
                State.valueOf(rs.getString(4)),
                instant(rs, 5),
                rs.getString(6),
                after == null ? null : new RemoteId(after),
                instant(rs, 8),
                instant(rs, 9),
                rs.getInt(10));
    }
}
