package dev.valija.contact;

import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A contact as a caller gives it. */
record ContactRequest(
        @Nullable @Size(max = ContactName.LONGEST) @OneLine String name,
        @NotNull @Size(min = 3, max = 320) @OneLine String email) {

    /** @throws ProblemException invalid-request when no mail can be sent to the address */
    Entry entry() {
        var address = Email.of(email).orElseThrow(() -> ProblemException.invalid("/email", "must be a mail address"));
        return new Entry(name, address);
    }
}
