package dev.valija.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.UserId;
import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mail as far as it is written: nothing in it need be right yet. Its text form shows nothing of it. */
record DraftContent(
        @NotNull @Size(max = 20) String accountId,
        @NotNull @Valid Person from,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> to,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> cc,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> bcc,
        @Nullable @Size(max = 20) List<@Valid @NotNull Person> replyTo,
        @Nullable @Size(max = 10_000) @OneLine String subject,
        @Nullable @Size(max = 10_000_000) String text,
        @Nullable @Size(max = 10_000_000) String html,
        @Nullable @Size(max = 100) List<@Valid @NotNull Attached> attachments,
        @Nullable @Size(max = 100) String inReplyTo,
        @Nullable @Size(max = 100) String forwardOf,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean readReceipt) {

    /** Somebody, perhaps half typed. */
    record Person(
            @Nullable @Size(max = 1000) @OneLine String name,
            @NotNull @Size(max = 320) @OneLine String email) {}

    /** An upload, or a part of a message the user has. */
    record Attached(
            @Nullable @Size(max = 20) @OneLine String uploadId,
            @Nullable @Size(max = 100) String messageId,
            @Nullable @Size(max = 200) String partId,
            @Nullable @Size(max = 255) @OneLine String name,
            @Nullable @Size(max = 255) @OneLine String type,
            @Nullable Long size,
            @Nullable @Size(max = 255) @OneLine String contentId) {}

    /**
     * The uploads it names, each with where that is (RFC 6901).
     *
     * @throws ProblemException invalid-request for an attachment that is neither an upload nor a part
     */
    Map<Long, String> uploads(UserId user) {
        var uploads = new LinkedHashMap<Long, String>();
        for (int i = 0; attachments != null && i < attachments.size(); i++) {
            var attached = attachments.get(i);
            String pointer = "/attachments/" + i;
            boolean part = attached.messageId() != null && attached.partId() != null;
            boolean anyPart = attached.messageId() != null || attached.partId() != null;
            String uploadId = attached.uploadId();
            if (uploadId == null ? !part : anyPart) {
                throw ProblemException.invalid(pointer, "Give either uploadId, or messageId and partId.");
            }
            if (uploadId != null) {
                uploads.put(NamedUpload.key(user, uploadId, pointer).id(), pointer + NamedUpload.FIELD);
            }
        }
        return uploads;
    }

    @Override
    public String toString() {
        return "DraftContent";
    }
}
