package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.GreenMailServer;
import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes wrong is told by name: the right status, a problem document, no trace and nothing of the server's words.
 * Over real HTTP, with the real upstream module and servers on loopback.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "valija.data-dir=target/test-app",
            "valija.upstream.allowed-hosts=localhost",
            "valija.upstream.connect-timeout=2s",
            "valija.upstream.greeting-timeout=2s",
            "valija.upstream.read-timeout=3s",
            "valija.sign-in.failures-per-client=1000"
        })
@Import(TestDatabase.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProblemsTests {
    private static final String ANNA = "anna@example.org";
    private static final String PASSWORD = GreenMailServer.PASSWORD;
    private static final JsonMapper JSON = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private GreenMailServer greenMail;
    private String token;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DataSource database;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void trust(DynamicPropertyRegistry registry) {
        registry.add("valija.upstream.trusted-certificates", () -> TestCa.pem().toString());
    }

    @BeforeAll
    void signIn() {
        greenMail = GreenMailServer.start();
        token = token(ANNA);
    }

    @AfterAll
    void stop() {
        greenMail.close();
    }

    @Test
    void aWrongPassword() {
        var before = users();
        var answer = post("/session", signInForm(ANNA, "wr0ng", greenMail.imaps()));
        expect(answer, 401, "sign-in-rejected");
        assertThat(users()).isEqualTo(before);
    }

    @Test
    void anUnknownHost() {
        expect(post("/session", signInForm(ANNA, PASSWORD, "no-such-host.invalid", 993)), 422, "server-unknown");
    }

    @Test
    void aDomainWhoseServersCannotBeFound() {
        var answer = post("/session", Map.of("address", "anna@nowhere.invalid", "password", PASSWORD));
        expect(answer, 422, "server-unknown");
        assertThat(problem(answer).at("/errors/0/pointer").asString()).isEqualTo("/server");
    }

    @Test
    void aPortWhereNobodyListens() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var answer = post("/session", signInForm(ANNA, PASSWORD, "localhost", free));
        expect(answer, 503, "upstream-unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void anAddressThatPolicyForbids() {
        expect(post("/session", signInForm(ANNA, PASSWORD, "127.0.0.2", 993)), 422, "server-refused");
    }

    @Test
    void aServerWithPlainTextOnly() {
        try (var plain = ScriptedServer.plain(new ImapScript("IMAP4rev1"))) {
            expect(post("/session", signInForm(ANNA, PASSWORD, "localhost", plain.port())), 502, "server-without-tls");
            assertThat(plain.received()).noneMatch(line -> line.contains(PASSWORD));
        }
    }

    @Test
    void aServerThatOffersNoStartTls() {
        try (var plain = ScriptedServer.plain(new ImapScript("IMAP4rev1"))) {
            var server = Map.of("imap", Map.of("host", "localhost", "port", plain.port(), "security", "starttls"));
            var answer = post("/session", Map.of("address", ANNA, "password", PASSWORD, "server", server));
            expect(answer, 502, "server-without-tls");
            assertThat(plain.received()).noneMatch(line -> line.contains(PASSWORD));
        }
    }

    @Test
    void anExpiredCertificate() {
        try (var expired = ScriptedServer.tls(TestCa.expired(), new ImapScript("IMAP4rev1"))) {
            expect(
                    post("/session", signInForm(ANNA, PASSWORD, "localhost", expired.port())),
                    502,
                    "certificate-rejected");
            assertThat(expired.received()).isEmpty();
        }
    }

    @Test
    void aServerThatNeverGreets() {
        try (var silent = ScriptedServer.tls(ScriptedServer.Dialogue::silence)) {
            expect(post("/session", signInForm(ANNA, PASSWORD, "localhost", silent.port())), 504, "upstream-timeout");
        }
    }

    @Test
    void whatAServerSaysIsNotPassedOn() {
        var banner = "SECRET-BANNER-4711";
        try (var rude = ScriptedServer.tls(new ImapScript("IMAP4rev1").greeting("* BYE " + banner))) {
            var answer = post("/session", signInForm(ANNA, PASSWORD, "localhost", rude.port()));
            assertThat(answer.statusCode()).isBetween(500, 599);
            assertThat(answer.body()).doesNotContain(banner);
        }
    }

    @Test
    void aTenMegabyteSubject() {
        var body =
                "{\"from\":{\"name\":null,\"email\":\"%s\"},\"to\":[{\"name\":null,\"email\":\"%s\"}],\"subject\":\"%s\"}"
                        .formatted(ANNA, ANNA, "s".repeat(10_000_000));
        var answer = send(request("/submissions")
                .header("Idempotency-Key", "ten-megabytes")
                .POST(BodyPublishers.ofString(body)));
        expect(answer, 400, "invalid-request");
        assertThat(problem(answer).at("/errors/0/pointer").asString()).isEqualTo("/subject");
    }

    @Test
    void aBodyBeyondTheLimitAnnouncedOrNot() {
        var large = "{\"address\":\"" + "a".repeat(3_000_000) + "\"}";
        expect(send(request("/accounts").POST(BodyPublishers.ofString(large))), 413, "request-too-large");
        var chunked = BodyPublishers.ofInputStream(
                () -> new java.io.ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)));
        expect(send(request("/accounts").POST(chunked)), 413, "request-too-large");
        expect(send(request("/accounts", "nonsense").POST(BodyPublishers.ofString(large))), 413, "request-too-large");
        expect(
                send(request("/submissions", "nonsense").POST(BodyPublishers.ofString("x".repeat(10_000_000)))),
                401,
                "sign-in-required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/accounts/999999/identities",
                "/accounts/999999/mailboxes",
                "/mailboxes/1-999999/messages",
                "/messages/1-999999",
                "/messages/999999-1/html",
                "/messages/nonsense/raw",
                "/messages/1-999999/parts/1",
                "/threads/1-999999",
                "/submissions/1-999999",
                "/submissions/nonsense",
                "/changes?accountId=999999",
                "/mailboxes/1-99999999999999999999/messages",
                "/nothing/of/the/kind"
            })
    void anUnknownId(String path) {
        expect(send(request(path).GET()), 404, "not-found");
    }

    @Test
    void anotherUsersId() {
        var mine = JSON.readTree(send(request("/accounts").GET()).body())
                .at("/items/0/id")
                .asString();
        var inbox = JSON.readTree(
                        send(request("/accounts/" + mine + "/mailboxes").GET()).body())
                .at("/items/0/id")
                .asString();
        assertThat(inbox).isNotEmpty();
        var bob = token("bob@example.org");
        for (var path : new String[] {
            "/accounts/" + mine + "/identities",
            "/accounts/" + mine + "/mailboxes",
            "/mailboxes/" + inbox + "/messages",
            "/changes?accountId=" + mine
        }) {
            expect(send(request(path, bob).GET()), 404, "not-found");
        }
        expect(send(request("/accounts/" + mine, bob).DELETE()), 404, "not-found");
        expect(send(request("/mailboxes/" + inbox, bob).DELETE()), 404, "not-found");
        expect(
                send(request("/accounts/" + mine, bob).method("PATCH", BodyPublishers.ofString("{\"name\":\"x\"}"))),
                404,
                "not-found");
        assertThat(send(request("/accounts/" + mine + "/mailboxes").GET()).statusCode())
                .isEqualTo(200);
    }

    static Stream<String> malformed() {
        return Stream.of(
                "{",
                "",
                "[]",
                "null",
                "\"text\"",
                "{\"address\":}",
                "{} {}",
                "[".repeat(5000),
                "\0",
                "{\"a\":1e999999}");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedJson(String body) {
        expect(send(request("/accounts").POST(BodyPublishers.ofString(body))), 400, "invalid-request");
    }

    @Test
    void aFieldNobodyKnows() {
        var answer = post(
                "/session",
                "{\"address\":\"a@example.org\",\"password\":\"hunter2\",\"server\":{\"imap\":{\"host\":\"h\",\"prot\":993}}}");
        expect(answer, 400, "invalid-request");
        assertThat(problem(answer).at("/errors/0/pointer").asString()).isEqualTo("/server/imap/prot");
        assertThat(answer.body()).doesNotContain("hunter2");
    }

    @Test
    void aFieldOutOfItsBounds() {
        var answer = post("/session", signInForm("nobody", PASSWORD, "localhost", 70_000));
        expect(answer, 400, "invalid-request");
        assertThat(problem(answer).at("/errors").valueStream())
                .extracting(error -> error.at("/pointer").asString())
                .containsExactlyInAnyOrder("/address", "/server/imap/port");
    }

    @Test
    void aFieldOfTheWrongKind() {
        var answer = post("/session", "{\"address\":{\"secret\":1},\"password\":\"x\"}");
        expect(answer, 400, "invalid-request");
        assertThat(problem(answer).at("/errors/0/pointer").asString()).isEqualTo("/address");
    }

    @Test
    void aStateThatIsNone() {
        expect(send(request("/changes?since=yesterday").GET()), 400, "invalid-request");
        expect(send(request("/events").header("Last-Event-ID", "-1").GET()), 400, "invalid-request");
    }

    @Test
    void noConnectionToTheDatabaseIsTold() throws SQLException {
        var held = new ArrayList<Connection>();
        try {
            while (true) {
                held.add(database.getConnection());
            }
        } catch (SQLTransientConnectionException exhausted) {
            var began = System.nanoTime();
            var answer = send(request("/accounts", "vlj_never-seen").GET());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            expect(answer, 503, "unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
        assertThat(send(request("/accounts").GET()).statusCode()).isEqualTo(200);
    }

    @Test
    void aTypeIsAPageToRead() {
        var page = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/problems/over-quota"))
                .GET());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("There is no space left in the mailbox");
        var none = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/problems/none"))
                .GET());
        expect(none, 404, "not-found");
    }

    @Test
    void aMethodOrFormThatIsNotThere() {
        expect(send(request("/instance").DELETE()), 405, "method-not-allowed");
        expect(
                send(HttpRequest.newBuilder(URI.create(base() + "/session"))
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}"))),
                415,
                "unsupported-media-type");
        expect(send(request("/accounts").setHeader("Accept", "image/png").GET()), 406, "not-acceptable");
    }

    @Test
    void nobodySignedIn() {
        expect(send(HttpRequest.newBuilder(URI.create(base() + "/accounts")).GET()), 401, "sign-in-required");
        expect(send(request("/accounts", "vlj_nonsense").GET()), 401, "sign-in-required");
        expect(send(request("/nothing/of/the/kind", "vlj_nonsense").GET()), 401, "sign-in-required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/v1/..%2f..%2fetc HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/v1//accounts;a=b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET / HTTP/7.0\r\n\r\n"
            })
    void aRequestThatIsNone(String request) throws IOException {
        var answer = raw(request);
        assertThat(answer).matches("(?s)HTTP/1.1 (4\\d\\d|505) .*");
        assertThat(answer).contains("application/problem+json").contains("/problems/");
        clean(answer);
    }

    @Test
    void aHeaderTooLong() throws IOException {
        var answer = raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431 ").contains("/problems/request-too-large");
        clean(answer);
    }

    private String token(String address) {
        greenMail.login(0, address);
        var form = Map.of(
                "name",
                "test",
                "address",
                address,
                "password",
                PASSWORD,
                "server",
                server("localhost", greenMail.imaps().port()));
        var answer = post("/tokens", form);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).required("token").asString();
    }

    private static Map<String, Object> signInForm(String address, String password, ServerSettings imap) {
        return signInForm(address, password, imap.host(), imap.port());
    }

    private static Map<String, Object> signInForm(String address, String password, String host, int port) {
        return Map.of("address", address, "password", password, "server", server(host, port));
    }

    private static Map<String, Object> server(String host, int port) {
        return Map.of("imap", Map.of("host", host, "port", port), "smtp", Map.of("host", "localhost", "port", 465));
    }

    private HttpResponse<String> post(String path, Object body) {
        var text = body instanceof String given ? given : JSON.writeValueAsString(body);
        return send(HttpRequest.newBuilder(URI.create(base() + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(text)));
    }

    private HttpRequest.Builder request(String path) {
        return request(path, token);
    }

    private HttpRequest.Builder request(String path, String by) {
        return HttpRequest.newBuilder(URI.create(base() + path))
                .header("Authorization", "Bearer " + by)
                .header("Accept", "*/*")
                .header("Content-Type", "application/json");
    }

    private String base() {
        return "http://localhost:" + port + "/api/v1";
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new StringBuilder();
            var buffer = new byte[4096];
            while (!answer.toString().contains("}")) {
                var read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        }
    }

    private void expect(HttpResponse<String> answer, int status, String slug) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(problem(answer).required("type").asString()).isEqualTo("/problems/" + slug);
        assertThat(problem(answer).required("status").asInt()).isEqualTo(status);
        assertThat(problem(answer).required("title").asString()).isNotBlank();
        clean(answer.body() + answer.headers().map());
    }

    private static void clean(String answer) {
        assertThat(answer)
                .doesNotContain("Exception", "\tat ", "java.", "org.springframework", "Jetty", "jetty")
                .hasSizeLessThan(4000);
    }

    private static JsonNode problem(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private long users() {
        return jdbc.sql("select count(*) from users").query(Long.class).single();
    }
}
