package dev.valija.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.message.MimeReader;
import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.SmtpSink;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import dev.valija.upstream.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** An invitation in a real mailbox, answered over real SMTP. */
@SpringBootTest(properties = {"valija.data-dir=target/test-invitations", "valija.upstream.allowed-hosts=localhost"})
@AutoConfigureMockMvc
@Import(TestDatabase.class)
class InvitationReplyIT {
    private static final String USER = "anna@example.org";

    private static DovecotServer dovecot;
    private static SmtpSink smtp;

    @Autowired
    MockMvc mvc;

    @Autowired
    JsonMapper json;

    private String token = "";

    @BeforeAll
    static void startServers() throws Exception {
        dovecot = DovecotServer.start();
        smtp = SmtpSink.start();
        var file = Files.readString(Path.of("src/test/resources/invitations/google.ics"))
                .replace("\n", "\r\n");
        dovecot.deliver(USER, Mails.invitation("Walk", "REQUEST", file).bytes());
    }

    @AfterAll
    static void stopServers() {
        smtp.close();
        dovecot.close();
    }

    @DynamicPropertySource
    static void trust(DynamicPropertyRegistry properties) {
        properties.add(
                "valija.upstream.trusted-certificates", () -> TestCa.pem().toString());
    }

    @Test
    void theOrganizerIsTold() {
        token = call(MockMvcRequestBuilders.post("/api/v1/tokens"), signIn())
                .at("/token")
                .asString();
        var id = message();
        var event = get("/messages/" + id + "/invitation");
        assertThat(event.at("/me").asString()).isEqualTo(USER);
        var request = MockMvcRequestBuilders.post("/api/v1/messages/" + id + "/invitation/reply")
                .header("Idempotency-Key", "reply");
        call(request, Map.of("status", "declined", "comment", "Not this week, sorry"));

        await().atMost(Duration.ofSeconds(30)).until(() -> smtp.taken().size() == 1);
        var taken = smtp.taken().getFirst();
        assertThat(taken.from()).isEqualTo(USER);
        assertThat(taken.recipients()).containsExactly("luis@example.org");
        var mail = MimeReader.read(taken.message());
        assertThat(mail.structure().children())
                .extracting(part -> part.type())
                .containsExactly("text/plain", "text/calendar");
        var calendar = mail.text(mail.structure().children().get(1));
        assertThat(Invitation.read(calendar.getBytes(StandardCharsets.UTF_8), "utf-8")
                        .orElseThrow())
                .satisfies(reply -> {
                    assertThat(reply.method()).isEqualTo(Invitation.Method.REPLY);
                    assertThat(reply.uid()).isEqualTo("7kukuqrfedlm2f9t0vr7n1bt2k@google.com");
                    assertThat(reply.attendees()).singleElement().satisfies(me -> {
                        assertThat(me.email()).isEqualTo(USER);
                        assertThat(me.status()).isEqualTo("declined");
                    });
                });
        assertThat(get("/messages/" + id + "/invitation").at("/reply/status").asString())
                .isEqualTo("declined");
    }

    private Map<String, Object> signIn() {
        return Map.of(
                "name",
                "test",
                "address",
                USER,
                "password",
                DovecotServer.PASSWORD,
                "server",
                Map.of("imap", server(dovecot.imaps()), "smtp", server(smtp.settings())));
    }

    private static Map<String, Object> server(ServerSettings settings) {
        return Map.of("host", settings.host(), "port", settings.port(), "security", "tls");
    }

    private String message() {
        var account = get("/accounts").at("/items/0/id").asString();
        var inbox = get("/accounts/" + account + "/mailboxes").at("/items/0/id").asString();
        var items = await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/mailboxes/" + inbox + "/messages").at("/items"), found -> found.size() == 1);
        return items.get(0).at("/id").asString();
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
