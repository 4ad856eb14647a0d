package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeUpstream;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;

@ApiTest
class CollectionApiTests {
    private static final Map<String, Object> DELETE = Map.of("action", "delete");
    private static final Duration SOON = Duration.ofSeconds(40);

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Test
    void whatIsAddedIsCollectedAndTold() throws Exception {
        var cora = api.signedIn("cora");
        api.upstream().maildrop("cora.old", "old").holds(Mails.plain("From the old one"));
        var added = add(cora, "cora.old", Map.of());
        added.andExpect(status().isCreated())
                .andExpect(jsonPath("$.server.host").value("pop.example.net"))
                .andExpect(jsonPath("$.server.port").value(995))
                .andExpect(jsonPath("$.afterStoring.action").value("delete"))
                .andExpect(jsonPath("$.intervalMinutes").value(15))
                .andExpect(jsonPath("$.password").doesNotExist());
        var path = "/collections/" + id(added);
        await().atMost(SOON).until(() -> !json(cora, path).at("/lastRun").isNull());
        cora.get(path)
                .andExpect(jsonPath("$.state").value("idle"))
                .andExpect(jsonPath("$.progress").isEmpty())
                .andExpect(jsonPath("$.lastRun.problem").isEmpty())
                .andExpect(jsonPath("$.lastRun.collected").value(1))
                .andExpect(jsonPath("$.lastRun.deleted").value(1))
                .andExpect(jsonPath("$.nextRunAt").isNotEmpty());
        assertThat(cora.message("From the old one")).isNotEmpty();
        cora.get("/collections").andExpect(jsonPath("$.items.length()").value(1));

        cora.delete(path).andExpect(status().isNoContent());
        cora.get(path).andExpect(status().isNotFound());
        cora.delete(path).andExpect(status().isNotFound());
    }

    @Test
    void itIsCollectedNowWhenAskedTo() throws Exception {
        var carl = api.signedIn("carl");
        var maildrop = api.upstream().maildrop("carl.old", "old");
        var path = "/collections/" + id(add(carl, "carl.old", Map.of("paused", true)));
        maildrop.holds(Mails.plain("Waiting"));
        carl.post(path + "/run", "").andExpect(status().isAccepted());
        await().atMost(SOON).until(() -> maildrop.uidls().isEmpty());
        await().atMost(SOON).until(() -> json(carl, path).at("/nextRunAt").isNull());
        carl.get(path).andExpect(jsonPath("$.paused").value(true));
    }

    @Test
    void aLoginThatDoesNotWorkIsNotKept() throws Exception {
        var cleo = api.signedIn("cleo");
        api.upstream().maildrop("cleo.old", "other");
        add(cleo, "cleo.old", Map.of())
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/account-credentials-rejected"));
        add(cleo, "cleo.old", Map.of("server", Map.of("host", "nowhere.example.com")))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.type").value("/problems/server-unknown"));
        cleo.get("/collections").andExpect(jsonPath("$.items.length()").value(0));
    }

    @Test
    void whoTriesPasswordsIsStopped() throws Exception {
        var cass = api.signedIn("cass");
        api.upstream().maildrop("cass.old", "other");
        for (int i = 0; i < 40; i++) {
            if (add(cass, "cass.old", Map.of()).andReturn().getResponse().getStatus() == 429) {
                return;
            }
        }
        throw new AssertionError("nobody was stopped");
    }

    @Test
    void thereIsOneALogin() throws Exception {
        var cloe = api.signedIn("cloe");
        api.upstream().maildrop("cloe.old", "old");
        add(cloe, "cloe.old", Map.of()).andExpect(status().isCreated());
        add(cloe, "cloe.old", Map.of())
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"));
    }

