package dev.valija.submission;

import dev.valija.account.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The table draft. */
@Repository
class DraftRows {
    /** What is on its way is nobody's to write on; where it was written on since, that is another text. */
    private static final String NOT_ON_ITS_WAY = """
            not exists (select from submission s
                         where s.user_id = d.user_id and s.draft_id = d.id and s.draft_revision = d.revision
                           and s.state not in ('CANCELLED', 'REJECTED', 'UNKNOWN'))""";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DraftRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * A content as it is kept, with its SHA-256.
     *
     * @param uploads that it names, each with where
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Content(long accountId, String json, byte[] hash, Map<Long, String> uploads) {}

    /** Where a draft stands. */
    @SuppressWarnings("ArrayRecordComponent") // compared by holds
    record State(int revision, byte[] hash) {
        boolean holds(Content content) {
            return Arrays.equals(hash, content.hash());
        }
    }

    int count(UserId user) {
        return jdbc.sql("select count(*) from draft where user_id = ?")
                .param(user.value())
                .query(Integer.class)
                .single();
    }

    /** Keeps a new draft; empty when there is one of that key. */
    Optional<DraftKey> insert(UserId user, String idempotencyKey, Content content, @Nullable Long conflictOf) {
        return jdbc.sql("""
                        insert into draft (user_id, account_id, idempotency_key, content, content_hash, conflict_of)
                        values (:user, :account, :key, :content::json, :hash, :conflictOf)
                        on conflict (user_id, idempotency_key) do nothing returning id
                        """)
                .param("user", user.value())
                .param("account", content.accountId())
                .param("key", idempotencyKey)
                .param("content", content.json())
                .param("hash", content.hash())
                .param("conflictOf", conflictOf)
                .query(Long.class)
                .optional()
                .map(id -> new DraftKey(user, id));
    }

    Optional<DraftKey> find(UserId user, String idempotencyKey) {
        return jdbc.sql("select id from draft where user_id = ? and idempotency_key = ?")
                .param(user.value())
                .param(idempotencyKey)
                .query(Long.class)
                .optional()
                .map(id -> new DraftKey(user, id));
    }

    /** Where it stands, and stays until the end of the transaction. */
    Optional<State> lock(DraftKey key) {
        return jdbc.sql("select revision, content_hash from draft where user_id = ? and id = ? for update")
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> new State(rs.getInt(1), rs.getBytes(2)))
                .optional();
    }

    /** Another content; the answer is its new revision. */
    int update(DraftKey key, Content content) {
        return jdbc.sql("""
                        update draft set content = :content::json, content_hash = :hash, account_id = :account,
                               revision = revision + 1, changed_at = now()
                         where user_id = :user and id = :id returning revision
                        """)
                .param("content", content.json())
                .param("hash", content.hash())
                .param("account", content.accountId())
                .param("user", key.user().value())
                .param("id", key.id())
                .query(Integer.class)
                .single();
    }

    /** From now on what becomes of it is told by what becomes of that. */
    void link(DraftKey key, int revision, SubmissionKey submission) {
        jdbc.sql("update submission set draft_id = ?, draft_revision = ? where account_id = ? and id = ?")
                .param(key.id())
                .param(revision)
                .param(submission.accountId())
                .param(submission.id())
                .update();
    }

    /** The draft of what is sent, which nobody has changed since, and how that stands. */
    record Sent(DraftKey draft, int revision, SubmissionState state) {}

    Optional<Sent> lock(SubmissionKey submission) {
        return jdbc.sql("""
                        select d.user_id, d.id, d.revision, s.state
                          from submission s
                          join draft d on d.user_id = s.user_id and d.id = s.draft_id and d.revision = s.draft_revision
                         where s.account_id = ? and s.id = ? for update of d
                        """)
                .param(submission.accountId())
                .param(submission.id())
                .query((rs, n) -> new Sent(
                        new DraftKey(new UserId(rs.getLong(1)), rs.getLong(2)),
                        rs.getInt(3),
                        SubmissionState.valueOf(rs.getString(4))))
                .optional();
    }

    void delete(DraftKey key) {
        jdbc.sql("delete from draft where user_id = ? and id = ?")
                .param(key.user().value())
                .param(key.id())
                .update();
    }

    /**
     * As a draft is now, for its copy at the provider.
     *
     * @param accountId null when that was removed
     * @param onItsWay whether its text is being sent
     */
    record Standing(
            @Nullable Long accountId, int revision, Instant changedAt, boolean onItsWay, DraftContent content) {}

    Optional<Standing> standing(DraftKey key) {
        return jdbc.sql("""
                        select account_id, revision, changed_at, not %s as on_its_way, content
                          from draft d where user_id = ? and id = ?
                        """.formatted(NOT_ON_ITS_WAY))
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> new Standing(
                        rs.getObject("account_id", Long.class),
                        rs.getInt("revision"),
                        instant(rs, "changed_at"),
                        rs.getBoolean("on_its_way"),
                        json.readValue(rs.getString("content"), DraftContent.class)))
                .optional();
    }

    Optional<Draft> find(DraftKey key) {
        return jdbc.sql("""
                        select id, revision, conflict_of, created_at, changed_at, content
                          from draft where user_id = ? and id = ?
                        """)
                .param(key.user().value())
                .param(key.id())
                .query((rs, n) -> new Draft(
                        rs.getString("id"),
                        rs.getInt("revision"),
                        rs.getString("conflict_of"),
                        instant(rs, "created_at"),
                        instant(rs, "changed_at"),
                        json.readTree(rs.getString("content"))))
                .optional();
    }

    List<Draft.Summary> newest(UserId user) {
        return jdbc.sql("""
                        select id, revision, conflict_of, changed_at, account_id, content->>'to' as recipients,
                               content->>'subject' as subject
                          from draft d where user_id = ? and %s order by changed_at desc, id desc
                        """.formatted(NOT_ON_ITS_WAY))
                .param(user.value())
                .query((rs, n) -> new Draft.Summary(
                        rs.getString("id"),
                        rs.getInt("revision"),
                        rs.getString("conflict_of"),
                        instant(rs, "changed_at"),
                        rs.getString("account_id"),
                        people(rs.getString("recipients")),
                        Optional.ofNullable(rs.getString("subject")).orElse(""),
                        null))
                .list();
    }

    private List<DraftContent.Person> people(@Nullable String column) {
        var people = new ArrayList<DraftContent.Person>();
        if (column != null) {
            for (var node : json.readTree(column)) {
                people.add(json.treeToValue(node, DraftContent.Person.class));
            }
        }
        return people;
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }
}
