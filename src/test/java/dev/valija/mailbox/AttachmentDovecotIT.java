package dev.valija.mailbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipInputStream;
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

/** Attachments through real HTTP and a real Dovecot, octet for octet, in every encoding that mail has. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"valija.data-dir=target/test-attachments", "valija.prefetch=false"})
@Import(TestDatabase.class)
class AttachmentDovecotIT {
    private static final DovecotServer SERVER = DovecotServer.start();

    private final HttpClient http = HttpClient.newHttpClient();

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
        SERVER.close();
    }

    @Test
    void anyStretchOfAnyEncodingIsTheSameAsOfTheWhole() throws Exception {
        var octets = Mails.noise(70_001);
        var text = "Grüße = größer?\r\n \t\r\nlong ".repeat(3_000).getBytes(ISO_8859_1);
        var names = new ArrayList<String>();
        var parts = new ArrayList<String>();
        var expected = new ArrayList<byte[]>();
        for (int width : new int[] {76, 72, 61, 4, 1, 998}) {
            names.add("base64-" + width);
            parts.add(
                    part(names.getLast(), "base64", lines(Base64.getEncoder().encodeToString(octets), width, "\r\n")));
            expected.add(octets);
        }
        names.add("base64-irregular");
        parts.add(part(names.getLast(), "base64", irregular(Base64.getEncoder().encodeToString(octets))));
        expected.add(octets);
        names.add("base64-joined");
        var half = Base64.getEncoder().encodeToString(Arrays.copyOf(octets, 1_000));
        parts.add(part(names.getLast(), "base64", half + "\r\n" + half));
        expected.add(concat(Arrays.copyOf(octets, 1_000), Arrays.copyOf(octets, 1_000)));
        names.add("quoted-printable");
        parts.add(part(names.getLast(), "quoted-printable", quoted(octets)));
        expected.add(octets);
        names.add("8bit");
        parts.add(part(names.getLast(), "8bit", new String(text, ISO_8859_1)));
        expected.add(text);
        names.add("uuencode");
        parts.add(part(names.getLast(), "x-uuencode", uuencoded(octets)));
        expected.add(octets);

        var id = delivered("anna@localhost", Mails.withAttachments("Encodings", parts.toArray(String[]::new)));
        var random = new Random(7);
        for (int i = 0; i < names.size(); i++) {
            var path = "/messages/" + id + "/parts/" + (i + 2);
            var whole = get(path, Map.of()).body();
            assertThat(whole).as(names.get(i)).isEqualTo(expected.get(i));
            for (int n = 0; n < 25; n++) {
                int from = random.nextInt(whole.length);
                int last = Math.min(whole.length - 1, from + random.nextInt(1 << random.nextInt(16)));
                var stretch = get(path, Map.of("Range", "bytes=" + from + "-" + last));
                assertThat(stretch.statusCode()).isEqualTo(206);
                assertThat(stretch.headers().firstValue("Content-Range"))
                        .contains("bytes " + from + "-" + last + "/" + whole.length);
                assertThat(stretch.body())
                        .as("%s %d-%d", names.get(i), from, last)
                        .isEqualTo(Arrays.copyOfRange(whole, from, last + 1));
            }
            assertThat(get(path, Map.of("Range", "bytes=" + whole.length + "-")).statusCode())
                    .isEqualTo(416);
        }
        assertThat(zipped(id)).containsExactlyElementsOf(expected);
        assertThat(json(get("/messages/" + id + "/attachments", Map.of()))
                        .required("items")
                        .size())
                .isEqualTo(names.size());
    }

    @Test
    void howTheyBeginIsToldOfAllAtOnce() throws Exception {
        var id = delivered(
                "berta@localhost",
                Mails.withAttachments(
                        "Beginnings",
                        part(
                                "invoice.pdf",
                                "base64",
                                lines(Base64.getEncoder().encodeToString("MZ\0\0".getBytes(ISO_8859_1)), 76, "\r\n")),
                        part("empty.txt", "base64", ""),
                        part("report.pdf", "quoted-printable", "%PDF-1.7=0A%=E2=E3"),
                        part("note.txt", "7bit", "so it goes")));
        var items = json(get("/messages/" + id + "/attachments", Map.of())).required("items");
        assertThat(items.get(0).required("warnings").toString()).isEqualTo("[\"program\",\"other-type\"]");
        assertThat(items.get(1).required("warnings").isEmpty()).isTrue();
        assertThat(items.get(2).required("preview").asString()).isEqualTo("pdf");
        assertThat(items.get(3).required("preview").asString()).isEqualTo("text");
    }

    private List<byte[]> zipped(String id) throws Exception {
        var files = new ArrayList<byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(
                get("/messages/" + id + "/attachments.zip", Map.of()).body()))) {
            while (zip.getNextEntry() != null) {
                files.add(zip.readAllBytes());
            }
        }
        return files;
    }

    private String token;

    /** Has it delivered to somebody new, and gives its id. */
    private String delivered(String user, Mail mail) throws Exception {
        SERVER.deliver(user, mail.bytes());
        var imap = Map.of("host", DovecotServer.HOST, "port", SERVER.imaps().port(), "security", "tls");
        var signIn = Map.of(
                "name",
                "test",
                "address",
                user,
                "password",
                DovecotServer.PASSWORD,
                "server",
                Map.of("imap", imap, "smtp", imap));
        var answer = http.send(
                HttpRequest.newBuilder(uri("/tokens"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(signIn)))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode())
                .as(new String(answer.body(), ISO_8859_1))
                .isEqualTo(201);
        token = json(answer).required("token").asString();
        var account = json(get("/session", Map.of())).at("/accounts/0/id").asString();
        var boxes = json(get("/accounts/" + account + "/mailboxes", Map.of())).required("items");
        for (var box : boxes) {
            if (box.required("role").asString("").equals("inbox")) {
                var page = get("/mailboxes/" + box.required("id").asString() + "/messages", Map.of());
                return json(page).at("/items/0/id").asString();
            }
        }
        throw new AssertionError("no inbox");
    }

    private HttpResponse<byte[]> get(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/api/v1" + path);
    }

    private JsonNode json(HttpResponse<byte[]> answer) {
        return json.readTree(answer.body());
    }

    private static String part(String name, String encoding, String body) {
        return "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: " + encoding
                + "\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" + body;
    }

    private static String lines(String text, int width, String end) {
        return String.join(end, text.split("(?<=\\G.{" + width + "})"));
    }

    /** Lines of all lengths, empty ones, blanks and what is no base64 between them. */
    private static String irregular(String text) {
        var random = new Random(3);
        var written = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(120));
            written.append(text, at, end)
                    .append(random.nextInt(5) == 0 ? " \t\r\n\r\n" : random.nextInt(9) == 0 ? "!\r\n" : "\r\n");
            at = end;
        }
        return written.toString();
    }

    private static String quoted(byte[] octets) {
        var written = new StringBuilder();
        for (int i = 0; i < octets.length; i++) {
            written.append("=%02X".formatted(octets[i] & 0xff)).append(i % 24 == 23 ? "=\r\n" : "");
        }
        return written.toString();
    }

    private static String uuencoded(byte[] octets) {
        var written = new StringBuilder("begin 644 noise.bin\r\n");
        for (int at = 0; at < octets.length; at += 45) {
            var line = Arrays.copyOfRange(octets, at, at + 45);
            written.append((char) (' ' + Math.min(45, octets.length - at)));
            for (int i = 0; i < 45; i += 3) {
                int group = (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | (line[i + 2] & 0xff);
                for (int shift = 18; shift >= 0; shift -= 6) {
                    int value = group >> shift & 0x3f;
                    written.append(value == 0 ? '`' : (char) (' ' + value));
                }
            }
            written.append("\r\n");
        }
        return written.append("`\r\nend").toString();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(other);
        return both.toByteArray();
    }
}