    @Test
    void nobodyCollectsIntoTheMailboxThatTheyCollectFrom() throws Exception {
        var cyd = api.signedIn("cyd");
        add(cyd, "cyd@example.org", Map.of("server", Map.of("host", "pop.example.org")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/username"));
    }

    @Test
    void aMailboxOfAnotherIsNone() throws Exception {
        var cato = api.signedIn("cato");
        var other = inbox(api.signedIn("catos.foe"));
        api.upstream().maildrop("cato.old", "old");
        for (var mailbox : new String[] {other, "1-999999", "x", ""}) {
            add(cato, "cato.old", Map.of("mailboxId", mailbox))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/mailboxId"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"intervalMinutes\": 4} | /intervalMinutes",
                "{\"intervalMinutes\": 1441} | /intervalMinutes",
                "{\"afterStoring\": {\"action\": \"burn\"}} | /afterStoring/action",
                "{\"afterStoring\": {\"action\": \"delete-later\"}} | /afterStoring/days",
                "{\"afterStoring\": {\"action\": \"delete-later\", \"days\": 0}} | /afterStoring/days",
                "{\"afterStoring\": {\"action\": \"delete-later\", \"days\": 366}} | /afterStoring/days",
                "{\"afterStoring\": {\"action\": \"keep\", \"days\": 3}} | /afterStoring/days",
                "{\"server\": {\"host\": \"not a host\"}, \"password\": \"old\"} | /server/host",
                "{\"server\": {\"host\": \"pop.example.com\"}} | /password",
                "{\"username\": \"other\"} | /password",
                "{\"username\": \"\"} | /username",
                "{\"username\": \"a\\r\\nDELE 1\", \"password\": \"old\"} | /username",
            })
    void whatIsNotPossibleIsToldWithItsPlace(String change, String pointer) throws Exception {
        var cem = api.signedIn("cem");
        api.upstream().maildrop("cem.old", "old");
        var known = json(cem, "/collections").at("/items/0/id");
        var path = "/collections/" + (known.isMissingNode() ? id(add(cem, "cem.old", Map.of())) : known.asString());
        cem.patch(path, change)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
        cem.patch(path, "{}").andExpect(status().isBadRequest());
    }

    @Test
    void itIsChangedPieceByPiece() throws Exception {
        var cleo = api.signedIn("clio");
        api.upstream().maildrop("clio.old", "old");
        var path = "/collections/" + id(add(cleo, "clio.old", Map.of("paused", true)));
        cleo.patch(path, "{\"afterStoring\": {\"action\": \"delete-later\", \"days\": 14}, \"intervalMinutes\": 60}")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.afterStoring.days").value(14))
                .andExpect(jsonPath("$.intervalMinutes").value(60))
                .andExpect(jsonPath("$.paused").value(true))
                .andExpect(jsonPath("$.nextRunAt").isEmpty());
        cleo.patch(path, "{\"afterStoring\": {\"action\": \"keep\"}}")
                .andExpect(jsonPath("$.afterStoring.days").doesNotExist());
        cleo.patch(path, "{\"paused\": false}")
                .andExpect(jsonPath("$.nextRunAt").isNotEmpty());
    }

    @Test
    void aPasswordThatWasRefusedIsGivenAgain() throws Exception {
        var cora = api.signedIn("corin");
        api.upstream().maildrop("corin.old", "old");
        var id = id(add(cora, "corin.old", Map.of("paused", true)));
        var path = "/collections/" + id;
        jdbc.sql("update collection set rejected = true where id = ?")
                .param(Long.parseLong(id))
                .update();
        api.upstream().maildrop("corin.old", "new");
        cora.get(path).andExpect(jsonPath("$.state").value("credentials-rejected"));
        cora.post(path + "/run", "")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/account-credentials-rejected"));
        cora.patch(path, "{\"paused\": false}")
                .andExpect(jsonPath("$.state").value("credentials-rejected"))
                .andExpect(jsonPath("$.nextRunAt").isEmpty());
        cora.patch(path, "{\"password\": \"wrong\"}").andExpect(status().isConflict());
        cora.patch(path, "{\"password\": \"new\"}")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("idle"));
        await().atMost(SOON).until(() -> !json(cora, path).at("/lastRun").isNull());
        cora.get(path).andExpect(jsonPath("$.lastRun.problem").isEmpty());
    }

    @Test
    void anothersCollectionIsNotThere() throws Exception {
        var cara = api.signedIn("cara");
        api.upstream().maildrop("cara.old", "old");
        var path = "/collections/" + id(add(cara, "cara.old", Map.of("paused", true)));
        var foe = api.signedIn("caras.foe");
        foe.get(path).andExpect(status().isNotFound());
        foe.patch(path, "{\"paused\": false}").andExpect(status().isNotFound());
        foe.delete(path).andExpect(status().isNotFound());
        foe.post(path + "/run", "").andExpect(status().isNotFound());
        foe.get("/collections").andExpect(jsonPath("$.items.length()").value(0));
        foe.get("/collections/0").andExpect(status().isNotFound());
        foe.get("/collections/x").andExpect(status().isNotFound());
        api.stranger().get("/collections").andExpect(status().isUnauthorized());
        cara.get(path).andExpect(jsonPath("$.paused").value(true));
    }

    @Test
    void itGoesWithTheAccountThatItCollectsInto() throws Exception {
        var curt = api.signedIn("curt");
        api.upstream().user("curt.work@example.org", "work");
        api.upstream().maildrop("curt.old", "old");
        var account = api.json(curt.post("/accounts", Api.signIn("curt.work@example.org", "work")))
                .at("/id")
                .asString();
        var inbox = api.json(curt.get("/accounts/" + account + "/mailboxes"))
                .at("/items/0/id")
                .asString();
        add(curt, "curt.old", Map.of("mailboxId", inbox)).andExpect(status().isCreated());
        curt.delete("/accounts/" + account).andExpect(status().isNoContent());
        curt.get("/collections").andExpect(jsonPath("$.items.length()").value(0));
    }

    private ResultActions add(Visitor user, String name, Map<String, Object> other) {
        var body = new HashMap<String, Object>(Map.of(
                "server",
                Map.of("host", FakeUpstream.POP3.host()),
                "username",
                name,
                "password",
                "old",
                "mailboxId",
                inbox(user),
                "afterStoring",
                DELETE));
        body.putAll(other);
        return user.post("/collections", body);
    }

    private String inbox(Visitor user) {
        return api.json(user.get("/accounts/" + user.accountId() + "/mailboxes"))
                .at("/items/0/id")
                .asString();
    }

    private String id(ResultActions answer) {
        return api.json(answer).at("/id").asString();
    }

    private JsonNode json(Visitor user, String path) {
        return api.json(user.get(path));
    }
}
