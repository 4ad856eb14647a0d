package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The journal of moves that take several steps: a row from before the first step until after the last. */
@Repository
class PendingMoves {
    private final JdbcClient jdbc;

    PendingMoves(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A move that was begun.
     *
     * @param newIds of the copies, as far as the provider told; null while nothing is known of the copying
     * @param age since it was begun
     */
    record Pending(
            long id,
            MailboxKey source,
            MailboxKey target,
            List<RemoteId> places,
            @Nullable Map<RemoteId, RemoteId> newIds,
            Duration age) {}

    Pending begin(MailboxKey source, MailboxKey target, List<RemoteId> places) {
        long id = jdbc.sql("""
                        insert into pending_move (account_id, source_mailbox_id, target_mailbox_id, remote_ids)
                        values (?, ?, ?, ?) returning id
                        """)
                .params(source.accountId(), source.id(), target.id(), values(places))
                .query(Long.class)
                .single();
        return new Pending(id, source, target, places, null, Duration.ZERO);
    }

    /** The copies are made. */
    void copied(Pending pending, Map<RemoteId, RemoteId> newIds) {
        var values = pending.places().stream()
                .map(newIds::get)
                .map(id -> id == null ? null : (Long) id.value())
                .toArray(Long[]::new);
        jdbc.sql("update pending_move set new_remote_ids = ? where account_id = ? and id = ?")
                .params(values, pending.source().accountId(), pending.id())
                .update();
    }

    void end(Pending pending) {
        jdbc.sql("delete from pending_move where account_id = ? and id = ?")
                .params(pending.source().accountId(), pending.id())
                .update();
    }

    /** The account's, oldest first. */
    List<Pending> of(long accountId) {
        return jdbc.sql("""
                        select id, source_mailbox_id, target_mailbox_id, remote_ids, new_remote_ids,
                               floor(extract(epoch from now() - begun_at))::bigint
                          from pending_move where account_id = ? order by id
                        """)
                .param(accountId)
                .query((rs, n) -> {
                    var places = ids(rs.getArray(4));
                    return new Pending(
                            rs.getLong(1),
                            new MailboxKey(accountId, rs.getLong(2)),
                            new MailboxKey(accountId, rs.getLong(3)),
                            places,
                            newIds(places, rs.getArray(5)),
                            Duration.ofSeconds(rs.getLong(6)));
                })
                .list();
    }

    /** The accounts with moves begun so long ago that nobody is at work on them any more. */
    List<Long> abandoned(Duration age) {
        return jdbc.sql("""
                        select distinct account_id from pending_move
                         where begun_at <= now() - ? * interval '1 second'
                        """).param(age.toSeconds()).query(Long.class).list();
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from pending_move where account_id = ?")
                .param(accountId)
                .update();
    }

    private static Long[] values(List<RemoteId> ids) {
        return ids.stream().map(RemoteId::value).toArray(Long[]::new);
    }

    private static List<RemoteId> ids(Array array) throws SQLException {
        return Arrays.stream((Long[]) array.getArray()).map(RemoteId::new).toList();
    }

    private static @Nullable Map<RemoteId, RemoteId> newIds(List<RemoteId> places, @Nullable Array array)
            throws SQLException {
        if (array == null) {
            return null;
        }
        var values = (Long[]) array.getArray();
        var newIds = new HashMap<RemoteId, RemoteId>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                newIds.put(places.get(i), new RemoteId(values[i]));
            }
        }
        return newIds;
    }
}
