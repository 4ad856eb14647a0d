package dev.valija.account;

import dev.valija.account.AccountRequests.TokenRequest;
import dev.valija.account.AccountViews.Items;
import dev.valija.account.AccountViews.NewTokenView;
import dev.valija.account.AccountViews.TokenView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.annotation.CurrentSecurityContext;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tokens")
class TokenController {
    private final Enrolment enrolment;
    private final SignIns signIns;

    TokenController(Enrolment enrolment, SignIns signIns) {
        this.enrolment = enrolment;
        this.signIns = signIns;
    }

    @GetMapping
    Items<TokenView> list(@CurrentSecurityContext(expression = "authentication.details") SignedIn signedIn) {
        return new Items<>(signIns.of(signedIn.user()).stream()
                .map(each -> new TokenView(
                        Long.toString(each.id()),
                        each.kind(),
                        each.name(),
                        each.createdAt(),
                        each.lastUsedAt(),
                        each.id() == signedIn.signInId()))
                .toList());
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    NewTokenView create(@Valid @RequestBody TokenRequest form, HttpServletRequest request) {
        var user = enrolment.signIn(form, request.getRemoteAddr());
        var token = signIns.create(user, SignIns.Kind.TOKEN, form.name());
        return new NewTokenView(Long.toString(token.id()), token.token());
    }

    @DeleteMapping("/{tokenId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal UserId user, @PathVariable String tokenId) {
        signIns.revoke(user, Ids.parse(tokenId, "token"));
    }
}
