package dev.valija.sharing;

import dev.valija.account.UserId;
import dev.valija.sharing.ShareRequests.ShareAnswer;
import dev.valija.sharing.ShareViews.Items;
import dev.valija.sharing.ShareViews.ReceivedView;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What others share with the user. */
@RestController
@RequestMapping("/api/v1/shares")
class ReceivedShareController {
    private final Shares shares;

    ReceivedShareController(Shares shares) {
        this.shares = shares;
    }

    @GetMapping
    Items<ReceivedView> list(@AuthenticationPrincipal UserId user) {
        return new Items<>(shares.received(user).stream().map(ReceivedView::of).toList());
    }

    @PatchMapping("/{shareId}")
    ReceivedView answer(
            @AuthenticationPrincipal UserId user,
            @PathVariable String shareId,
            @Valid @RequestBody ShareAnswer answer) {
        return ReceivedView.of(shares.answer(user, ShareKey.parse(shareId), ShareRequests.state(answer.state())));
    }

    @DeleteMapping("/{shareId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void leave(@AuthenticationPrincipal UserId user, @PathVariable String shareId) {
        shares.leave(user, ShareKey.parse(shareId));
    }
}
