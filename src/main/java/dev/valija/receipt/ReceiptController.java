package dev.valija.receipt;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/messages/{messageId}/receipt")
class ReceiptController {
    private final Receipts receipts;

    ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    /** What the reader says to the wish. Its text form shows nothing of it. */
    record Answer(
            @NotNull @OneLine String state,
            @Nullable @Size(max = 500) @OneLine String subject,
            @Nullable @Size(max = 2000) String text) {
        @Override
        public String toString() {
            return "Answer";
        }
    }

    @GetMapping
    ReceiptView get(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        return receipts.open(user, MessageKey.parse(messageId));
    }

    @PutMapping
    ReceiptView answer(
            @AuthenticationPrincipal UserId user, @PathVariable String messageId, @Valid @RequestBody Answer answer) {
        var key = MessageKey.parse(messageId);
        return switch (answer.state()) {
            case "sent" -> receipts.send(user, key, answer.subject(), answer.text());
            case "refused" -> receipts.refuse(user, key);
            default -> throw ProblemException.invalid("/state", "must be sent or refused");
        };
    }
}
