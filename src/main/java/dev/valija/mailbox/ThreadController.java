package dev.valija.mailbox;

import dev.valija.account.UserId;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Conversations. */
@RestController
class ThreadController {
    private final MessageLists lists;

    ThreadController(MessageLists lists) {
        this.lists = lists;
    }

    /** A thread, as the API shows it. */
    record ThreadView(String id, List<MessageSummary> items) {}

    @GetMapping("/api/v1/threads/{threadId}")
    ThreadView thread(@AuthenticationPrincipal UserId user, @PathVariable String threadId) {
        var key = ThreadKey.parse(threadId);
        return new ThreadView(key.toString(), lists.thread(user, key));
    }
}
