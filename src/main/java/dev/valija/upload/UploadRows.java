package dev.valija.upload;

import dev.valija.account.DataKeys.DataKey;
import dev.valija.account.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables upload and upload_chunk. */
@Repository
class UploadRows {
    private final JdbcClient jdbc;

    UploadRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An upload with the key of its octets. */
    record Row(UploadKey key, Upload upload, DataKey dataKey) {}

    /** A stretch of an upload. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Chunk(long start, byte[] sealed) {}

    /** How much a user has. */
    record Sum(int uploads, long octets) {}

    /** Holds off others who would add to what the user has, until the end of the transaction. */
    Sum lockAndCount(UserId user) {
        jdbc.sql("select id from users where id = ? for no key update")
                .param(user.value())
                .query(Long.class)
                .single();
        return jdbc.sql("select count(*), coalesce(sum(length), 0) from upload where user_id = ?")
                .param(user.value())
                .query((rs, n) -> new Sum(rs.getInt(1), rs.getLong(2)))
                .single();
    }

    UploadKey insert(UserId user, NewUpload wanted, DataKey key, Instant now, Instant expiresAt) {
        return jdbc.sql("""
                        insert into upload (user_id, name, type, length, master_key, data_key, created_at, expires_at)
                        values (:user, :name, :type, :length, :master, :key, :now, :expires) returning id
                        """)
                .param("user", user.value())
                .param("name", wanted.name())
                .param("type", wanted.type())
                .param("length", wanted.length())
                .param("master", key.masterKey())
                .param("key", key.wrapped())
                .param("now", utc(now))
                .param("expires", utc(expiresAt))
                .query((rs, n) -> new UploadKey(user, rs.getLong(1)))
                .single();
    }

    Optional<Row> find(UploadKey key) {
        return jdbc.sql("""
                        select id, name, type, length, received, expires_at, master_key, data_key
                          from upload where user_id = ? and id = ?
                        """)
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> new Row(key, upload(rs), new DataKey(rs.getString(7), rs.getBytes(8))))
                .optional();
    }

    /**
     * More octets have come. Within the transaction that keeps them: who comes second waits here, and finds the first one
     * gone further.
     *
     * @return whether all before {@code from}, and no more, had come until now
     */
    boolean advance(UploadKey key, long from, long to, Instant expiresAt) {
        return jdbc.sql("""
                        update upload set received = :to, expires_at = :expires
                         where user_id = :user and id = :id and received = :from
                        """)
                        .param("to", to)
                        .param("expires", utc(expiresAt))
                        .param("user", key.user().value())
                        .param("id", key.id())
                        .param("from", from)
                        .update()
                > 0;
    }

    /** Keeps a stretch, in place of one that was shorter. */
    void put(UploadKey key, Chunk chunk) {
        jdbc.sql("""
                        insert into upload_chunk (user_id, upload_id, start, sealed) values (:user, :id, :start, :sealed)
                        on conflict (user_id, upload_id, start) do update set sealed = excluded.sealed
                        """)
                .param("user", key.user().value())
                .param("id", key.id())
                .param("start", chunk.start())
                .param("sealed", chunk.sealed())
                .update();
    }

    /** The stretch that begins there. */
    Optional<Chunk> chunk(UploadKey key, long start) {
        return jdbc.sql("select start, sealed from upload_chunk where user_id = ? and upload_id = ? and start = ?")
                .param(key.user().value())
                .param(key.id())
                .param(start)
                .query((rs, n) -> new Chunk(rs.getLong(1), rs.getBytes(2)))
                .optional();
    }

    /** The last stretch so far. */
    Optional<Chunk> lastChunk(UploadKey key) {
        return jdbc.sql("""
                        select start, sealed from upload_chunk where user_id = ? and upload_id = ?
                         order by start desc limit 1
                        """)
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> new Chunk(rs.getLong(1), rs.getBytes(2)))
                .optional();
    }

    /** Those of the ids that are finished uploads of the user; none of them goes until the end of the transaction. */
    List<Long> lockFinished(UserId user, Collection<Long> ids) {
        return jdbc.sql("""
                        select id from upload where user_id = ? and id = any (?) and received = length
                         order by id for key share
                        """)
                .param(user.value())
                .param(ids.toArray(Long[]::new))
                .query(Long.class)
                .list();
    }

    /** Nothing holds them as before: unless something else does, they go then. */
    void expire(UserId user, Collection<Long> ids, Instant at) {
        jdbc.sql("update upload set expires_at = ? where user_id = ? and id = any (?)")
                .param(utc(at))
                .param(user.value())
                .param(ids.toArray(Long[]::new))
                .update();
    }

    /**
     * Locks some that expire until then, so that nothing comes to hold them meanwhile; those somebody works with are left
     * for later.
     */
    List<UploadKey> lockExpired(Instant until, int most) {
        return jdbc.sql("""
                        select user_id, id from upload u
                         where expires_at <= ?
                           and not exists (select from upload_hold h where h.user_id = u.user_id and h.upload_id = u.id)
                         order by expires_at limit ? for update skip locked
                        """)
                .param(utc(until))
                .param(most)
                .query((rs, n) -> new UploadKey(new UserId(rs.getLong(1)), rs.getLong(2)))
                .list();
    }

    /** The same of one user's finished ones. */
    List<UploadKey> lockExpired(UserId user, Instant until) {
        return jdbc.sql("""
                        select id from upload u
                         where user_id = ? and expires_at <= ? and received = length
                           and not exists (select from upload_hold h where h.user_id = u.user_id and h.upload_id = u.id)
                           for update skip locked
                        """)
                .param(user.value())
                .param(utc(until))
                .query((rs, n) -> new UploadKey(user, rs.getLong(1)))
                .list();
    }

    /** Locks that one, so that nothing comes to hold it meanwhile. @return whether it is there */
    boolean lock(UploadKey key) {
        return jdbc.sql("select id from upload where user_id = ? and id = ? for update")
                .param(key.user().value())
                .param(key.id())
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** Removes it unless something holds it; it was locked in an earlier statement. @return whether it is gone */
    boolean deleteUnheld(UploadKey key) {
        return jdbc.sql("""
                        delete from upload u where user_id = ? and id = ?
                           and not exists (select from upload_hold h where h.user_id = u.user_id and h.upload_id = u.id)
                        """).param(key.user().value()).param(key.id()).update() > 0;
    }

    private static Upload upload(ResultSet rs) throws SQLException {
        return new Upload(
                rs.getString("id"),
                rs.getString("name"),
                rs.getString("type"),
                rs.getLong("length"),
                rs.getLong("received"),
                rs.getObject("expires_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
