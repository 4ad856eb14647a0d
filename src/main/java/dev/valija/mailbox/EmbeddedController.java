package dev.valija.mailbox;

import dev.valija.account.UserId;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Pages of messages within messages. */
@RestController
class EmbeddedController {
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final Messages messages;

    EmbeddedController(Messages messages) {
        this.messages = messages;
    }

    @GetMapping("/api/v1/messages/{messageId}/parts/{partId}/html")
    ResponseEntity<String> html(
            @AuthenticationPrincipal UserId user, @PathVariable String messageId, @PathVariable String partId) {
        var page = messages.embeddedPage(user, MessageKey.parse(messageId), partId);
        return ResponseEntity.ok()
                .contentType(HTML)
                .header("Content-Security-Policy", HtmlDocument.POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Valija-Blocked-Remote", Integer.toString(page.blockedRemote()))
                .body(page.html());
    }
}
