package dev.valija.mailbox;

import dev.valija.account.UserId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists of messages, and what can be done to many at once. */
@RestController
@RequestMapping("/api/v1")
class MessageController {
    private final MessageLists lists;
    private final BulkChanges bulk;

    MessageController(MessageLists lists, BulkChanges bulk) {
        this.lists = lists;
        this.bulk = bulk;
    }

    @GetMapping("/mailboxes/{mailboxId}/messages")
    ResponseEntity<byte[]> list(
            @AuthenticationPrincipal UserId user,
            @PathVariable String mailboxId,
            @RequestParam(defaultValue = "-receivedAt") String sort,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer offset,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(defaultValue = "messages") String view) {
        var query = ListQuery.of(MailboxKey.parse(mailboxId), sort, filter, view, cursor, offset, limit);
        var listed = lists.page(user, query);
        var answer = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
        if (listed.stale()) {
            answer.header("Valija-Stale", "true");
        }
        return answer.body(listed.json());
    }

    @PatchMapping("/messages")
    BulkResult change(@AuthenticationPrincipal UserId user, @RequestBody BulkRequests.Change change) {
        return bulk.change(user, change.chosen(), change.keywordChange(), change.target());
    }

    @DeleteMapping("/messages")
    BulkResult delete(@AuthenticationPrincipal UserId user, @RequestBody BulkRequests.Selection selection) {
        return bulk.delete(user, selection.chosen());
    }

    @PostMapping("/messages/copy")
    BulkResult copy(@AuthenticationPrincipal UserId user, @RequestBody BulkRequests.Copy copy) {
        return bulk.copy(user, copy.chosen(), copy.target());
    }
}
