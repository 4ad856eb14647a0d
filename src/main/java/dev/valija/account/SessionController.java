package dev.valija.account;

import dev.valija.account.AccountRequests.SignInRequest;
import dev.valija.account.AccountViews.AccessView;
import dev.valija.account.AccountViews.SessionView;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.annotation.CurrentSecurityContext;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/session")
class SessionController {
    /** As long as a session may last; the server ends it sooner when it is not used. */
    private static final Duration COOKIE_AGE = Duration.ofDays(180);

    private final Enrolment enrolment;
    private final SignIns signIns;
    private final AccountList list;
    private final SignInProperties properties;

    SessionController(Enrolment enrolment, SignIns signIns, AccountList list, SignInProperties properties) {
        this.enrolment = enrolment;
        this.signIns = signIns;
        this.list = list;
        this.properties = properties;
    }

    @GetMapping
    SessionView get(@AuthenticationPrincipal UserId user) {
        return view(user);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<SessionView> signIn(@Valid @RequestBody SignInRequest form, HttpServletRequest request) {
        var user = enrolment.signIn(form, request.getRemoteAddr());
        var session = signIns.create(user, SignIns.Kind.SESSION, Clients.name(request));
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookie(session.token(), COOKIE_AGE, request),
                        csrfCookie(SignIns.csrfToken(session.token()), COOKIE_AGE, request))
                .body(view(user));
    }

    @DeleteMapping
    ResponseEntity<Void> signOut(
            @CurrentSecurityContext(expression = "authentication.details") SignedIn signedIn,
            HttpServletRequest request) {
        signIns.revoke(signedIn.user(), signedIn.signInId());
        return ResponseEntity.noContent()
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookie("", Duration.ZERO, request),
                        csrfCookie("", Duration.ZERO, request))
                .build();
    }

    private SessionView view(UserId user) {
        var accounts = list.of(user);
        if (accounts.stream().noneMatch(account -> account.access().equals(AccessView.OWN))) {
            throw new ProblemException(Problem.SIGN_IN_REQUIRED, "This user was removed.");
        }
        return SessionView.of(user, accounts);
    }

    private String cookie(String value, Duration age, HttpServletRequest request) {
        return cookie(ResponseCookie.from(SignIns.COOKIE, value).httpOnly(true), age, request);
    }

    private String csrfCookie(String value, Duration age, HttpServletRequest request) {
        return cookie(ResponseCookie.from(SignIns.CSRF_COOKIE, value), age, request);
    }

    private String cookie(ResponseCookie.ResponseCookieBuilder cookie, Duration age, HttpServletRequest request) {
        return cookie.path("/")
                .sameSite("Lax")
                .secure(Objects.requireNonNullElse(properties.cookieSecure(), request.isSecure()))
                .maxAge(age)
                .build()
                .toString();
    }
}
