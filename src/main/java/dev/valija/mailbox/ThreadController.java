package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Conversations. */
@RestController
@RequestMapping("/api/v1/threads/{threadId}")
class ThreadController {
    private final MessageLists lists;
    private final Threads threads;

    ThreadController(MessageLists lists, Threads threads) {
        this.lists = lists;
        this.threads = threads;
    }

    record Join(@Nullable String threadId) {
        ThreadKey thread() {
            if (threadId == null) {
                throw ProblemException.invalid("/threadId", "must be given");
            }
            return ThreadKey.parse(threadId);
        }
    }

    record Split(@Nullable List<@Nullable String> ids) {
        List<String> messages() {
            return List.copyOf(MessageIds.checked(ids));
        }
    }

    @GetMapping
    ThreadView thread(@AuthenticationPrincipal UserId user, @PathVariable String threadId) {
        return lists.thread(user, ThreadKey.parse(threadId));
    }

    @PostMapping("/split")
    ThreadView split(@AuthenticationPrincipal UserId user, @PathVariable String threadId, @RequestBody Split split) {
        return lists.thread(user, threads.split(user, ThreadKey.parse(threadId), split.messages()));
    }

    @PostMapping("/join")
    ThreadView join(@AuthenticationPrincipal UserId user, @PathVariable String threadId, @RequestBody Join join) {
        return lists.thread(user, threads.join(user, ThreadKey.parse(threadId), join.thread()));
    }
}
