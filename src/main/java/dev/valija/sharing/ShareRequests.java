package dev.valija.sharing;

import dev.valija.account.AccessRole;
import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What callers send about shares. */
final class ShareRequests {
    private static final String ROLES = "read|triage|send|full";

    record NewShare(
            @NotNull
            @Size(min = 3, max = 320)
            @Pattern(regexp = "[^\\s\\p{Cntrl}@]+@[^\\s\\p{Cntrl}@]+", message = "must be a mail address")
            String address,

            @NotNull @Pattern(regexp = ROLES, message = "must be one of " + ROLES)
            String role,

            @Nullable @Size(max = 100) @OneLine String mailboxId) {}

    record ShareChange(
            @NotNull @Pattern(regexp = ROLES, message = "must be one of " + ROLES)
            String role) {}

    record ShareAnswer(
            @NotNull @Pattern(regexp = "accepted|declined", message = "must be accepted or declined")
            String state) {}

    static AccessRole role(String text) {
        return AccessRole.valueOf(text.toUpperCase(Locale.ROOT));
    }

    static Share.State state(String text) {
        return Share.State.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** @throws ProblemException not-found: what is no id names nothing */
    static long account(String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return Long.parseLong(text);
    }

    private ShareRequests() {}
}
