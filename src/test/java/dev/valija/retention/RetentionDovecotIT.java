package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.RawImap;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** Rules on real mailboxes, beside another mail program. What takes days is made to have taken them in the database. */
@SpringBootTest(properties = {"valija.data-dir=target/test-retention", "valija.upstream.allowed-hosts=localhost"})
@AutoConfigureMockMvc
@Import(TestDatabase.class)
class RetentionDovecotIT {
    private static DovecotServer dovecot;

    @Autowired
    MockMvc mvc;

    @Autowired
    JsonMapper json;

    @Autowired
    JdbcClient jdbc;

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
    void whatOtherProgramsMoveOrPinStaysAndTheRestLeaves() {
        var user = "anna@example.org";
        for (var subject : List.of("Old", "Pinned", "Moved")) {
            dovecot.deliver(user, Mails.plain(subject).bytes());
        }
        var inbox = signedIn(user, 3);
        rule(inbox, 90);
        await().atMost(Duration.ofSeconds(30)).until(() -> stays() == 3);
        try (var other = new RawImap(dovecot.imaps(), user, DovecotServer.PASSWORD)) {
            other.attempt("CREATE Kept");
            other.run("SELECT INBOX");
            other.run("UID STORE " + uid(other, "Pinned") + " +FLAGS ($pinned)");
            other.run("UID MOVE " + uid(other, "Moved") + " Kept");
            other.run("UNSELECT"); // STATUS may be stale of what is selected
            hundredDaysPass();
            rule(inbox, 90);
            await().atMost(Duration.ofSeconds(30)).until(() -> there(other, "Trash") == 1);
            assertThat(there(other, "INBOX")).isOne();
            assertThat(there(other, "Kept")).isOne();
            other.run("SELECT INBOX");
            assertThat(uid(other, "Pinned")).isNotEmpty();

            var departed = get("/accounts/" + account + "/departed").at("/items");
            assertThat(departed).hasSize(1);
            var answer = call(
                    MockMvcRequestBuilders.post("/api/v1/departed/return"),
                    Map.of("ids", List.of(departed.at("/0/id").asString())));
            assertThat(answer.at("/changed").asInt()).isOne();
            other.run("UNSELECT");
            assertThat(there(other, "INBOX")).isEqualTo(2);
            assertThat(there(other, "Trash")).isZero();
        }
    }

    @Test
    void fromTrashItIsDeletedForEver() {
        var user = "berta@example.org";
        dovecot.deliver(user, Mails.plain("Old").bytes());
        var inbox = signedIn(user, 1);
        try (var other = new RawImap(dovecot.imaps(), user, DovecotServer.PASSWORD)) {
            var id = get("/mailboxes/" + inbox + "/messages").at("/items/0/id").asString();
            call(MockMvcRequestBuilders.delete("/api/v1/messages"), Map.of("ids", List.of(id)));
            assertThat(there(other, "Trash")).isOne();
            var trash = mailbox("trash");
            rule(trash, 30);
            await().atMost(Duration.ofSeconds(30)).until(() -> stays() == 1);
            hundredDaysPass();
            rule(trash, 30);
            await().atMost(Duration.ofSeconds(30)).until(() -> there(other, "Trash") == 0);
            assertThat(there(other, "INBOX")).isZero();
        }
    }

    private static String uid(RawImap imap, String subject) {
        return imap.run("UID SEARCH SUBJECT " + subject).stream()
                .filter(line -> line.startsWith("* SEARCH "))
                .map(line -> line.substring("* SEARCH ".length()))
                .findFirst()
                .orElseThrow();
    }

    private void rule(String mailbox, int days) {
        call(MockMvcRequestBuilders.put("/api/v1/mailboxes/" + mailbox + "/retention"), Map.of("afterDays", days));
    }

    private int stays() {
        return jdbc.sql("select count(*) from retention_stay where account_id = ?")
                .param(Long.parseLong(account))
                .query(Integer.class)
                .single();
    }

    private void hundredDaysPass() {
        jdbc.sql("""
                        update retention_stay set since = since - interval '100 days',
                               announced_at = announced_at - interval '100 days', leaves_at = leaves_at - interval '100 days'
                         where account_id = ?
                        """).param(Long.parseLong(account)).update();
    }

    private static int there(RawImap imap, String mailbox) {
        return imap.run("STATUS " + mailbox + " (MESSAGES)").stream()
                .filter(line -> line.contains("MESSAGES"))
                .map(line -> line.replaceAll(".*MESSAGES (\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    /** @return their INBOX, once it has so many messages */
    private String signedIn(String user, int messages) {
        var imap =
                Map.of("host", dovecot.imaps().host(), "port", dovecot.imaps().port(), "security", "tls");
        var login = Map.of("imap", imap, "smtp", imap);
        var body = Map.of("name", "test", "address", user, "password", DovecotServer.PASSWORD, "server", login);
        token = call(MockMvcRequestBuilders.post("/api/v1/tokens"), body)
                .at("/token")
                .asString();
        account = get("/accounts").at("/items/0/id").asString();
        var inbox = mailbox("inbox");
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        get("/mailboxes/" + inbox + "/messages").at("/items").size() == messages);
        return inbox;
    }

    private String mailbox(String role) {
        for (var mailbox : get("/accounts/" + account + "/mailboxes").at("/items")) {
            if (mailbox.at("/role").asString("").equals(role)) {
                return mailbox.at("/id").asString();
            }
        }
        throw new AssertionError(role);
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
