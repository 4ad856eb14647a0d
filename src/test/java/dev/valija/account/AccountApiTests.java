package dev.valija.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@ApiTest
class AccountApiTests {
    @Autowired
    Api api;

    @Autowired
    Accounts accounts;

    @Autowired
    JdbcClient jdbc;

    @Test
    void aSecondAccountIsAddedAndDoesNotSignIn() throws Exception {
        var ada = api.signedIn("ada");
        api.upstream().user("ada.work@example.org", "work");
        var added = ada.post("/accounts", Api.signIn("ada.work@example.org", "work"));
        added.andExpect(status().isCreated()).andExpect(jsonPath("$.address").value("ada.work@example.org"));
        ada.get("/accounts").andExpect(jsonPath("$.items.length()").value(2));
        ada.post("/accounts", Api.signIn("ada.work@example.org", "work"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"));
        var other = api.stranger().post("/session", Api.signIn("ada.work@example.org", "work"));
        assertThat(api.json(other).at("/user/id"))
                .isNotEqualTo(api.json(ada.get("/session")).at("/user/id"));
    }

    @Test
    void anAccountWhosePasswordIsWrongIsNotAdded() throws Exception {
        var amy = api.signedIn("amy");
        api.upstream().user("amy.work@example.org", "work");
        amy.post("/accounts", Api.signIn("amy.work@example.org", "wrong"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/account-credentials-rejected"));
        amy.get("/accounts").andExpect(jsonPath("$.items.length()").value(1));
    }

    @Test
    void removingASecondAccountLeavesTheFirst() throws Exception {
        var bea = api.signedIn("bea");
        api.upstream().user("bea.work@example.org", "work");
        var id = api.json(bea.post("/accounts", Api.signIn("bea.work@example.org", "work")))
                .at("/id")
                .asString();
        bea.delete("/accounts/" + id).andExpect(status().isNoContent());
        bea.get("/accounts").andExpect(jsonPath("$.items.length()").value(1));
        bea.delete("/accounts/" + id).andExpect(status().isNotFound());
        assertThat(api.upstream().forgotten()).contains(Long.parseLong(id));
    }

    @Test
    void removingTheFirstAccountRemovesTheUserAndEndsAllTheirSignIns() throws Exception {
        var cid = api.signedIn("cid");
        var elsewhere = api.signedIn("cid");
        elsewhere.get("/session").andExpect(status().isOk());
        var user = api.json(cid.get("/session")).at("/user/id").asLong();
        cid.delete("/accounts/" + cid.accountId()).andExpect(status().isNoContent());
        cid.get("/session").andExpect(status().isUnauthorized());
        elsewhere.get("/session").andExpect(status().isUnauthorized());
        for (var table : new String[] {"account", "sign_in", "change_log", "change_head"}) {
            assertThat(jdbc.sql("select count(*) from " + table + " where user_id = ?")
                            .param(user)
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
        var again = api.signedIn("cid");
        assertThat(api.json(again.get("/session")).at("/user/id").asLong()).isNotEqualTo(user);
    }

    @Test
    void aNewPasswordIsTakenOnceItHasWorked() throws Exception {
        var dan = api.signedIn("dan");
        var account = Long.parseLong(dan.accountId());
        api.upstream().changesPassword("dan@example.org", "new one");
        accounts.credentialsRejected(account);
        dan.get("/accounts").andExpect(jsonPath("$.items[0].state").value("credentials-rejected"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> accounts.login(account))
                .hasFieldOrPropertyWithValue("problem", dev.valija.problem.Problem.ACCOUNT_CREDENTIALS_REJECTED);
        dan.patch("/accounts/" + account, Map.of("password", "wrong one")).andExpect(status().isConflict());
        dan.patch("/accounts/" + account, Map.of("password", "new one", "name", "Dan"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("ok"))
                .andExpect(jsonPath("$.name").value("Dan"));
        assertThat(accounts.login(account).credentials().password()).isEqualTo("new one");
    }

    @Test
    void signingInWithTheNewPasswordMendsTheAccount() throws Exception {
        var eva = api.signedIn("eva");
        var account = Long.parseLong(eva.accountId());
        api.upstream().changesPassword("eva@example.org", "new one");
        accounts.credentialsRejected(account);
        api.stranger()
                .post("/session", Api.signIn("eva@example.org", "new one"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.accounts[0].id").value("" + account))
                .andExpect(jsonPath("$.accounts[0].state").value("ok"));
        assertThat(accounts.login(account).credentials().password()).isEqualTo("new one");
    }

    @Test
    void theStoredPasswordIsNotSentToANewHost() throws Exception {
        var fay = api.signedIn("fay");
        var before = api.upstream().signIns();
        fay.patch("/accounts/" + fay.accountId(), Map.of("server", Map.of("imap", Map.of("host", "evil.example.org"))))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/password"));
        assertThat(accounts.login(Long.parseLong(fay.accountId())).store().host())
                .isEqualTo("imap.example.org");
        assertThat(api.upstream().signIns()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aPatchOfNothingIsRefused() throws Exception {
        var gil = api.signedIn("gil");
        gil.patch("/accounts/" + gil.accountId(), "{}").andExpect(status().isBadRequest());
        gil.patch("/accounts/" + gil.accountId(), "{\"name\":\"\"}")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/name"));
    }

    @Test
    void pop3IsToldToComeLater() throws Exception {
        var hal = api.signedIn("hal");
        hal.post(
                        "/accounts",
                        Map.of(
                                "address",
                                "hal@example.org",
                                "password",
                                "x",
                                "server",
                                Map.of("pop3", Map.of("host", "pop.example.org"))))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.type").value("/problems/operation-not-supported"));
    }

    @Test
    void identitiesAreKeptAndTheLastOneStays() throws Exception {
        var ines = api.signedIn("ines");
        var path = "/accounts/" + ines.accountId() + "/identities";
        var first = api.json(ines.get(path)).at("/items/0");
        assertThat(first.at("/email").asString()).isEqualTo("ines@example.org");
        var firstPath = path + "/" + first.at("/id").asString();
        ines.delete(firstPath).andExpect(status().isConflict());
        ines.patch(firstPath, Map.of("name", "Inés", "signatureHtml", "<p>Saludos</p>"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.name").value("Inés"))
                .andExpect(jsonPath("$.email").value("ines@example.org"));
        ines.patch(firstPath, "{\"signatureHtml\":null}")
                .andExpect(jsonPath("$.signatureHtml").isEmpty())
                .andExpect(jsonPath("$.name").value("Inés"));
        ines.patch(firstPath, "{\"email\":\"no address\"}")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/email"));
        ines.post(path, Map.of("email", "office@example.org")).andExpect(status().isCreated());
        ines.get(path).andExpect(jsonPath("$.items.length()").value(2));
        ines.delete(firstPath).andExpect(status().isNoContent());
        ines.get(path).andExpect(jsonPath("$.items[0].email").value("office@example.org"));
        api.signedIn("ivo").get(path).andExpect(status().isNotFound());
        api.signedIn("ivo").patch(firstPath, Map.of("name", "x")).andExpect(status().isNotFound());
    }

    @Test
    void instanceIsOpenToAll() throws Exception {
        api.stranger()
                .get("/instance")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.name").value("Valija"))
                .andExpect(jsonPath("$.demo").isEmpty());
    }
}
