package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is in a message. */
@RestController
@RequestMapping("/api/v1/messages/{messageId}")
class MessageContentController {
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final Messages messages;

    MessageContentController(Messages messages) {
        this.messages = messages;
    }

    @GetMapping
    MessageView open(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        return messages.open(user, MessageKey.parse(messageId));
    }

    @GetMapping("/html")
    ResponseEntity<String> html(
            @AuthenticationPrincipal UserId user,
            @PathVariable String messageId,
            @RequestParam(defaultValue = "blocked") String images) {
        var key = MessageKey.parse(messageId);
        var page = switch (images) {
            case "blocked" -> messages.page(user, key);
            case "proxied" -> messages.pageWithImages(user, key);
            case "parts" -> messages.pageOfParts(user, key);
            default -> throw ProblemException.invalid("images", "must be blocked, proxied or parts");
        };
        boolean proxied = images.equals("proxied");
        return ResponseEntity.ok()
                .contentType(HTML)
                .header("Content-Security-Policy", proxied ? HtmlDocument.POLICY_WITH_IMAGES : HtmlDocument.POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Valija-Blocked-Remote", Integer.toString(page.blockedRemote()))
                .body(page.html());
    }

    @GetMapping("/raw")
    void raw(@AuthenticationPrincipal UserId user, @PathVariable String messageId, HttpServletResponse response)
            throws IOException {
        var key = MessageKey.parse(messageId);
        Download.attachment(response, "message/rfc822", messages.fileName(user, key))
                .run(out -> messages.writeRaw(user, key, out));
    }
}
