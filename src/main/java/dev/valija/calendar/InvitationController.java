package dev.valija.calendar;

import dev.valija.account.UserId;
import dev.valija.calendar.Invitations.Wish;
import dev.valija.mailbox.MessageKey;
import dev.valija.problem.OneLine;
import dev.valija.submission.IdempotencyKey;
import dev.valija.submission.Submission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/messages/{messageId}/invitation")
class InvitationController {
    private final Invitations invitations;

    InvitationController(Invitations invitations) {
        this.invitations = invitations;
    }

    /** What the user says to it. Its text form shows nothing of it. */
    record ReplyRequest(
            @NotNull @OneLine String status,
            @Nullable @Size(max = 1000) @OneLine String comment,
            @Nullable @Min(0) @Max(120) Integer undoSeconds) {
        @Override
        public String toString() {
            return "ReplyRequest";
        }
    }

    @GetMapping
    InvitationView get(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        return invitations.open(user, MessageKey.parse(messageId));
    }

    @PostMapping("/reply")
    ResponseEntity<Submission> reply(
            @AuthenticationPrincipal UserId user,
            @PathVariable String messageId,
            @RequestHeader("Idempotency-Key") IdempotencyKey idempotencyKey,
            @Valid @RequestBody ReplyRequest request) {
        var key = MessageKey.parse(messageId);
        var text = request.comment();
        var comment = text == null || text.isBlank() ? null : text.strip();
        Integer undo = request.undoSeconds();
        var wish = new Wish(key.toString(), request.status(), comment, undo == null ? 0 : undo);
        var submission = invitations.reply(user, key, idempotencyKey, wish);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/submissions/" + submission.id()))
                .body(submission);
    }
}
