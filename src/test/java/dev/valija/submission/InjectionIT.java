package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.DovecotServer;
import dev.valija.support.ImapProxy;
import dev.valija.support.RawImap;
import dev.valija.support.SmtpSink;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever is written into a field of a mail, the servers hear only the commands, the recipients and the header fields that we
 * mean: through HTTP, to a real Dovecot and an SMTP server that write down what they hear.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"valija.data-dir=target/test-injection", "valija.prefetch=false", "valija.draft-copy-pause=100ms"
        })
@Import(TestDatabase.class)
class InjectionIT {
    private static final String ANNA = "anna@localhost";
    private static final String FRIEND = "friend@example.org";
    private static final String INTRUDER = "intruder";

    private static final List<String> PAYLOADS = List.of(
            "a\r\nBcc: intruder@example.org",
            "a\nBcc: intruder@example.org",
            "a\rBcc: intruder@example.org",
            "a\r\n\r\n<p>intruder",
            "a\r\n.\r\nMAIL FROM:<intruder@example.org>",
            "a\n.\nRCPT TO:<intruder@example.org>",
            "a\0Bcc: intruder@example.org",
            "a\u000bBcc: intruder@example.org",
            "a\u0085Bcc: intruder@example.org",
            "a\u2028Bcc: intruder@example.org",
            "=?utf-8?Q?a=0D=0ABcc:_intruder@example.org?=",
            "=?utf-8?B?DQpCY2M6IGludHJ1ZGVyQGV4YW1wbGUub3Jn?=",
            "{10}\r\nintruder1 DELETE INBOX",
            "{0+}\r\nintruder1 CREATE intruder",
            "\") {5+}",
            "a\\",
            "\"",
            "a>, <intruder@example.org",
            "\", <intruder@example.org>, \"",
            "a; intruder=\"b",
            "Größe 😀 \u202egnp.exe",
            "\ud83d\ude00".repeat(60),
            "x".repeat(2_000),
            ".",
            "\r\n.\r\n",
            " ");

    private static final Set<String> FIELDS = Set.of(
            "message-id",
            "date",
            "from",
            "to",
            "cc",
            "reply-to",
            "subject",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "disposition-notification-to",
            "in-reply-to",
            "references");

    private static final DovecotServer DOVECOT = DovecotServer.start();
    private static final ImapProxy IMAP = ImapProxy.to(DOVECOT.imaps());
    private static final SmtpSink SMTP = SmtpSink.start();

    private final HttpClient http = HttpClient.newHttpClient();
    private String token;

    @LocalServerPort
    int port;

    @Autowired
    JsonMapper json;

    @DynamicPropertySource
    static void upstream(DynamicPropertyRegistry properties) {
        properties.add("valija.upstream.allowed-hosts", () -> "localhost");
        properties.add(
                "valija.upstream.trusted-certificates", () -> TestCa.pem().toString());
    }

    @AfterAll
    static void stop() {
        SMTP.close();
        IMAP.close();
        DOVECOT.close();
    }

    /** A field, and what puts a text into it. */
    private static Map<String, BiConsumer<Map<String, Object>, String>> fields() {
        var fields = new HashMap<String, BiConsumer<Map<String, Object>, String>>();
        for (var list : List.of("to", "cc", "bcc", "replyTo")) {
            fields.put(list + " name", (mail, text) -> mail.put(list, List.of(person(text, FRIEND))));
            fields.put(list + " address", (mail, text) -> mail.put(list, List.of(person("Friend", text))));
            fields.put(
                    list + " local part", (mail, text) -> mail.put(list, List.of(person(null, text + "@example.org"))));
        }
        fields.put("from name", (mail, text) -> mail.put("from", person(text, ANNA)));
        fields.put("from address", (mail, text) -> mail.put("from", person(null, text)));
        for (var field : List.of("subject", "text", "html", "inReplyTo", "forwardOf")) {
            fields.put(field, (mail, text) -> mail.put(field, text));
        }
        for (var field : List.of("name", "type", "contentId")) {
            fields.put("attachment " + field, (mail, text) -> mail.put("attachments", List.of(file(field, text))));
        }
        return fields;
    }

