package dev.valija.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import jakarta.servlet.http.Cookie;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

@ApiTest
class AccessTests {
    @Autowired
    Api api;

    private final Map<String, Cookie> csrfTokens = new HashMap<>();

    @Test
    void aCookieReadsButDoesNotChangeWithoutTheCsrfToken() throws Exception {
        var session = session("ann");
        api.perform(get("/api/v1/session").cookie(session)).andExpect(status().isOk());
        api.perform(delete("/api/v1/session").cookie(session))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.type").value("/problems/forbidden"));
        api.perform(delete("/api/v1/session").cookie(session, csrf(session)).header("X-XSRF-TOKEN", "another"))
                .andExpect(status().isForbidden());
        api.perform(get("/api/v1/session").cookie(session)).andExpect(status().isOk());
    }

    @Test
    void withTheCsrfTokenItSignsOutForGood() throws Exception {
        var session = session("ben");
        var csrf = csrf(session);
        api.perform(delete("/api/v1/session").cookie(session, csrf).header("X-XSRF-TOKEN", csrf.getValue()))
                .andExpect(status().isNoContent())
                .andExpect(header().string("Set-Cookie", containsString("valija_session=;")));
        api.perform(get("/api/v1/session").cookie(session)).andExpect(status().isUnauthorized());
    }

    @Test
    void theCsrfTokenOfAnotherSessionIsNone() throws Exception {
        var session = session("bea");
        var other = csrf(session("bea"));
        api.perform(delete("/api/v1/session").cookie(session, other).header("X-XSRF-TOKEN", other.getValue()))
                .andExpect(status().isForbidden());
    }

    /** A mail's frame sends no cookies; an answer with a new token would spoil the one the page is about to use. */
    @Test
    void onlySigningInGivesACsrfToken() throws Exception {
        var session = session("bob");
        for (var path : new String[] {"/api/v1/session", "/api/v1/instance", "/", "/none.css"}) {
            api.perform(get(path)).andExpect(header().doesNotExist("Set-Cookie"));
            api.perform(get(path).cookie(session)).andExpect(header().doesNotExist("Set-Cookie"));
        }
    }

    @Test
    void aTokenNeedsNoCsrfToken() throws Exception {
        var cleo = api.signedIn("cleo");
        cleo.patch("/accounts/" + cleo.accountId(), "{\"name\":\"Cleo\"}").andExpect(status().isOk());
    }

    @Test
    void aBadTokenIsNotMadeUpForByACookie() throws Exception {
        var session = session("dirk");
        api.perform(delete("/api/v1/session").cookie(session).header("Authorization", "Bearer nonsense"))
                .andExpect(status().isUnauthorized());
        api.perform(get("/api/v1/session").cookie(session)).andExpect(status().isOk());
    }

    @Test
    void aSessionIsNoTokenAndATokenNoSession() throws Exception {
        var session = session("emma");
        api.withToken(session.getValue()).get("/session").andExpect(status().isUnauthorized());
        api.perform(get("/api/v1/session")
                        .cookie(new Cookie(
                                "valija_session", api.signedIn("emma").token())))
                .andExpect(status().isUnauthorized());
    }

    @Test
    void anotherSiteSignsNobodyIn() throws Exception {
        api.upstream().user("finn@example.org", "secret");
        for (var site : new String[] {"cross-site", "same-site"}) {
            api.perform(signIn("finn").header("Sec-Fetch-Site", site)).andExpect(status().isForbidden());
        }
        api.perform(signIn("finn").header("Sec-Fetch-Site", "same-origin")).andExpect(status().isCreated());
        api.perform(signIn("finn").header("Host", "mail.example.org").header("Origin", "https://evil.example"))
                .andExpect(status().isForbidden());
        api.perform(signIn("finn").header("Host", "mail.example.org").header("Origin", "null"))
                .andExpect(status().isForbidden());
        api.perform(signIn("finn").header("Host", "mail.example.org").header("Origin", "https://mail.example.org"))
                .andExpect(status().isCreated());
    }

    @Test
    void aFormOfAnotherSiteIsNoJson() throws Exception {
        api.perform(post("/api/v1/session")
                        .contentType("text/plain")
                        .content("{\"address\":\"finn@example.org\",\"password\":\"secret\"}"))
                .andExpect(status().isUnsupportedMediaType());
    }

    @Test
    void anOldCookieDoesNotHinderSigningIn() throws Exception {
        api.upstream().user("gus@example.org", "secret");
        api.perform(signIn("gus").cookie(new Cookie("valija_session", "stale"))).andExpect(status().isCreated());
    }

    @Test
    void browsersAreToldWhatTheyMayDo() throws Exception {
        api.perform(get("/api/v1/instance"))
                .andExpect(header().string("Content-Security-Policy", containsString("default-src 'none'")))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string("Referrer-Policy", "no-referrer"))
                .andExpect(header().string("Cross-Origin-Opener-Policy", "same-origin"))
                .andExpect(header().string("X-Frame-Options", "SAMEORIGIN"))
                .andExpect(header().string("Cache-Control", containsString("no-store")))
                .andExpect(header().doesNotExist("Strict-Transport-Security"));
        api.perform(get("/api/v1/instance").secure(true)).andExpect(header().exists("Strict-Transport-Security"));
        api.perform(get("/"))
                .andExpect(header().string("Content-Security-Policy", containsString("script-src 'self';")))
                .andExpect(header().string("Content-Security-Policy", containsString("object-src 'none'")))
                .andExpect(header().string(
                                "Content-Security-Policy", containsString("require-trusted-types-for 'script';")))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string("Referrer-Policy", "no-referrer"));
    }

    @Test
    void healthIsOpenAndTheRestOfActuatorIsNot() throws Exception {
        api.perform(get("/actuator/health")).andExpect(status().isOk());
        var env = api.perform(get("/actuator/env")).andReturn().getResponse();
        assertThat(env.getStatus()).isIn(401, 403, 404);
    }

    private Cookie session(String name) {
        api.upstream().user(Api.address(name), "secret");
        var answer = api.perform(signIn(name)).andReturn().getResponse();
        var cookie = answer.getCookie("valija_session");
        var csrf = answer.getCookie("XSRF-TOKEN");
        assertThat(cookie).isNotNull();
        assertThat(csrf).isNotNull();
        assertThat(csrf.isHttpOnly()).isFalse();
        csrfTokens.put(cookie.getValue(), csrf);
        return cookie;
    }

    private Cookie csrf(Cookie session) {
        return Objects.requireNonNull(csrfTokens.get(session.getValue()));
    }

    private static MockHttpServletRequestBuilder signIn(String name) {
        return post("/api/v1/session")
                .contentType("application/json")
                .content("{\"address\":\"%s@example.org\",\"password\":\"secret\"}".formatted(name));
    }
}
