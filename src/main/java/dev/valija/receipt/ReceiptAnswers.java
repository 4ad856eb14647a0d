package dev.valija.receipt;

import dev.valija.mailbox.MessageKey;
import dev.valija.submission.SubmissionChanged;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What was answered to messages that want a receipt: at most once to each (RFC 8098 2.1), for good. */
@Repository
class ReceiptAnswers {
    private final JdbcClient jdbc;

    ReceiptAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An answer.
     *
     * @param submission that carries the receipt, or null where none is sent
     */
    record Kept(@Nullable Long submission, Instant answeredAt) {}

    Optional<Kept> find(MessageKey message) {
        return jdbc.sql("""
                        select submission_id, answered_at from receipt_answer where account_id = ? and message_id = ?
                        """)
                .param(message.accountId())
                .param(message.id())
                .query((rs, n) -> new Kept(
                        rs.getObject(1, Long.class),
                        rs.getObject(2, OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Keeps an answer unless there is one. @return whether that is the answer now */
    boolean keep(MessageKey message, @Nullable Long submission) {
        jdbc.sql("""
                        insert into receipt_answer (account_id, message_id, submission_id) values (?, ?, ?)
                        on conflict do nothing
                        """)
                .param(message.accountId())
                .param(message.id())
                .param(submission)
                .update();
        return jdbc.sql("""
                        select submission_id is not distinct from ?::bigint from receipt_answer
                         where account_id = ? and message_id = ?
                        """)
                .param(submission)
                .param(message.accountId())
                .param(message.id())
                .query(Boolean.class)
                .single();
    }

    /** What is taken back or not taken by the mail server was not said. */
    @EventListener
    void forget(SubmissionChanged changed) {
        if (changed.state().equals("cancelled") || changed.state().equals("rejected")) {
            jdbc.sql("delete from receipt_answer where account_id = ? and submission_id = ?")
                    .param(changed.accountId())
                    .param(changed.submissionId())
                    .update();
        }
    }
}
