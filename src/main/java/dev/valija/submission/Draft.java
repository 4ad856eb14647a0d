package dev.valija.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.mailbox.MessageKey;
import dev.valija.problem.Revision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A mail being written, as the API shows it.
 *
 * @param revision counts the changes from 1; its ETag
 * @param conflictOf the draft that another device changed at the same time; both are kept
 * @param content a {@link DraftContent}, as it was given
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Draft(
        String id, int revision, @Nullable String conflictOf, Instant createdAt, Instant changedAt, JsonNode content) {

    /**
     * What a list shows of it.
     *
     * @param copy the message that is its copy in the Drafts mailbox, as far as that is known
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Summary(
            String id,
            int revision,
            @Nullable String conflictOf,
            Instant changedAt,
            @Nullable String accountId,
            List<DraftContent.Person> to,
            String subject,
            @Nullable String copy) {

        Summary withCopy(@Nullable MessageKey message) {
            return new Summary(
                    id,
                    revision,
                    conflictOf,
                    changedAt,
                    accountId,
                    to,
                    subject,
                    message == null ? null : message.toString());
        }
    }

    String etag() {
        return new Revision(revision).etag();
    }
}
