package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxEdits.Change;
import dev.valija.mailbox.MailboxEdits.Place;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1")
class MailboxController {
    private final Mailboxes mailboxes;
    private final MailboxEdits edits;

    MailboxController(Mailboxes mailboxes, MailboxEdits edits) {
        this.mailboxes = mailboxes;
        this.edits = edits;
    }

    record Items(List<MailboxView> items) {}

    record NewMailbox(@NotNull String name, @Nullable String parentId) {}

    @GetMapping("/accounts/{accountId}/mailboxes")
    Items list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        return new Items(mailboxes.list(user, account(accountId)));
    }

    @PostMapping("/accounts/{accountId}/mailboxes")
    @ResponseStatus(HttpStatus.CREATED)
    MailboxView create(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @Valid @RequestBody NewMailbox mailbox) {
        return edits.create(user, account(accountId), mailbox.name(), new Place(parent(mailbox.parentId())));
    }

    /** Takes the tree, since a parent of null (the top) is not the same as none given. */
    @PatchMapping("/mailboxes/{mailboxId}")
    MailboxView change(
            @AuthenticationPrincipal UserId user, @PathVariable String mailboxId, @RequestBody JsonNode change) {
        return edits.change(user, MailboxKey.parse(mailboxId), change(change));
    }

    @DeleteMapping("/mailboxes/{mailboxId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal UserId user, @PathVariable String mailboxId) {
        edits.delete(user, MailboxKey.parse(mailboxId));
    }

    private static Change change(JsonNode json) {
        if (!json.isObject() || json.isEmpty()) {
            throw ProblemException.invalid("", "Say what to change: name, parentId or subscribed.");
        }
        for (var property : json.propertyNames()) {
            if (!List.of("name", "parentId", "subscribed").contains(property)) {
                throw ProblemException.invalid("/" + property, "There is no such property.");
            }
        }
        return new Change(name(json.get("name")), place(json.get("parentId")), subscribed(json.get("subscribed")));
    }

    private static @Nullable String name(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            throw ProblemException.invalid("/name", "A name is a string.");
        }
        return node.stringValue();
    }

    private static @Nullable Place place(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isNull() && !node.isString()) {
            throw ProblemException.invalid("/parentId", "A parent is given by its id, or null for the top.");
        }
        return new Place(parent(node.isNull() ? null : node.stringValue()));
    }

    private static @Nullable Boolean subscribed(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw ProblemException.invalid("/subscribed", "Subscribed or not is true or false.");
        }
        return node.booleanValue();
    }

    private static @Nullable MailboxKey parent(@Nullable String id) {
        return id == null ? null : MailboxKey.parse(id);
    }

    private static long account(String id) {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return Long.parseLong(id);
    }
}
