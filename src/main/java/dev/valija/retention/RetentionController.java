package dev.valija.retention;

import dev.valija.account.UserId;
import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageIds;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.Residents.Sketch;
import dev.valija.problem.ProblemException;
import dev.valija.retention.Retention.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1")
class RetentionController {
    private final Retention retention;
    private final Departures departures;

    RetentionController(Retention retention, Departures departures) {
        this.retention = retention;
        this.departures = departures;
    }

    record RetentionView(
            String mailboxId,
            @Nullable Integer afterDays,
            boolean keepFlagged,
            @Nullable String setBy,
            @Nullable Integer operatorDays,
            boolean operatorKeepFlagged,
            @Nullable Instant actsAt,
            String target,
            int leaving) {
        static RetentionView of(Standing standing) {
            var rule = standing.rule();
            return new RetentionView(
                    rule.mailbox().key().toString(),
                    rule.afterDays(),
                    rule.keepFlagged(),
                    rule.setBy() == null ? null : rule.setBy().name().toLowerCase(Locale.ROOT),
                    rule.operatorDays(),
                    rule.operatorKeepsFlagged(),
                    standing.actsAt(),
                    rule.isForEver() ? "nowhere" : "trash",
                    standing.leaving());
        }
    }

    record RetentionList(List<RetentionView> items) {}

    record Preview(
            int count,
            int total,
            List<Sketch> items,
            @Nullable Instant actsAt) {}

    record Departure(String id, Instant leavesAt) {}

    record DepartureList(List<Departure> items, int total) {}

    record DepartedView(String id, String mailboxId, Instant leftAt) {}

    record DepartedList(List<DepartedView> items) {}

    record ReturnRequest(@Nullable List<@Nullable String> ids) {}

    @GetMapping("/accounts/{accountId}/retention")
    RetentionList list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        return new RetentionList(retention.list(user, account(accountId)).stream()
                .map(RetentionView::of)
                .toList());
    }

    @GetMapping("/mailboxes/{mailboxId}/retention")
    RetentionView get(@AuthenticationPrincipal UserId user, @PathVariable String mailboxId) {
        return RetentionView.of(retention.get(user, MailboxKey.parse(mailboxId)));
    }

    @PutMapping("/mailboxes/{mailboxId}/retention")
    RetentionView set(
            @AuthenticationPrincipal UserId user, @PathVariable String mailboxId, @RequestBody JsonNode request) {
        var wish = RetentionRequest.of(request);
        return RetentionView.of(retention.set(user, MailboxKey.parse(mailboxId), wish.afterDays(), wish.keepFlagged()));
    }

    @DeleteMapping("/mailboxes/{mailboxId}/retention")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clear(@AuthenticationPrincipal UserId user, @PathVariable String mailboxId) {
        retention.clear(user, MailboxKey.parse(mailboxId));
    }

    @PostMapping("/mailboxes/{mailboxId}/retention/preview")
    Preview preview(
            @AuthenticationPrincipal UserId user, @PathVariable String mailboxId, @RequestBody JsonNode request) {
        var wish = RetentionRequest.of(request);
        var preview = retention.preview(user, MailboxKey.parse(mailboxId), wish.afterDays(), wish.keepFlagged());
        return new Preview(preview.count(), preview.total(), preview.first(), preview.actsAt());
    }

    @GetMapping("/accounts/{accountId}/departures")
    DepartureList departures(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        long account = account(accountId);
        var foreseen = departures.foreseen(user, account);
        return new DepartureList(
                foreseen.first().stream()
                        .map(one -> new Departure(new MessageKey(account, one.id()).toString(), one.at()))
                        .toList(),
                foreseen.total());
    }

    @GetMapping("/accounts/{accountId}/departed")
    DepartedList departed(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        return new DepartedList(departures.departed(user, account(accountId)).stream()
                .map(one ->
                        new DepartedView(one.message().toString(), one.mailbox().toString(), one.leftAt()))
                .toList());
    }

    @PostMapping("/departed/return")
    BulkResult bringBack(@AuthenticationPrincipal UserId user, @RequestBody ReturnRequest request) {
        return departures.bringBack(user, MessageIds.checked(request.ids()));
    }

    private static long account(String id) {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return Long.parseLong(id);
    }
}
