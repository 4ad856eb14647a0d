package dev.valija.calendar;

import dev.valija.submission.SubmissionChanged;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
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

    void keep(long accountId, long submissionId, Invitation invitation, String status) {
        jdbc.sql("""
                        insert into invitation_reply (account_id, submission_id, event, occurrence, sequence, status)
                        values (?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .param(accountId)
                .param(submissionId)
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
        return DigestUtils.sha256(invitation.uid());
    }
}
