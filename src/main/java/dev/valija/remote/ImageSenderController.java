package dev.valija.remote;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/image-senders")
class ImageSenderController {
    private final ImageSenders senders;

    ImageSenderController(ImageSenders senders) {
        this.senders = senders;
    }

    record NewSender(
            @NotNull
            @Size(min = 3, max = 320)
            @Pattern(regexp = "[^\\s\\p{Cntrl}@]+@[^\\s\\p{Cntrl}@]+", message = "must be a mail address")
            String email) {}

    record SenderView(String id, String email, Instant addedAt) {
        static SenderView of(ImageSender sender) {
            return new SenderView(Long.toString(sender.id()), sender.email(), sender.addedAt());
        }
    }

    record Senders(List<SenderView> items) {}

    @GetMapping
    Senders list(@AuthenticationPrincipal UserId user) {
        return new Senders(senders.of(user).stream().map(SenderView::of).toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    SenderView add(@AuthenticationPrincipal UserId user, @Valid @RequestBody NewSender sender) {
        return SenderView.of(senders.add(user, sender.email()));
    }

    @DeleteMapping("/{senderId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String senderId) {
        if (!senderId.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("sender");
        }
        senders.remove(user, Long.parseLong(senderId));
    }
}
