package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Https;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.WebAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes readers off lists at one click (RFC 8058). */
@RestController
class UnsubscribeController {
    /** RFC 8058 3.1: this and nothing else is the body. */
    private static final String FORM = "List-Unsubscribe=One-Click";

    private final Messages messages;
    private final Https https;

    UnsubscribeController(Messages messages, Https https) {
        this.messages = messages;
        this.https = https;
    }

    @PostMapping("/api/v1/messages/{messageId}/unsubscribe")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unsubscribe(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        var url = messages.unsubscribe(user, MessageKey.parse(messageId)).oneClick();
        if (url == null) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "This sender does not offer to unsubscribe at one click.");
        }
        int status = post(WebAddress.of(url)
                .orElseThrow(() -> failed("The address that the sender gives for it is none.", null)));
        // RFC 8058 3.1: a sender does not redirect; what a page elsewhere says would mean nothing.
        if (status < 200 || status > 299) {
            throw failed("The sender's server answered with an error (%d).".formatted(status), null);
        }
    }

    private int post(WebAddress address) {
        try {
            return https.post(address, FORM);
        } catch (UpstreamException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    private static ProblemException failed(String detail, @Nullable Throwable cause) {
        return new ProblemException(Problem.UNSUBSCRIBE_FAILED, detail, cause);
    }
}
