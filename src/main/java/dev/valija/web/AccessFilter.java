package dev.valija.web;

import dev.valija.account.SignIns;
import dev.valija.account.SignedIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/** Lets in who shows a token or a session's cookie. The principal is the {@code UserId}, the details {@code SignedIn}. */
final class AccessFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";

    private final SignIns signIns;

    AccessFilter(SignIns signIns) {
        this.signIns = signIns;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        find(request).ifPresent(signedIn -> {
            var authentication = UsernamePasswordAuthenticationToken.authenticated(signedIn.user(), null, List.of());
            authentication.setDetails(signedIn);
            var context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(authentication);
            SecurityContextHolder.setContext(context);
        });
        chain.doFilter(request, response);
    }

    /** A token that is no good is not made up for by a cookie: the request went without the CSRF check for its sake. */
    private Optional<SignedIn> find(HttpServletRequest request) {
        var token = token(request);
        if (token != null) {
            return signIns.find(token).filter(signedIn -> !signedIn.session());
        }
        var cookie = WebUtils.getCookie(request, SignIns.COOKIE);
        return cookie == null
                ? Optional.empty()
                : signIns.find(cookie.getValue()).filter(SignedIn::session);
    }

    static @Nullable String token(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }
}
