package dev.valija.submission;

import dev.valija.problem.OneLine;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
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
        @Nullable @Size(max = 100) List<@Valid @NotNull Part> attachments,
        @Nullable @Size(max = 100) String inReplyTo,
        @Nullable @Size(max = 100) String forwardOf) {

    /** Somebody, perhaps half typed. */
    record Person(
            @Nullable @Size(max = 1000) @OneLine String name,
            @NotNull @Size(max = 320) @OneLine String email) {}

    /** A part of a message the user has. */
    record Part(
            @NotNull @Size(max = 100) String messageId,
            @NotNull @Size(max = 200) String partId,
            @Nullable @Size(max = 255) @OneLine String name,
            @Nullable @Size(max = 255) @OneLine String type,
            @Nullable Long size) {}

    @Override
    public String toString() {
        return "DraftContent";
    }
}
