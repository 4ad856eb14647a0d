package dev.valija.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way, as the API shows it.
 *
 * @param changedAt since when it has been in that state
 * @param sendAt when it goes or is tried again, or null when it is not waiting for a time
 * @param messageId its Message-ID without angle brackets
 * @param draftId the draft it was written in, while there is one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Submission(
        String id,
        String accountId,
        String state,
        String subject,
        List<Address> to,
        Instant createdAt,
        Instant changedAt,
        @Nullable Instant sendAt,
        boolean cancellable,
        String messageId,
        @Nullable String draftId,
        List<Recipient> recipients) {

    /**
     * What became of it for one recipient.
     *
     * @param state pending, accepted or refused
     * @param detail what the server said, or null
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Recipient(
            String email, String state, @Nullable String detail) {}
}
