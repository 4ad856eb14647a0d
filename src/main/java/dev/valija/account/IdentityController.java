package dev.valija.account;

import dev.valija.account.AccountRequests.IdentityChange;
import dev.valija.account.AccountRequests.IdentityRequest;
import dev.valija.account.AccountViews.IdentityView;
import dev.valija.account.AccountViews.Items;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
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

@RestController
@RequestMapping("/api/v1/accounts/{accountId}/identities")
class IdentityController {
    private final Accounts accounts;
    private final Accesses accesses;
    private final Identities identities;

    IdentityController(Accounts accounts, Accesses accesses, Identities identities) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.identities = identities;
    }

    @GetMapping
    Items<IdentityView> list(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        long account = Ids.parse(accountId, "account");
        accesses.require(user, account).requireSending();
        return new Items<>(identities.of(account).stream().map(IdentityView::of).toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    IdentityView add(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @Valid @RequestBody IdentityRequest request) {
        var account = require(user, accountId);
        return IdentityView.of(identities.add(account, request.name(), request.email(), request.signatureHtml()));
    }

    @PatchMapping("/{identityId}")
    IdentityView change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @PathVariable String identityId,
            @Valid @RequestBody IdentityChange change) {
        var identity = identities.require(require(user, accountId), Ids.parse(identityId, "identity"));
        if (change.isNothing()) {
            throw ProblemException.invalid("", "Say what to change: name, email or signatureHtml.");
        }
        return IdentityView.of(identities.change(change.applyTo(identity)));
    }

    @DeleteMapping("/{identityId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String accountId, @PathVariable String identityId) {
        identities.remove(require(user, accountId), Ids.parse(identityId, "identity"));
    }

    private long require(UserId user, String accountId) {
        return accounts.require(user, Ids.parse(accountId, "account")).id();
    }
}
