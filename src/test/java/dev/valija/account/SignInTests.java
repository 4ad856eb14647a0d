package dev.valija.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;

@ApiTest
class SignInTests {
    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Test
    void theFirstSignInMakesTheUserAndLaterOnesFindThem() throws Exception {
        api.upstream().user("first@example.org", "secret");
        var made = signIn("first@example.org", "secret").andExpect(status().isCreated());
        var again = signIn("first@EXAMPLE.org", "secret").andExpect(status().isCreated());
        assertThat(api.json(again).at("/user/id")).isEqualTo(api.json(made).at("/user/id"));
        assertThat(api.json(again).at("/accounts")).hasSize(1);
        again.andExpect(jsonPath("$.accounts[0].server.imap.host").value("imap.example.org"))
                .andExpect(jsonPath("$.accounts[0].server.smtp.port").value(465));
    }

    @Test
    void theCookieIsOutOfReachOfScripts() throws Exception {
        api.upstream().user("cookie@example.org", "secret");
        signIn("cookie@example.org", "secret")
                .andExpect(header().string(
                                "Set-Cookie",
                                org.hamcrest.Matchers.allOf(
                                        org.hamcrest.Matchers.startsWith("valija_session="),
                                        org.hamcrest.Matchers.containsString("; HttpOnly"),
                                        org.hamcrest.Matchers.containsString("; SameSite=Lax"),
                                        org.hamcrest.Matchers.containsString("; Path=/"),
                                        org.hamcrest.Matchers.not(org.hamcrest.Matchers.containsString("; Secure")))));
        api.perform(MockMvcRequestBuilders.post("/api/v1/session")
                        .secure(true)
                        .contentType("application/json")
                        .content("{\"address\":\"cookie@example.org\",\"password\":\"secret\"}"))
                .andExpect(header().string("Set-Cookie", org.hamcrest.Matchers.containsString("; Secure")));
    }

    @Test
    void aServerOfTheCallersOwnDoesNotOpenAnothersUser() throws Exception {
        var anna = api.signedIn("victim");
        api.upstream().user("victim@example.org", "stolen?");
        var answer = api.stranger()
                .post(
                        "/session",
                        Map.of(
                                "address",
                                "victim@example.org",
                                "password",
                                "stolen?",
                                "server",
                                Map.of("imap", Map.of("host", "evil.example.org"))));
        answer.andExpect(status().isCreated());
        assertThat(api.json(answer).at("/user/id"))
                .isNotEqualTo(api.json(anna.get("/session")).at("/user/id"));
    }

    @Test
    void tokensAndPasswordsAreNotStoredAsTheyAre() {
        var visitor = api.signedIn("hashed");
        var row = jdbc.sql("select encode(token_hash, 'escape') || name from sign_in order by id desc limit 1")
                .query(String.class)
                .single();
        assertThat(row).doesNotContain(visitor.token());
        assertThat(jdbc.sql("select encode(password, 'escape') || encode(data_key, 'escape') from account")
                        .query(String.class)
                        .list())
                .noneMatch(stored -> stored.contains(Api.password()));
    }

    @Test
    void aServerNamedOnceIsRememberedForWhoKnowsThePassword() throws Exception {
        api.upstream().user("odd@elsewhere.test", "secret");
        var named = Map.of(
                "address",
                "odd@elsewhere.test",
                "password",
                "secret",
                "server",
                Map.of("imap", Map.of("host", "IMAP.example.org.")));
        var made = api.stranger().post("/session", named).andExpect(status().isCreated());
        var again = signIn("odd@elsewhere.test", "secret").andExpect(status().isCreated());
        assertThat(api.json(again).at("/user/id")).isEqualTo(api.json(made).at("/user/id"));
        // Had the guess been sent to a server, that would have refused it with 401.
        signIn("odd@elsewhere.test", "guess")
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.type").value("/problems/server-unknown"));
    }

    /** Nothing of a host goes on from here that could end a line or a string elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"imap.example.org\r\nX", "imap.example.org\n", "imap.example.org\0.evil.example", "\t"})
    void aHostWithControlsIsBadInput(String host) throws Exception {
        for (var kind : new String[] {"imap", "smtp"}) {
            var server = Map.of(kind, Map.of("host", host));
            api.stranger()
                    .post("/session", Map.of("address", "x@example.org", "password", "secret", "server", server))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/server/" + kind + "/host"));
        }
    }

    @Test
    void passwordsCannotBeGuessedWithoutEnd() throws Exception {
        api.upstream().user("target@example.org", "secret");
        for (int i = 0; i < 10; i++) {
            signIn("target@example.org", "guess " + i).andExpect(status().isUnauthorized());
        }
        signIn("target@example.org", "secret")
                .andExpect(status().is(429))
                .andExpect(jsonPath("$.type").value("/problems/too-many-requests"))
                .andExpect(header().exists("Retry-After"));
        api.upstream().user("bystander@example.org", "secret");
        signIn("bystander@example.org", "secret").andExpect(status().isCreated());
    }

    @Test
    void twoFirstSignInsAtOnceMakeOneUser() throws Exception {
        api.upstream().user("twice@example.org", "secret");
        try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var running = java.util.stream.IntStream.range(0, 6)
                    .mapToObj(i -> pool.submit(() -> api.json(signIn("twice@example.org", "secret"))
                            .at("/user/id")
                            .asString()))
                    .toList();
            var users = new java.util.HashSet<String>();
            for (var each : running) {
                users.add(each.get());
            }
            assertThat(users).hasSize(1);
        }
    }

    @Test
    void aRevokedTokenIsWorthlessAtOnce() throws Exception {
        var visitor = api.signedIn("revoked");
        var other = api.signedIn("revoked");
        var id = api.json(visitor.get("/tokens"))
                .at("/items")
                .valueStream()
                .filter(token -> token.at("/current").asBoolean())
                .findFirst()
                .orElseThrow()
                .at("/id")
                .asString();
        api.signedIn("stranger").delete("/tokens/" + id).andExpect(status().isNotFound());
        visitor.get("/session").andExpect(status().isOk());
        other.delete("/tokens/" + id).andExpect(status().isNoContent());
        visitor.get("/session").andExpect(status().isUnauthorized());
        other.get("/tokens").andExpect(jsonPath("$.items.length()").value(1));
    }

    @Test
    void anExpiredSessionIsWorthless() throws Exception {
        var visitor = api.signedIn("expired");
        jdbc.sql("update sign_in set expires_at = now() - interval '1 second' where token_hash = sha256(?::bytea)")
                .param(visitor.token())
                .update();
        visitor.get("/session").andExpect(status().isUnauthorized());
    }

    private ResultActions signIn(String address, String password) {
        return api.stranger().post("/session", Api.signIn(address, password));
    }
}