    @Test
    void nobodyHearsWhatWasNotMeant() throws Exception {
        signIn();
        int sent = 0;
        for (var field : fields().entrySet()) {
            for (var payload : PAYLOADS) {
                var mail = new HashMap<String, Object>(Map.of(
                        "from",
                        person("Anna", ANNA),
                        "to",
                        List.of(person("Friend", FRIEND)),
                        "subject",
                        "Hello",
                        "text",
                        "Hello",
                        "readReceipt",
                        true));
                field.getValue().accept(mail, payload);
                var answer = post("/submissions", mail, "Idempotency-Key", "\"" + UUID.randomUUID() + "\"");
                var what = field.getKey() + " " + json.writeValueAsString(payload) + ": " + answer.body();
                assertThat(answer.statusCode()).as(what).isIn(202, 400, 404);
                sent += answer.statusCode() == 202 ? 1 : 0;
            }
        }
        int all = sent;
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(SMTP.taken().size() >= all)
                        .as(this::underway)
                        .isTrue());
        await().atMost(Duration.ofMinutes(2)).until(() -> inSent() >= all);
        System.out.printf("%d fields, %d payloads, %d mails sent%n", fields().size(), PAYLOADS.size(), all);
        assertThat(all).isGreaterThan(150);
        assertThat(SMTP.taken()).hasSize(all);
        commandsAreMeant();
        for (var mail : SMTP.taken()) {
            fieldsAreMeant(mail);
        }
        try (var imap = new RawImap(DOVECOT.imaps(), ANNA, DovecotServer.PASSWORD)) {
            assertThat(imap.run("LIST \"\" *").stream().map(line -> line.replaceAll(".* ", "")))
                    .containsExactlyInAnyOrder("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
        }
        assertThat(inSent()).isEqualTo(all);
    }

    private void commandsAreMeant() {
        assertThat(SMTP.transcript())
                .allMatch(
                        line -> line.matches(
                                "(EHLO|AUTH) .*|DATA|RSET|NOOP|QUIT|MAIL FROM:<anna@localhost>( [A-Z0-9]+(=[A-Z0-9]+)?)*|RCPT TO:<[^<> ]+>"));
        assertThat(SMTP.taken()).allSatisfy(mail -> assertThat(mail.from()).isEqualTo(ANNA));
        assertThat(IMAP.commands()).noneMatch(line -> line.startsWith(INTRUDER));
        var said = new TreeSet<String>();
        IMAP.commands().forEach(line -> {
            var words = line.split(" ");
            said.add(words.length == 1 ? words[0] : words[1].equals("UID") ? words[1] + " " + words[2] : words[1]);
        });
        assertThat(said).doesNotContain("DELETE", "RENAME", "SETACL", "COPY", "UID COPY", "EXPUNGE", "UID EXPUNGE");
    }

    private static void fieldsAreMeant(SmtpSink.Taken mail) throws Exception {
        var builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        var parsed = builder.parseMessage(new ByteArrayInputStream(mail.message()));
        var names = new ArrayList<String>();
        parsed.getHeader().forEach(field -> names.add(field.getName().toLowerCase(Locale.ROOT)));
        assertThat(names).as(mail.text()).doesNotHaveDuplicates().isSubsetOf(FIELDS);
        var header = mail.text().substring(0, mail.text().indexOf("\r\n\r\n"));
        assertThat(header.lines()).as(mail.text()).allMatch(line -> line.length() <= 998);
        assertThat(header.replace("\r\n", "").chars()).as(mail.text()).allMatch(c -> c >= ' ' || c == '\t');
        assertThat(mail.text().replace("\r\n", "").chars()).as(mail.text()).noneMatch(c -> c == '\r' || c == '\n');
        // Nobody but who is named is written to, and who is in no visible field was in Bcc.
        assertThat(mail.recipients()).as(mail.text()).noneMatch(one -> one.startsWith(INTRUDER));
    }

    /** What is on its way, and why it is not there yet. */
    private String underway() {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/submissions"))
                .header("Authorization", "Bearer " + token);
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return json(answer)
                    .required("items")
                    .valueStream()
                    .filter(one -> !one.required("state").asString().equals("done"))
                    .map(JsonNode::toString)
                    .collect(Collectors.joining("\n"));
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private int inSent() {
        try (var imap = new RawImap(DOVECOT.imaps(), ANNA, DovecotServer.PASSWORD)) {
            var status = imap.attempt("STATUS Sent (MESSAGES)");
            return status.ok() ? Integer.parseInt(status.untagged().getFirst().replaceAll("\\D", "")) : 0;
        }
    }

    private void signIn() throws Exception {
        var servers = Map.of(
                "imap", Map.of("host", "localhost", "port", IMAP.settings().port()),
                "smtp", Map.of("host", "localhost", "port", SMTP.settings().port()));
        var answer = post(
                "/tokens",
                Map.of("name", "test", "address", ANNA, "password", DovecotServer.PASSWORD, "server", servers));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        token = json(answer).required("token").asString();
    }

    private HttpResponse<String> post(String path, Object body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private static Map<String, Object> person(String name, String email) {
        var person = new HashMap<String, Object>();
        person.put("name", name);
        person.put("email", email);
        return person;
    }

    private static Map<String, Object> file(String field, String text) {
        var file = new HashMap<String, Object>(Map.of(
                "name", "a.txt",
                "type", "text/plain",
                "content",
                        Base64.getEncoder()
                                .encodeToString("Hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
        file.put(field, text);
        return file;
    }
}
