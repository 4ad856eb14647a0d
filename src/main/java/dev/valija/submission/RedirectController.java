package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RedirectController {
    private final Submissions submissions;

    RedirectController(Submissions submissions) {
        this.submissions = submissions;
    }

    @PostMapping("/api/v1/messages/{messageId}/redirect")
    ResponseEntity<Submission> redirect(
            @AuthenticationPrincipal UserId user,
            @PathVariable String messageId,
            @RequestHeader("Idempotency-Key") IdempotencyKey key,
            @Valid @RequestBody RedirectRequest request) {
        var submission = submissions.redirect(user, key, MessageKey.parse(messageId), request);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/submissions/" + submission.id()))
                .body(submission);
    }
}
