package dev.valija.collection;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.ServerForm;
import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What callers send about collections. Text forms hide the passwords. */
final class CollectionRequests {

    record NewCollection(
            @NotNull @Valid ServerForm server,
            @NotNull @Size(min = 1, max = 320) @OneLine String username,
            @NotNull @Size(min = 1, max = 1000) @OneLine String password,
            @NotNull @Size(max = 100) String mailboxId,
            @NotNull @Valid AfterStoring afterStoring,
            @Nullable @Min(5) @Max(1440) Integer intervalMinutes,
            @Nullable Boolean paused) {
        @Override
        public String toString() {
            return "NewCollection";
        }
    }

    record CollectionChange(
            @Nullable @Valid ServerForm server,
            @Nullable @Size(min = 1, max = 320) @OneLine String username,
            @Nullable @Size(min = 1, max = 1000) @OneLine String password,
            @Nullable @Size(max = 100) String mailboxId,
            @Nullable @Valid AfterStoring afterStoring,
            @Nullable @Min(5) @Max(1440) Integer intervalMinutes,
            @Nullable Boolean paused) {
        boolean isNothing() {
            return !changesLogin()
                    && mailboxId == null
                    && afterStoring == null
                    && intervalMinutes == null
                    && paused == null;
        }

        boolean changesLogin() {
            return server != null || username != null || password != null;
        }

        @Override
        public String toString() {
            return "CollectionChange";
        }
    }

    /** What becomes of a message at the server once it is stored. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AfterStoring(
            @NotNull @Pattern(regexp = "delete|keep|delete-later", message = "must be delete, keep or delete-later")
            String action,

            @Nullable @Min(1) @Max(365) Integer days) {
        private static final String LATER = "delete-later";

        static AfterStoring of(@Nullable Integer keepDays) {
            return switch (keepDays) {
                case null -> new AfterStoring("keep", null);
                case 0 -> new AfterStoring("delete", null);
                default -> new AfterStoring(LATER, keepDays);
            };
        }

        /** From storing to deleting; null for never. */
        @Nullable
        Integer keepDays() {
            if (action.equals(LATER) != (days != null)) {
                throw ProblemException.invalid(
                        "/afterStoring/days",
                        days == null ? "Say after how many days." : "Days are for delete-later only.");
            }
            return action.equals("delete") ? Integer.valueOf(0) : days;
        }
    }

    private CollectionRequests() {}
}
