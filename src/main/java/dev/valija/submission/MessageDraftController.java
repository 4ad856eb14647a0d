package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class MessageDraftController {
    private final ContinuedDrafts continued;
    private final Drafts drafts;

    MessageDraftController(ContinuedDrafts continued, Drafts drafts) {
        this.continued = continued;
        this.drafts = drafts;
    }

    @PutMapping("/api/v1/messages/{messageId}/draft")
    ResponseEntity<Draft> goOn(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        var key = continued.of(user, MessageKey.parse(messageId));
        var draft = drafts.require(key);
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_LOCATION, key.location().toString())
                .eTag(draft.etag())
                .body(draft);
    }
}
