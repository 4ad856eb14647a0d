package dev.valija.submission;

import dev.valija.account.UserId;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/submissions")
class SubmissionController {
    private final Submissions submissions;

    SubmissionController(Submissions submissions) {
        this.submissions = submissions;
    }

    record Items(List<Submission> items) {}

    @GetMapping
    Items list(@AuthenticationPrincipal UserId user) {
        return new Items(submissions.list(user));
    }

    @PostMapping
    ResponseEntity<Submission> submit(
            @AuthenticationPrincipal UserId user,
            @RequestHeader("Idempotency-Key") IdempotencyKey key,
            @Valid @RequestBody SubmissionRequest request) {
        var submission = submissions.submit(user, key, request);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/submissions/" + submission.id()))
                .body(submission);
    }

    @GetMapping("/{submissionId}")
    Submission get(@AuthenticationPrincipal UserId user, @PathVariable String submissionId) {
        return submissions.require(user, SubmissionKey.parse(submissionId));
    }

    @DeleteMapping("/{submissionId}")
    Submission cancel(@AuthenticationPrincipal UserId user, @PathVariable String submissionId) {
        return submissions.cancel(user, SubmissionKey.parse(submissionId));
    }
}
