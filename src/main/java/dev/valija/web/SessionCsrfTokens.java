package dev.valija.web;

import dev.valija.account.SignIns;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.web.util.WebUtils;

/**
 * The CSRF token of a session: always the same one, made from the session itself. Nothing is kept and nothing is sent
 * with the answer, since signing in sets the cookie. Spring's own repository makes up a new token for every request
 * that comes without its cookie, such as those of a mail's sandboxed frame; that one then replaced the page's token
 * while the page was sending a change, which was refused.
 */
final class SessionCsrfTokens implements CsrfTokenRepository {

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        var session = WebUtils.getCookie(request, SignIns.COOKIE);
        return session == null ? null : token(SignIns.csrfToken(session.getValue()));
    }

    /** Without a session there is nothing to guard: a token that nobody learns. */
    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return token(UUID.randomUUID().toString());
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {}

    private static CsrfToken token(String value) {
        return new DefaultCsrfToken(SignIns.CSRF_HEADER, "_csrf", value);
    }
}
