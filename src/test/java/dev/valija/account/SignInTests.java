package dev.valija.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
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

    private ResultActions signIn(String address, String password) {
        return api.stranger().post("/session", Api.signIn(address, password));
    }
}
