package dev.valija.calendar;

import dev.valija.submission.SubmissionChanged;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What was answered to which event. It is found by the event, not by the message: the same invitation comes again as a
 * reminder or an update, and what was said to the first one still holds.
 */
@Repository
class InvitationReplies {
    private final JdbcClient jdbc;

    InvitationReplies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An answer.
     *
     * @param sequence of the event as it was then
     */
    record Kept(String status, long sequence, Instant repliedAt, String submissionId) {}

    /** The last answer that was not taken back. */
    Optional<Kept> last(long accountId, Invitation invitation) {
        return jdbc.sql("""
                        select status, sequence, replied_at, submission_id from invitation_reply
                         where account_id = ? and event = ? and occurrence = ?
                         order by submission_id desc limit 1
                        """)
                .param(accountId)
                .param(event(invitation))
                .param(invitation.occurrenceKey())
                .query((rs, n) -> new Kept(
                        rs.getString(1),
                        rs.getLong(2),
                        rs.getObject(3, OffsetDateTime.class).toInstant(),
                        accountId + "-" + rs.getLong(4)))
                .optional();
    }

    /** @param submissionId as the API names it */
    void keep(long accountId, String submissionId, Invitation invitation, String status) {
        jdbc.sql("""
                        insert into invitation_reply (account_id, submission_id, event, occurrence, sequence, status)
                        values (?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .param(accountId)
                .param(Long.parseLong(submissionId.substring(submissionId.indexOf('-') + 1)))
                .param(event(invitation))
                .param(invitation.occurrenceKey())
                .param(invitation.sequence())
                .param(status)
                .update();
    }

    /** What is taken back or not taken by the mail server was not said. */
    @EventListener
    void forget(SubmissionChanged changed) {
        if (changed.state().equals("cancelled") || changed.state().equals("rejected")) {
            jdbc.sql("delete from invitation_reply where account_id = ? and submission_id = ?")
                    .param(changed.accountId())
                    .param(changed.submissionId())
                    .update();
        }
    }

    private static byte[] event(Invitation invitation) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(invitation.uid().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
