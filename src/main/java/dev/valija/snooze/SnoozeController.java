package dev.valija.snooze;

import dev.valija.account.UserId;
import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.MessageIds;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class SnoozeController {
    /** What is not back by then keeps its reader waiting. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final Snoozes snoozes;
    private final Clock clock = Clock.systemUTC();

    SnoozeController(Snoozes snoozes) {
        this.snoozes = snoozes;
    }

    record SnoozeRequest(
            @Nullable List<@Nullable String> ids, @NotNull Instant until) {}

    record BackRequest(@Nullable List<@Nullable String> ids) {}

    /**
     * One that is away.
     *
     * @param mailboxId where it goes back to
     * @param late the mail server, or the password, keeps it from coming back
     */
    record SnoozeView(String id, Instant until, String mailboxId, boolean late) {
        static SnoozeView of(Snooze snooze, Instant now) {
            return new SnoozeView(
                    snooze.key().toString(),
                    snooze.until(),
                    snooze.home().toString(),
                    snooze.until().isBefore(now.minus(LATE)));
        }
    }

    record SnoozeList(List<SnoozeView> items) {}

    @PostMapping("/messages/snooze")
    BulkResult snooze(@AuthenticationPrincipal UserId user, @Valid @RequestBody SnoozeRequest request) {
        return snoozes.snooze(user, MessageIds.checked(request.ids()), request.until());
    }

    @DeleteMapping("/messages/snooze")
    BulkResult bringBack(@AuthenticationPrincipal UserId user, @RequestBody BackRequest request) {
        return snoozes.bringBack(user, MessageIds.checked(request.ids()));
    }

    @GetMapping("/accounts/{accountId}/snoozes")
    SnoozeList list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        var now = clock.instant();
        return new SnoozeList(snoozes.list(user, account(accountId)).stream()
                .map(snooze -> SnoozeView.of(snooze, now))
                .toList());
    }

    private static long account(String id) {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return Long.parseLong(id);
    }
}
