package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.message.Address;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The rows of the outbox as users see and make them. */
@Repository
class SubmissionRows {
    private static final String COLUMNS = """
            s.account_id, s.id, s.state, s.subject, s.recipients_to, s.created_at, s.changed_at, s.due_at, s.message_id,
            (select d.id from draft d where d.user_id = s.user_id and d.id = s.draft_id) as draft,
            (select json_agg(json_build_object('email', r.email, 'state', r.state, 'detail', r.detail)
                             order by r.position)
               from submission_recipient r where r.account_id = s.account_id and r.submission_id = s.id) as offered""";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    SubmissionRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * What is kept of a request.
     *
     * @param claim of the worker that sends it at once, if one does
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record New(
            UserId user,
            long accountId,
            IdempotencyKey idempotencyKey,
            byte[] requestHash,
            Letter letter,
            SubmissionState state,
            Instant dueAt,
            @Nullable UUID claim) {

        /** The same, being sent by that worker from the start. */
        New claimedBy(UUID worker) {
            return new New(
                    user, accountId, idempotencyKey, requestHash, letter, SubmissionState.TALKING, dueAt, worker);
        }
    }

    /** A submission made before with the same key. */
    record Earlier(SubmissionKey key, boolean sameRequest) {}

    Optional<Earlier> earlier(UserId user, IdempotencyKey idempotencyKey, byte[] requestHash) {
        return jdbc.sql("select account_id, id, request_hash from submission where user_id = ? and idempotency_key = ?")
                .param(user.value())
                .param(idempotencyKey.value())
                .query((rs, n) -> new Earlier(
                        new SubmissionKey(rs.getLong(1), rs.getLong(2)), Arrays.equals(rs.getBytes(3), requestHash)))
                .optional();
    }

    /** Keeps it with its recipients; empty when the key was taken in this very moment. */
    Optional<SubmissionKey> insert(New row) {
        var letter = row.letter();
        return jdbc.sql("""
                        with made as (
                            insert into submission (account_id, user_id, idempotency_key, request_hash, state, kind, sender,
                                   message_id, subject, recipients_to, message, bcc_field, answered_account,
                                   answered_id, forwarded_account, forwarded_id, due_at, give_up_at, claim,
                                   claimed_until)
                            values (:account, :user, :key, :hash, :state, :kind, :sender, :messageId, :subject, :to::jsonb,
                                   :message, :bcc, :answeredAccount, :answered, :forwardedAccount, :forwarded, :due,
                                   :due + interval '5 days', :claim::uuid,
                                   case when :claim::uuid is not null then now() + %s end)
                            on conflict (user_id, idempotency_key) do nothing
                            returning account_id, id),
                        offered as (
                            insert into submission_recipient (account_id, submission_id, position, email)
                            select made.account_id, made.id, r.position, r.email
                              from made, unnest(:emails::text[]) with ordinality r (email, position))
                        select id from made
                        """.formatted(Claims.LEASE))
                .param("account", row.accountId())
                .param("user", row.user().value())
                .param("key", row.idempotencyKey().value())
                .param("hash", row.requestHash())
                .param("state", row.state().name())
                .param("kind", letter.kind().name())
                .param("sender", letter.sender())
                .param("messageId", letter.messageId())
                .param("subject", letter.subject())
                .param("to", json.writeValueAsString(letter.to()))
                .param("message", letter.message())
                .param("bcc", letter.bccField())
                .param("answeredAccount", account(letter.answered()))
                .param("answered", id(letter.answered()))
                .param("forwardedAccount", account(letter.forwarded()))
                .param("forwarded", id(letter.forwarded()))
                .param("due", row.dueAt().atOffset(ZoneOffset.UTC))
                .param("claim", row.claim())
                .param("emails", letter.recipients().toArray(String[]::new))
                .query(Long.class)
                .optional()
                .map(id -> new SubmissionKey(row.accountId(), id));
    }

    /** Whether it goes or went, neither taken back nor refused; that stays so until the end of the transaction. */
    boolean stands(SubmissionKey key) {
        return jdbc.sql("""
                        select state not in ('CANCELLED', 'REJECTED') from submission
                         where account_id = ? and id = ? for share
                        """)
                .param(key.accountId())
                .param(key.id())
                .query(Boolean.class)
                .single();
    }

    /** Its Message-ID, where no other part of the same message goes or went. */
    Optional<String> messageIdOfNone(long accountId, long id) {
        return jdbc.sql("""
                        select s.message_id from submission s
                         where s.account_id = :account and s.id = :id
                           and not exists (select from submission o
                                            where o.account_id = s.account_id and o.user_id = s.user_id
                                              and o.message_id = s.message_id and o.id <> s.id
                                              and o.state not in ('CANCELLED', 'REJECTED'))
                        """)
                .param("account", accountId)
                .param("id", id)
                .query(String.class)
                .optional();
    }

    Optional<Submission> find(UserId user, SubmissionKey key) {
        return jdbc.sql("select " + COLUMNS
                        + " from submission s where s.user_id = ? and s.account_id = ? and s.id = ?")
                .param(user.value())
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> read(rs))
                .optional();
    }

    /** Newest first; what nobody waits for any more comes last, so that it pushes nothing out. */
    List<Submission> newest(UserId user, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                         from submission s where s.user_id = ?
                         order by s.state in ('DONE', 'CANCELLED'), s.id desc limit ?
                        """)
                .param(user.value())
                .param(limit)
                .query((rs, n) -> read(rs))
                .list();
    }

    /** Takes it back unless it is on its way. @return whether it was still here */
    boolean cancel(SubmissionKey key) {
        return jdbc.sql("""
                        update submission set state = 'CANCELLED', message = null, changed_at = now()
                         where account_id = ? and id = ? and state in ('HELD', 'QUEUED', 'RETRY')
                        """).param(key.accountId()).param(key.id()).update() > 0;
    }

    private Submission read(ResultSet rs) throws SQLException {
        var key = new SubmissionKey(rs.getLong("account_id"), rs.getLong("id"));
        var state = SubmissionState.valueOf(rs.getString("state"));
        boolean waits = state == SubmissionState.HELD || state == SubmissionState.RETRY;
        return new Submission(
                key.toString(),
                Long.toString(key.accountId()),
                state.text(),
                rs.getString("subject"),
                addresses(rs.getString("recipients_to")),
                instant(rs, "created_at"),
                instant(rs, "changed_at"),
                waits ? instant(rs, "due_at") : null,
                state.cancellable(),
                rs.getString("message_id"),
                rs.getString("draft"),
                recipients(rs.getString("offered")));
    }

    private List<Submission.Recipient> recipients(String column) {
        return List.of(json.readValue(column, Submission.Recipient[].class));
    }

    private List<Address> addresses(String column) {
        var addresses = new ArrayList<Address>();
        for (var node : json.readTree(column)) {
            var name = node.get("name");
            addresses.add(new Address(
                    name == null || name.isNull() ? null : name.asString(),
                    node.path("email").asString("")));
        }
        return addresses;
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Long account(@Nullable MessageKey key) {
        return key == null ? null : key.accountId();
    }

    private static @Nullable Long id(@Nullable MessageKey key) {
        return key == null ? null : key.id();
    }
}
