package dev.valija.followup;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class FollowUpController {
    private static final Duration LATE = Duration.ofMinutes(1);

    private final FollowUps followUps;
    private final MessagePlaces places;
    private final Clock clock = Clock.systemUTC();

    FollowUpController(FollowUps followUps, MessagePlaces places) {
        this.followUps = followUps;
        this.places = places;
    }

    record NewFollowUp(
            @NotNull @Size(max = 100) String messageId,
            @NotNull Instant remindAt) {}

    /**
     * One that is waited for.
     *
     * @param messageId the message, by our id; null while it has not been sent, or is nowhere any more
     * @param late the mail server, or the password, keeps it
     */
    record FollowUpView(String id, @Nullable String messageId, Instant remindAt, boolean late) {}

    record FollowUpList(List<FollowUpView> items) {}

    @PostMapping("/follow-ups")
    @ResponseStatus(HttpStatus.CREATED)
    FollowUpView set(@AuthenticationPrincipal UserId user, @Valid @RequestBody NewFollowUp wanted) {
        return views(List.of(followUps.set(user, MessageKey.parse(wanted.messageId()), wanted.remindAt())))
                .getFirst();
    }

    @DeleteMapping("/follow-ups/{followUpId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@AuthenticationPrincipal UserId user, @PathVariable String followUpId) {
        if (!followUpId.matches("[1-9][0-9]{0,17}-[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("follow-up");
        }
        var numbers = followUpId.split("-", 2);
        followUps.cancel(user, Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    @GetMapping("/accounts/{accountId}/follow-ups")
    FollowUpList list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        if (!accountId.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return new FollowUpList(views(followUps.list(user, Long.parseLong(accountId))));
    }

    private List<FollowUpView> views(List<FollowUp> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        var messages = places.find(
                all.getFirst().accountId(),
                all.stream().map(FollowUp::messageId).toList());
        var late = clock.instant().minus(LATE);
        return all.stream()
                .map(one -> {
                    var message = messages.get(one.messageId());
                    return new FollowUpView(
                            one.key(),
                            message == null ? null : message.toString(),
                            one.remindAt(),
                            one.remindAt().isBefore(late));
                })
                .toList();
    }
}
