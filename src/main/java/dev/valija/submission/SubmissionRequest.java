package dev.valija.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.valija.message.Address;
import dev.valija.problem.OneLine;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants sent. Its text form shows nothing of it.
 *
 * @param readReceipt whether the recipients' programs are asked to tell when it is read (RFC 8098)
 * @param draftId in which draft it was written; that makes no other message of it, so its JSON leaves it out
 * @param remindAt when its sender wants to be reminded of it, if nobody has answered; likewise
 * @param draftRevision of that draft, as the sender knows it; likewise
 */
record SubmissionRequest(
        @NotNull @Valid Person from,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> to,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> cc,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> bcc,
        @Nullable @Size(max = 20) List<@Valid @NotNull Person> replyTo,
        @Nullable @Size(max = 10_000) @OneLine String subject,
        @Nullable @Size(max = 10_000_000) String text,
        @Nullable @Size(max = 10_000_000) String html,
        @Nullable @Size(max = 100) List<@Valid @NotNull NewAttachment> attachments,
        @Nullable String inReplyTo,
        @Nullable String forwardOf,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean readReceipt,

        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Nullable
        String draftId,

        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Nullable @Min(1)
        Integer draftRevision,

        @Nullable Instant sendAt,

        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Nullable
        Instant remindAt,

        @Nullable @Min(0) @Max(120) Integer undoSeconds) {

    /** A name and an address as a caller gives them. */
    record Person(
            @Nullable @Size(max = 1000) @OneLine String name,
            @NotNull @Size(min = 3, max = 320) @OneLine String email) {
        Address address() {
            return new Address(name == null || name.isBlank() ? null : name.strip(), email.strip());
        }
    }

    /** Either an upload, or a part of a message the user has, or content. */
    record NewAttachment(
            @Nullable @Size(max = 255) @OneLine String name,
            @Nullable @Size(max = 255) @OneLine String type,
            @Nullable @Size(max = 20) @OneLine String uploadId,
            @Nullable String content,
            @Nullable String messageId,
            @Nullable String partId,
            @Nullable @Size(max = 255) @OneLine String contentId) {
        @Override
        public String toString() {
            return "NewAttachment";
        }
    }

    static List<Address> addresses(@Nullable List<Person> people) {
        return people == null ? List.of() : people.stream().map(Person::address).toList();
    }

    @Override
    public String toString() {
        return "SubmissionRequest";
    }
}
