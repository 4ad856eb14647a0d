package dev.valija.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Headers that tell browsers what our pages may do. */
final class BrowserRules {
    private static final String CSP = "Content-Security-Policy";

    /**
     * Inline styles are what the editor writes; scripts come from our files only. Text becomes markup through named
     * policies alone: Svelte's for its templates, the sanitiser's, the editor's for what is pasted (into a document
     * that does nothing), and our own for the frame of a mail and the addresses of our two workers.
     */
    private static final String WEBMAIL = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob:;"
            + " worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self';"
            + " require-trusted-types-for 'script';"
            + " trusted-types svelte-trusted-html dompurify ProseMirrorClipboard valija-mail-frame valija-worker";

    /** For answers of the API that say nothing themselves: opened as a page, they do nothing. */
    private static final String DATA = "default-src 'none'; sandbox; frame-ancestors 'self'";

    static void apply(HeadersConfigurer<HttpSecurity> headers) {
        headers.frameOptions(HeadersConfigurer.FrameOptionsConfig::sameOrigin)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .addHeaderWriter(BrowserRules::contentSecurityPolicy);
    }

    private static void contentSecurityPolicy(HttpServletRequest request, HttpServletResponse response) {
        if (!response.containsHeader(CSP)) {
            response.setHeader(CSP, request.getRequestURI().startsWith("/api/") ? DATA : WEBMAIL);
        }
    }

    private BrowserRules() {}
}
