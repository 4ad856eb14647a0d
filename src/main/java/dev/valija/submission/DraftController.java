package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.problem.Revision;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/drafts")
class DraftController {
    private final Drafts drafts;

    DraftController(Drafts drafts) {
        this.drafts = drafts;
    }

    record Items(List<Draft.Summary> items) {}

    @GetMapping
    Items list(@AuthenticationPrincipal UserId user) {
        return new Items(drafts.list(user));
    }

    @PostMapping
    ResponseEntity<Draft> create(
            @AuthenticationPrincipal UserId user,
            @RequestHeader("Idempotency-Key") IdempotencyKey key,
            @Valid @RequestBody DraftContent content) {
        var made = drafts.create(user, key, content);
        var draft = drafts.require(made);
        return ResponseEntity.created(made.location()).eTag(draft.etag()).body(draft);
    }

    @GetMapping("/{draftId}")
    ResponseEntity<Draft> get(@AuthenticationPrincipal UserId user, @PathVariable String draftId) {
        return answer(drafts.require(DraftKey.parse(user, draftId)));
    }

    @PutMapping("/{draftId}")
    ResponseEntity<Draft> change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String draftId,
            @RequestHeader("If-Match") Revision revision,
            @Valid @RequestBody DraftContent content) {
        var key = DraftKey.parse(user, draftId);
        drafts.change(key, revision.number(), content);
        return answer(drafts.require(key));
    }

    @DeleteMapping("/{draftId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal UserId user,
            @PathVariable String draftId,
            @RequestHeader("If-Match") Revision revision) {
        drafts.delete(DraftKey.parse(user, draftId), revision.number());
    }

    private static ResponseEntity<Draft> answer(Draft draft) {
        return ResponseEntity.ok().eTag(draft.etag()).body(draft);
    }
}
