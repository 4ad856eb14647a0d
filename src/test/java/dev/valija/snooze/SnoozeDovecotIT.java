package dev.valija.snooze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.RawImap;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Snoozing in a real mailbox, as another mail program sees it. */
@SpringBootTest(properties = {"valija.data-dir=target/test-snoozes", "valija.upstream.allowed-hosts=localhost"})
@AutoConfigureMockMvc
@Import(TestDatabase.class)
class SnoozeDovecotIT {
    private static DovecotServer dovecot;

    @Autowired
    MockMvc mvc;

    @Autowired
    JsonMapper json;

    private String token = "";
    private String account = "";

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
    void anyProgramSeesItGoAndComeBack() {
        var id = signedIn("anna@example.org");
        snooze(id, Instant.now().plusSeconds(3600));
        try (var other = new RawImap(dovecot.imaps(), "anna@example.org", DovecotServer.PASSWORD)) {
            assertThat(other.run("LIST (SUBSCRIBED) \"\" Snoozed")).anyMatch(line -> line.endsWith("Snoozed"));
            other.run("SELECT Snoozed");
            assertThat(other.run("FETCH 1 (FLAGS)")).anyMatch(line -> line.contains("$snoozed"));

            snooze(id, Instant.now().plusSeconds(1));
            await().atMost(Duration.ofSeconds(30)).until(() -> there(other, "INBOX") == 1);
            other.run("SELECT INBOX");
            assertThat(other.run("FETCH 1 (FLAGS)"))
                    .noneMatch(line -> line.contains("$snoozed"))
                    .noneMatch(line -> line.contains("\\Seen"));
            assertThat(there(other, "Snoozed")).isZero();
        }
        assertThat(get("/messages/" + id).at("/subject").asString()).isEqualTo("Bill");
    }

    @Test
    void whatAnotherProgramTakesOutStaysWhereItIs() {
        var id = signedIn("berta@example.org");
        snooze(id, Instant.now().plusSeconds(3600));
        try (var other = new RawImap(dovecot.imaps(), "berta@example.org", DovecotServer.PASSWORD)) {
            other.attempt("CREATE Kept");
            other.run("SELECT Snoozed");
            other.run("MOVE 1 Kept");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get("/accounts/" + account + "/snoozes")
                            .at("/items")
                            .isEmpty());
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                other.run("SELECT Kept");
                return other.run("FETCH 1 (FLAGS)").stream().noneMatch(line -> line.contains("$snoozed"));
            });
            assertThat(there(other, "Kept")).isOne();
        }
    }

    private static int there(RawImap imap, String mailbox) {
        return imap.run("STATUS " + mailbox + " (MESSAGES)").stream()
                .filter(line -> line.contains("MESSAGES"))
                .map(line -> line.replaceAll(".*MESSAGES (\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    /** @return the id of their message */
    private String signedIn(String user) {
        dovecot.deliver(user, Mails.plain("Bill").bytes());
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
        token = call(MockMvcRequestBuilders.post("/api/v1/tokens"), body)
                .at("/token")
                .asString();
        account = get("/accounts").at("/items/0/id").asString();
        var inbox = get("/accounts/" + account + "/mailboxes").at("/items/0/id").asString();
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/mailboxes/" + inbox + "/messages").at("/items"), found -> found.size() == 1)
                .get(0)
                .at("/id")
                .asString();
    }

    private void snooze(String id, Instant until) {
        var answer = call(
                MockMvcRequestBuilders.post("/api/v1/messages/snooze"),
                Map.of("ids", List.of(id), "until", until.toString()));
        assertThat(answer.at("/changed").asInt()).isOne();
    }

    private JsonNode get(String path) {
        return call(MockMvcRequestBuilders.get("/api/v1" + path), null);
    }

    private JsonNode call(MockHttpServletRequestBuilder request, Map<String, ?> body) {
        try {
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            if (body != null) {
                request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(body));
            }
            var answer = mvc.perform(request).andReturn().getResponse();
            var text = answer.getContentAsString(StandardCharsets.UTF_8);
            assertThat(answer.getStatus()).as(text).isBetween(200, 299);
            return json.readTree(text);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
