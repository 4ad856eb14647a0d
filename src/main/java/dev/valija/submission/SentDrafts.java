package dev.valija.submission;

import dev.valija.upload.UploadHolds;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * What becomes of a draft whose text is sent. It is out of sight while that is on its way, and gone once a server has
 * taken it; taken back, refused or of unknown fate, it is the user's again, on all devices. All within the transaction
 * of what happens to the submission.
 */
@Component
class SentDrafts {
    private final DraftRows rows;
    private final UploadHolds holds;
    private final ApplicationEventPublisher events;

    SentDrafts(DraftRows rows, UploadHolds holds, ApplicationEventPublisher events) {
        this.rows = rows;
        this.holds = holds;
        this.events = events;
    }

    /**
     * It is handed over to be sent. One that is gone already is no error, and one that another device has changed since
     * stays what it is. Handed over once more out of another draft, the mail has that one only.
     *
     * @param revision as the sender knows it, or null for whatever it is
     */
    void handOver(DraftKey draft, @Nullable Integer revision, SubmissionKey submission) {
        rows.lock(draft)
                .filter(now -> revision == null || revision == now.revision())
                .ifPresent(now -> {
                    rows.lock(submission)
                            .filter(earlier -> !earlier.draft().equals(draft))
                            .ifPresent(earlier -> end(earlier.draft()));
                    rows.link(draft, now.revision(), submission);
                    follow(submission);
                });
    }

    /** Something has happened to the submission. */
    void follow(SubmissionKey submission) {
        rows.lock(submission).ifPresent(sent -> {
            switch (sent.state()) {
                case ACCEPTED, FILED, DONE -> end(sent.draft());
                case CANCELLED, REJECTED, UNKNOWN -> tell(sent.draft(), sent.revision());
                case HELD, QUEUED, TALKING, GATE, RETRY, RESOLVE -> tell(sent.draft(), 0);
            }
        });
    }

    private void end(DraftKey draft) {
        rows.delete(draft);
        holds.release(draft.user(), draft.holder());
        tell(draft, 0);
    }

    private void tell(DraftKey draft, int revision) {
        events.publishEvent(new DraftChanged(draft.user(), draft.id(), revision));
    }
}
