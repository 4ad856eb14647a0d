package dev.valija.sharing;

import static dev.valija.sharing.ShareRequests.account;
import static dev.valija.sharing.ShareRequests.role;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.problem.ProblemException;
import dev.valija.sharing.ShareRequests.NewShare;
import dev.valija.sharing.ShareRequests.ShareChange;
import dev.valija.sharing.ShareViews.EntryView;
import dev.valija.sharing.ShareViews.Items;
import dev.valija.sharing.ShareViews.LogPage;
import dev.valija.sharing.ShareViews.ShareView;
import jakarta.validation.Valid;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What an owner shares of an account, and what became of it. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}")
class ShareController {
    private static final int MOST = 500;

    private final Shares shares;
    private final AccessLog log;
    private final Accounts accounts;

    ShareController(Shares shares, AccessLog log, Accounts accounts) {
        this.shares = shares;
        this.log = log;
        this.accounts = accounts;
    }

    @GetMapping("/shares")
    Items<ShareView> list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        return new Items<>(
                shares.of(user, account(accountId)).stream().map(ShareView::of).toList());
    }

    @PostMapping("/shares")
    @ResponseStatus(HttpStatus.CREATED)
    ShareView add(
            @AuthenticationPrincipal UserId user, @PathVariable String accountId, @Valid @RequestBody NewShare wanted) {
        return ShareView.of(shares.invite(
                user, account(accountId), mailbox(wanted.mailboxId()), wanted.address(), role(wanted.role())));
    }

    @PatchMapping("/shares/{shareId}")
    ShareView change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @PathVariable String shareId,
            @Valid @RequestBody ShareChange change) {
        return ShareView.of(shares.change(user, key(accountId, shareId), role(change.role())));
    }

    @DeleteMapping("/shares/{shareId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal UserId user, @PathVariable String accountId, @PathVariable String shareId) {
        shares.revoke(user, key(accountId, shareId));
    }

    @GetMapping("/log")
    LogPage log(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        long account = account(accountId);
        accounts.require(user, account);
        if (limit < 1 || limit > MOST) {
            throw ProblemException.invalid("limit", "must be between 1 and " + MOST);
        }
        var entries = log.page(account, before(cursor), limit + 1);
        boolean more = entries.size() > limit;
        var shown = more ? entries.subList(0, limit) : entries;
        return new LogPage(
                shown.stream().map(entry -> EntryView.of(account, entry)).toList(),
                more ? Long.toString(shown.getLast().id()) : null);
    }

    private static long before(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!cursor.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.invalid("cursor", "is not a cursor of this list");
        }
        return Long.parseLong(cursor);
    }

    private static @Nullable MailboxKey mailbox(@Nullable String id) {
        try {
            return id == null ? null : MailboxKey.parse(id);
        } catch (ProblemException e) {
            throw ProblemException.invalid("/mailboxId", "There is no such mailbox.");
        }
    }

    private static ShareKey key(String accountId, String shareId) {
        var key = ShareKey.parse(shareId);
        if (key.accountId() != account(accountId)) {
            throw ShareKey.notFound();
        }
        return key;
    }
}
