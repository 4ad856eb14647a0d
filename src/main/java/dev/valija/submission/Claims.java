package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who works on which submission. A claim ends by itself when its holder dies, and every step is fenced by it: who has
 * lost the claim changes nothing any more, so that only one ever passes the gate. Time is the database's, for all nodes.
 */
@Repository
class Claims {
    /** How long a claim holds without being renewed. */
    static final String LEASE = "interval '60 seconds'";
    /** Of one account at once: whose server dawdles keeps nobody waiting but themselves. */
    static final int MOST_OF_ACCOUNT = 2;

    private static final String DUE = """
            due_at <= now() and (claimed_until is null or claimed_until < now())
            and state in ('HELD', 'QUEUED', 'TALKING', 'GATE', 'ACCEPTED', 'FILED', 'RETRY', 'RESOLVE')""";

    private static final String RUNNING = """
            select account_id, count(*) as running from submission
             where claim is not null and claimed_until >= now() group by account_id""";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final SentDrafts drafts;

    Claims(JdbcClient jdbc, SentDrafts drafts, TransactionTemplate transaction, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.drafts = drafts;
        this.transaction = transaction;
        this.events = events;
    }

    /** A submission that is ours to move on, until the claim ends. */
    record Job(SubmissionKey key, UserId user, SubmissionState state, UUID claim, int attempts, boolean overdue) {}

