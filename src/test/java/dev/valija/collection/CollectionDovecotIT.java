package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a real POP3 server into a real mailbox, as another mail program sees it. */
@SpringBootTest(properties = {"valija.data-dir=target/test-collections", "valija.upstream.allowed-hosts=localhost"})
@AutoConfigureMockMvc
@Import(TestDatabase.class)
class CollectionDovecotIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final List<String> ODD = List.of(
            "Subject: dots\r\nMessage-ID: <dots@example.org>\r\n\r\n.\r\n..\r\n...three\r\nend\r\n",
            "Subject: no id\r\n\r\nNobody would find me by a name.\r\n",
            "Subject: long\r\n\r\n" + "x".repeat(20_000) + "\r\n",
            "Subject: eight bits\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe \u2014 \u4f60\u597d\r\n");

    private static DovecotServer dovecot;

    @Autowired
    MockMvc mvc;

    @Autowired
    JsonMapper json;

    @Autowired
    JdbcClient jdbc;

    private String token = "";
    private String inbox = "";

    @BeforeAll
    static void start() {
        dovecot = DovecotServer.start();
    }

    @AfterAll
    static void stop() {
        dovecot.close();
    }

    @DynamicPropertySource
    static void trust(DynamicPropertyRegistry properties) {
        properties.add(
                "valija.upstream.trusted-certificates", () -> TestCa.pem().toString());
    }

    @Test
    void whatIsDeletedAtOnceIsInOneMailboxOnly() {
        signedIn("anna@example.org");
        ODD.forEach(text -> deliver("anna.old", text));
        var before = texts("anna.old");
        assertThat(before).hasSize(ODD.size());
        var id = collects("anna.old", Map.of("action", "delete"));

        await().atMost(SOON).until(() -> lastRun(id).at("/collected").asInt() == ODD.size());
        assertThat(lastRun(id).at("/problem").isNull()).isTrue();
        assertThat(lastRun(id).at("/deleted").asInt()).isEqualTo(ODD.size());
        assertThat(texts("anna@example.org")).isEqualTo(before);
        assertThat(texts("anna.old")).isEmpty();
        assertThat(get("/mailboxes/" + inbox + "/messages").at("/total").asInt())
                .isEqualTo(ODD.size());
    }

    @Test
    void whatIsKeptIsCollectedOnceAndGoesWithTheNextPolicy() {
        signedIn("berta@example.org");
        deliver("berta.old", ODD.getFirst());
        var before = texts("berta.old");
        var id = collects("berta.old", Map.of("action", "keep"));
        await().atMost(SOON).until(() -> texts("berta@example.org").size() == 1);
        deliver("berta.old", ODD.get(1));
        runs(id);
        await().atMost(SOON).until(() -> texts("berta@example.org").size() == 2);
        assertThat(texts("berta@example.org").getFirst()).isEqualTo(before.getFirst());
        assertThat(texts("berta.old")).isEqualTo(texts("berta@example.org"));

        change(id, Map.of("afterStoring", Map.of("action", "delete-later", "days", 3)));
        runs(id);
        assertThat(texts("berta.old")).hasSize(2);
        jdbc.sql("update collected set stored_at = stored_at - interval '3 days' where uidl is not null")
                .update();
        runs(id);
        await().atMost(SOON).until(() -> texts("berta.old").isEmpty());
        assertThat(texts("berta@example.org")).hasSize(2);
    }

    @Test
    void manyAreCollectedWithinAShortTime() {
        signedIn("carla@example.org");
        for (int i = 0; i < 350; i++) {
            deliver("carla.old", new String(Mails.plain("mail " + i).bytes(), StandardCharsets.UTF_8));
        }
        var before = texts("carla.old");
        var id = collects("carla.old", Map.of("action", "delete"));
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            var run = get("/collections/" + id);
            return run.at("/progress").isNull() && run.at("/lastRun/collected").asInt() == 350;
        });
        assertThat(texts("carla@example.org")).isEqualTo(before);
        assertThat(texts("carla.old")).isEmpty();
    }

    @Test
    void aWrongPasswordIsTold() {
        signedIn("dora@example.org");
        var body = body("dora.old", Map.of("action", "keep"));
        body.put("password", "wrong");
        assertThat(answer(MockMvcRequestBuilders.post("/api/v1/collections"), body)
                        .at("/type")
                        .asString())
                .isEqualTo("/problems/account-credentials-rejected");
    }

    private static void deliver(String user, String text) {
        dovecot.deliver(user, text.getBytes(StandardCharsets.UTF_8));
    }

    /** All messages in INBOX as the server has them. */
    private static List<String> texts(String user) {
        var all = dovecot.doveadm(new byte[0], "fetch", "-u", user, "text", "mailbox", "INBOX", "all");
        return java.util.Arrays.stream(all.split("(?m)^text:\\r?\\n", -1))
                .skip(1)
                .map(text -> text.replace("\f", "").strip())
                .toList();
    }

    /** Collects now, and waits until it is done. */
    private void runs(String id) {
        var before = lastRun(id).at("/at").asString();
        answer(MockMvcRequestBuilders.post("/api/v1/collections/" + id + "/run"), null);
        await().atMost(SOON).until(() -> !lastRun(id).at("/at").asString().equals(before));
        assertThat(lastRun(id).at("/problem").isNull())
                .as(lastRun(id).toString())
                .isTrue();
    }

    private JsonNode lastRun(String id) {
        return get("/collections/" + id).at("/lastRun");
    }

    private String collects(String user, Map<String, ?> afterStoring) {
        var answer = answer(MockMvcRequestBuilders.post("/api/v1/collections"), body(user, afterStoring));
        assertThat(answer.at("/id").isMissingNode()).as(answer.toString()).isFalse();
        return answer.at("/id").asString();
    }

    private void change(String id, Map<String, ?> change) {
        answer(MockMvcRequestBuilders.patch("/api/v1/collections/" + id), change);
    }

    private Map<String, Object> body(String user, Map<String, ?> afterStoring) {
        var pop3s = dovecot.pop3s();
        return new HashMap<>(Map.of(
                "server",
                Map.of("host", pop3s.host(), "port", pop3s.port(), "security", "tls"),
                "username",
                user,
                "password",
                DovecotServer.PASSWORD,
                "mailboxId",
                inbox,
                "afterStoring",
                afterStoring));
    }

    private void signedIn(String user) {
        var imap =
                Map.of("host", dovecot.imaps().host(), "port", dovecot.imaps().port(), "security", "tls");
        var body = Map.of(
                "name",
                "test",
                "address",
                user,
                "password",
                DovecotServer.PASSWORD,
                "server",
                Map.of("imap", imap, "smtp", imap));
        token = answer(MockMvcRequestBuilders.post("/api/v1/tokens"), body)
                .at("/token")
                .asString();
        var account = get("/accounts").at("/items/0/id").asString();
        for (var mailbox : get("/accounts/" + account + "/mailboxes").at("/items")) {
            if (mailbox.at("/role").asString("").equals("inbox")) {
                inbox = mailbox.at("/id").asString();
            }
        }
    }

    private JsonNode get(String path) {
        return answer(MockMvcRequestBuilders.get("/api/v1" + path), null);
    }

    private JsonNode answer(MockHttpServletRequestBuilder request, Map<String, ?> body) {
        try {
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            if (body != null) {
                request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(body));
            }
            var answer = mvc.perform(request).andReturn().getResponse();
            return json.readTree(answer.getContentAsString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
