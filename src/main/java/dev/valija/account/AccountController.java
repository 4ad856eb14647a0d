package dev.valija.account;

import dev.valija.account.AccountRequests.AccountChange;
import dev.valija.account.AccountRequests.SignInRequest;
import dev.valija.account.AccountViews.AccessView;
import dev.valija.account.AccountViews.AccountView;
import dev.valija.account.AccountViews.Items;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
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
@RequestMapping("/api/v1/accounts")
class AccountController {
    private final Enrolment enrolment;
    private final Accounts accounts;
    private final AccountList list;

    AccountController(Enrolment enrolment, Accounts accounts, AccountList list) {
        this.enrolment = enrolment;
        this.accounts = accounts;
        this.list = list;
    }

    @GetMapping
    Items<AccountView> list(@AuthenticationPrincipal UserId user) {
        return new Items<>(list.of(user));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    AccountView add(
            @AuthenticationPrincipal UserId user, @Valid @RequestBody SignInRequest form, HttpServletRequest request) {
        return view(user, enrolment.add(user, form, request.getRemoteAddr()).id());
    }

    @PatchMapping("/{accountId}")
    AccountView change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String accountId,
            @Valid @RequestBody AccountChange change,
            HttpServletRequest request) {
        if (change.name() == null && change.password() == null && change.server() == null) {
            throw ProblemException.invalid("", "Say what to change: name, password or server.");
        }
        var id = Ids.parse(accountId, "account");
        return view(
                user,
                enrolment.change(user, id, change, request.getRemoteAddr()).id());
    }

    @DeleteMapping("/{accountId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String accountId) {
        enrolment.remove(user, Ids.parse(accountId, "account"));
    }

    private AccountView view(UserId user, long accountId) {
        return AccountView.of(accounts.requireRow(user, accountId), AccessView.OWN);
    }
}
