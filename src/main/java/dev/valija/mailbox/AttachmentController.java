package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What comes with a message: each part for itself, and all of it. */
@RestController
@RequestMapping("/api/v1/messages/{messageId}")
class AttachmentController {
    private final Parts parts;
    private final AttachmentTypes types;
    private final PartAnswer answer;

    AttachmentController(Parts parts, AttachmentTypes types, PartAnswer answer) {
        this.parts = parts;
        this.answer = answer;
        this.types = types;
    }

    /** The attachments of a message. */
    record Page(List<AttachmentDetails> items) {}

    @GetMapping("/attachments")
    Page attachments(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        return new Page(types.of(user, MessageKey.parse(messageId)));
    }

    @GetMapping("/parts/{partId}")
    void part(
            @AuthenticationPrincipal UserId user,
            @PathVariable String messageId,
            @PathVariable String partId,
            @RequestParam(defaultValue = "attachment") String disposition,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!disposition.equals("attachment") && !disposition.equals("inline")) {
            throw ProblemException.invalid("disposition", "must be attachment or inline");
        }
        var found = parts.find(user, MessageKey.parse(messageId), partId);
        answer.write(found, disposition.equals("inline") ? found::shown : found::saved, request, response);
    }

    @GetMapping("/attachments.zip")
    void zip(@AuthenticationPrincipal UserId user, @PathVariable String messageId, HttpServletResponse response)
            throws IOException {
        var key = MessageKey.parse(messageId);
        var attachments = parts.attachments(user, key);
        if (attachments.isEmpty()) {
            throw ProblemException.notFound("attachment");
        }
        Download.attachment(
                        response,
                        "application/zip",
                        DownloadNames.ofZip(attachments.getFirst().message()))
                .run(new AttachmentZip(parts, attachments)::write);
    }
}