    /** What has to be said to the server. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Content(
            LetterKind kind,
            String sender,
            String messageId,
            byte[] message,
            String bccField,
            @Nullable MessageKey answered,
            @Nullable MessageKey forwarded,
            List<String> pending) {

        /** Of a letter that nobody was offered yet. */
        static Content of(Letter letter) {
            return new Content(
                    letter.kind(),
                    letter.sender(),
                    letter.messageId(),
                    letter.message(),
                    letter.bccField(),
                    letter.answered(),
                    letter.forwarded(),
                    letter.recipients());
        }
    }

    /** Somebody else has the submission now, or it is in another state than we thought. */
    static final class LostException extends RuntimeException {
        LostException(SubmissionKey key) {
            super("the claim on submission " + key + " is lost");
        }
    }

    /**
     * Takes what is due. What was being said when its worker died has not passed the gate and is said anew; what had
     * passed it is never sent again, but looked for.
     */
    List<Job> take(int most) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var taken = jdbc.sql("""
                            update submission s set claim = gen_random_uuid(), claimed_until = now() + %1$s,
                                   changed_at = now(),
                                   attempts = case when d.state = 'GATE' then 0 else s.attempts end,
                                   state = case when d.state in ('HELD', 'QUEUED', 'RETRY') then 'TALKING'
                                                when d.state = 'GATE' then 'RESOLVE' else d.state end
                              from (select c.account_id, c.id, c.state
                                      from submission c
                                      join (select account_id, id,
                                                   row_number() over (partition by account_id order by due_at) as turn
                                              from submission where %2$s) w using (account_id, id)
                                      left join (%3$s) r using (account_id)
                                     where %2$s and w.turn <= :ofAccount - coalesce(r.running, 0)
                                     order by w.turn, c.due_at limit :most for update of c skip locked) d
                             where s.account_id = d.account_id and s.id = d.id
                            returning s.account_id, s.id, s.user_id, s.state, s.claim, s.attempts,
                                      s.give_up_at < now() as overdue
                            """.formatted(LEASE, DUE, RUNNING))
                    .param("most", most)
                    .param("ofAccount", MOST_OF_ACCOUNT)
                    .query((rs, n) -> job(rs))
                    .list();
            // In one order for all nodes, which each lock the change logs of several users.
            taken.stream()
                    .sorted(Comparator.comparingLong(job -> job.user().value()))
                    .forEach(job -> tell(job, job.state()));
            return taken;
        }));
    }

    /** Keeps claims that are being worked on. */
    void renew(Collection<UUID> claims) {
        jdbc.sql("update submission set claimed_until = now() + " + LEASE + " where claim = any (?)")
                .param(claims.toArray(UUID[]::new))
                .update();
    }

    Content content(Job job) {
        var pending = jdbc.sql("""
                        select email from submission_recipient
                         where account_id = ? and submission_id = ? and state = 'pending' order by position
                        """)
                .param(job.key().accountId())
                .param(job.key().id())
                .query(String.class)
                .list();
        return jdbc.sql("""
                        select kind, sender, message_id, message, bcc_field, answered_account, answered_id,
                               forwarded_account, forwarded_id
                          from submission where account_id = ? and id = ? and claim = ?
                        """)
                .param(job.key().accountId())
                .param(job.key().id())
                .param(job.claim())
                .query((rs, n) -> new Content(
                        LetterKind.valueOf(rs.getString(1)),
                        rs.getString(2),
                        rs.getString(3),
                        Objects.requireNonNullElse(rs.getBytes(4), new byte[0]),
                        rs.getString(5),
                        message(rs, 6),
                        message(rs, 8),
                        pending))
                .optional()
                .orElseThrow(() -> new LostException(job.key()));
    }

    /** Goes to another state and stays ours. @throws LostException when it is not ours any more */
    Job step(Job job, SubmissionState to) {
        return step(job, to, () -> {});
    }

    /** Goes to another state together with what else belongs to that step. */
    Job step(Job job, SubmissionState to, Runnable also) {
        // Refused behind the gate, it has been tried as often as before it.
        int attempts = to == SubmissionState.GATE ? job.attempts() : 0;
        transaction.executeWithoutResult(status -> {
            int changed = jdbc.sql("""
                            update submission set state = :to, changed_at = now(), attempts = :attempts,
                                   claimed_until = now() + %s
                             where account_id = :account and id = :id and claim = :claim and state = :from
                            """.formatted(LEASE))
                    .param("to", to.name())
                    .param("attempts", attempts)
                    .param("account", job.key().accountId())
                    .param("id", job.key().id())
                    .param("claim", job.claim())
                    .param("from", job.state().name())
                    .update();
            if (changed == 0) {
                throw new LostException(job.key());
            }
            also.run();
            tell(job, to);
        });
        return new Job(job.key(), job.user(), to, job.claim(), attempts, job.overdue());
    }

    /**
     * The server said it took the message. That is true whoever has the claim by now, so it overrules a search for the
     * message that was begun because we were silent too long.
     */
    Job accepted(Job job, Runnable also) {
        transaction.executeWithoutResult(status -> {
            int changed = jdbc.sql("""
                            update submission set state = 'ACCEPTED', changed_at = now(), attempts = 0, claim = :claim,
                                   due_at = now(), claimed_until = now() + %s
                             where account_id = :account and id = :id and state in ('GATE', 'RESOLVE', 'UNKNOWN')
                            """.formatted(LEASE))
                    .param("claim", job.claim())
                    .param("account", job.key().accountId())
                    .param("id", job.key().id())
                    .update();
            if (changed == 0) {
                throw new LostException(job.key());
            }
            also.run();
            tell(job, SubmissionState.ACCEPTED);
        });
        return new Job(job.key(), job.user(), SubmissionState.ACCEPTED, job.claim(), 0, job.overdue());
    }

    /** Lets go of it until later, in that state. */
    void defer(Job job, SubmissionState to, Duration wait, Runnable also) {
        transaction.executeWithoutResult(status -> {
            int changed = jdbc.sql("""
                            update submission set state = :to, changed_at = now(), attempts = attempts + 1,
                                   due_at = now() + :wait * interval '1 millisecond', claim = null, claimed_until = null
                             where account_id = :account and id = :id and claim = :claim and state = :from
                            """)
                    .param("to", to.name())
                    .param("wait", wait.toMillis())
                    .param("account", job.key().accountId())
                    .param("id", job.key().id())
                    .param("claim", job.claim())
                    .param("from", job.state().name())
                    .update();
            if (changed == 0) {
                throw new LostException(job.key());
            }
            also.run();
            tell(job, to);
        });
    }

    /** Ends it. The octets go where nobody needs them again: the copy is in Sent. */
    void end(Job job, SubmissionState to, Runnable also) {
        step(job, to, () -> {
            also.run();
            jdbc.sql("""
                            update submission set claim = null, claimed_until = null,
                                   message = case when state = 'DONE' then null else message end
                             where account_id = ? and id = ?
                            """).param(job.key().accountId()).param(job.key().id()).update();
        });
    }

    /** What is known of recipients that nothing was known of. An empty list of emails means all of those. */
    void recipients(Job job, List<String> emails, String state, @Nullable String detail) {
        jdbc.sql("""
                        update submission_recipient set state = :state, detail = :detail
                         where account_id = :account and submission_id = :id and state = 'pending'
                           and (cardinality(:emails::text[]) = 0 or email = any (:emails::text[]))
                        """)
                .param("state", state)
                .param("detail", detail)
                .param("account", job.key().accountId())
                .param("id", job.key().id())
                .param("emails", emails.toArray(String[]::new))
                .update();
    }

    /**
     * Those who are to be asked again later get a submission of their own, of the same octets: what is taken for others
     * must not go to them twice.
     */
    void split(Job job, Map<String, String> later, Duration wait) {
        long rest = jdbc.sql("""
                        insert into submission (account_id, user_id, idempotency_key, request_hash, state, kind, sender,
                               message_id, subject, recipients_to, message, bcc_field, due_at, give_up_at)
                        select account_id, user_id, gen_random_uuid()::text, request_hash, 'RETRY', kind, sender,
                               message_id, subject, recipients_to, message, bcc_field,
                               now() + :wait * interval '1 millisecond', give_up_at
                          from submission where account_id = :account and id = :id
                        returning id
                        """)
                .param("wait", wait.toMillis())
                .param("account", job.key().accountId())
                .param("id", job.key().id())
                .query(Long.class)
                .single();
        later.forEach((email, detail) -> jdbc.sql("""
                        update submission_recipient set submission_id = :rest, detail = :detail
                         where account_id = :account and submission_id = :id and email = :email and state = 'pending'
                        """)
                .param("rest", rest)
                .param("detail", detail)
                .param("account", job.key().accountId())
                .param("id", job.key().id())
                .param("email", email)
                .update());
        events.publishEvent(
                new SubmissionChanged(job.user(), job.key().accountId(), rest, SubmissionState.RETRY.text()));
    }

    /** The provider refuses the account: what waits for it need not be refused one by one. */
    void postpone(long accountId, Duration wait) {
        jdbc.sql("""
                        update submission set due_at = now() + :wait * interval '1 millisecond'
                         where account_id = :account and state in ('QUEUED', 'RETRY') and claim is null
                           and due_at < now() + :wait * interval '1 millisecond'
                        """).param("wait", wait.toMillis()).param("account", accountId).update();
    }

    /** The provider can be asked again: what waits for that goes now. */
    void hurry(long accountId) {
        jdbc.sql("""
                        update submission set due_at = now()
                         where account_id = ? and state in ('RETRY', 'ACCEPTED', 'FILED', 'RESOLVE') and due_at > now()
                        """).param(accountId).update();
    }

    /** Milliseconds until something is due whose account is not busy, at most {@code most}. */
    long untilNextDue(long most) {
        return jdbc.sql("""
                        select least(:most, greatest(0, coalesce(
                                   (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::bigint, :most)))
                          from submission
                         where state in ('HELD', 'QUEUED', 'TALKING', 'GATE', 'ACCEPTED', 'FILED', 'RETRY', 'RESOLVE')
                           and claim is null
                           and account_id not in (select account_id from (%s) r where running >= :ofAccount)
                        """.formatted(RUNNING))
                .param("most", most)
                .param("ofAccount", MOST_OF_ACCOUNT)
                .query(Long.class)
                .single();
    }

    /** Forgets what ended long ago. */
    void clean() {
        jdbc.sql("""
                        delete from submission where state in ('DONE', 'REJECTED', 'UNKNOWN', 'CANCELLED')
                           and changed_at < now() - interval '30 days'
                        """).update();
    }

    private void tell(Job job, SubmissionState state) {
        if (state.settlesDraft()) {
            drafts.follow(job.key());
        }
        events.publishEvent(new SubmissionChanged(
                job.user(), job.key().accountId(), job.key().id(), state.text()));
    }

    private static Job job(ResultSet rs) throws SQLException {
        return new Job(
                new SubmissionKey(rs.getLong("account_id"), rs.getLong("id")),
                new UserId(rs.getLong("user_id")),
                SubmissionState.valueOf(rs.getString("state")),
                rs.getObject("claim", UUID.class),
                rs.getInt("attempts"),
                rs.getBoolean("overdue"));
    }

    private static @Nullable MessageKey message(ResultSet rs, int column) throws SQLException {
        long account = rs.getLong(column);
        boolean none = rs.wasNull();
        return none ? null : new MessageKey(account, rs.getLong(column + 1));
    }
}
