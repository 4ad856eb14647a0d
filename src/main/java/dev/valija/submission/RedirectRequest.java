package dev.valija.submission;

import dev.valija.submission.SubmissionRequest.Person;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a caller wants a message sent on to. Its text form shows nothing of it. */
record RedirectRequest(
        @NotNull @Valid Person from,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> to,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> cc,
        @Nullable @Size(max = 500) List<@Valid @NotNull Person> bcc,
        @Nullable Instant sendAt,
        @Nullable @Min(0) @Max(120) Integer undoSeconds) {
    @Override
    public String toString() {
        return "RedirectRequest";
    }
}
