package dev.valija.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.ScriptedServer.Dialogue;
import dev.valija.support.ScriptedServer.Script;
import dev.valija.support.TestCa;
import dev.valija.support.TestUpstream;
import dev.valija.support.WebServer;
import dev.valija.upstream.net.Dialer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsTest {
    private static final int LONGEST = 1000;

    private final Https https = new Https(new Dialer(
            TestUpstream.properties("allowed-web-hosts", "localhost", "connect-timeout", "2s", "tls-timeout", "2s")));
    private final WebServer web = new WebServer();
    private ScriptedServer scripted;

    @AfterEach
    void stop() {
        web.close();
        if (scripted != null) {
            scripted.close();
        }
    }

    @Test
    void aRequestTellsNothingOfTheReader() {
        web.with("/a.png", "image/png", octets(700));
        var answer = https.get(address("/a.png?x=1%20y"), "image/png", LONGEST);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(octets(700));
        var asked = web.asked().getFirst();
        assertThat(asked.target()).isEqualTo("/a.png?x=1%20y");
        assertThat(new TreeSet<>(asked.headers().keySet()))
                .containsExactly("Accept", "Accept-encoding", "Connection", "Host", "User-agent");
        assertThat(asked.headers().getFirst("Accept-Encoding")).isEqualTo("identity");
        assertThat(asked.headers().getFirst("Host")).isEqualTo("localhost:" + web.port());
        assertThat(asked.headers().getFirst("User-Agent")).doesNotContainIgnoringCase("valija", "java");
    }

    /** What a server gives one request to keep, no other brings back. */
    @Test
    void cookiesAreNotKept() {
        web.answering("/", 200, Map.of("Set-Cookie", "id=1; Path=/"));
        https.get(address("/"), "*/*", LONGEST);
        https.get(address("/"), "*/*", LONGEST);
        assertThat(web.asked()).hasSize(2).noneMatch(asked -> asked.headers().containsKey("Cookie"));
    }

    @ParameterizedTest
    @CsvSource({
        "301, /b/c.png",
        "302, c.png",
        "303, //localhost:PORT/b/c.png",
        "307, https://localhost:PORT/b/c.png#part",
        "308, http://localhost:PORT/b/c.png"
    })
    void redirectsAreFollowedInTls(int status, String location) {
        web.answering("/b/a", status, Map.of("Location", location.replace("PORT", "" + web.port())));
        web.with("/b/c.png", "image/png", octets(3));
        assertThat(https.get(address("/b/a"), "*/*", LONGEST).body()).isEqualTo(octets(3));
    }

    @Test
    void threeRedirectsAreEnough() {
        for (int i = 0; i < 5; i++) {
            web.answering("/" + i, 302, Map.of("Location", "/" + (i + 1)));
        }
        web.with("/5", "image/png", octets(3));
        assertThat(https.get(address("/2"), "*/*", LONGEST).status()).isEqualTo(200);
        assertThatThrownBy(() -> https.get(address("/1"), "*/*", LONGEST))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1:PORT/",
                "https://[::1]:PORT/",
                "https://[::ffff:127.0.0.1]:PORT/",
                "//127.0.0.1:PORT/",
                "https://169.254.169.254/latest/meta-data",
                "http://127.0.0.1:PORT/",
                "https://localhost.localdomain:PORT/"
            })
    void aRedirectWithinIsRefused(String location) {
        scripted = ScriptedServer.tls(Dialogue::silence);
        web.answering("/out", 302, Map.of("Location", location.replace("PORT", "" + scripted.port())));
        assertThatThrownBy(() -> https.get(address("/out"), "*/*", LONGEST))
                .isInstanceOf(UpstreamException.HostRefused.class);
        assertThat(scripted.connections()).isZero();
        assertThat(web.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user@localhost:PORT/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "https://localhost:25/",
                "https://2130706433:PORT/",
                "https://localhost%00:PORT/",
                "https:///x"
            })
    void aRedirectToNoAddressIsNotFollowed(String location) {
        web.answering("/out", 302, Map.of("Location", location.replace("PORT", "" + web.port())));
        assertThatThrownBy(() -> https.get(address("/out"), "*/*", LONGEST))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThat(web.asked()).hasSize(1);
    }

    @Test
    void aFormIsPostedOnceAndARedirectIsTheAnswer() {
        web.answering("/u", 302, Map.of("Location", "/elsewhere"));
        assertThat(https.post(address("/u"), "List-Unsubscribe=One-Click")).isEqualTo(302);
        assertThat(web.asked()).hasSize(1);
        var asked = web.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.body()).isEqualTo("List-Unsubscribe=One-Click");
        assertThat(asked.headers().getFirst("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(asked.headers()).doesNotContainKeys("Cookie", "Referer", "Origin", "Accept-language");
    }

    @Test
    void chunksArePutTogether() {
        scripted(dialogue -> dialogue.say(
                "HTTP/1.1 103 Early Hints",
                "",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "abc",
                "2;x=y",
                "de",
                "0",
                ""));
        assertThat(get().body()).isEqualTo("abcde".getBytes(US_ASCII));
    }

    @Test
    void aBodyWithoutALengthEndsWithTheConnection() {
        scripted(dialogue -> dialogue.say("HTTP/1.0 200 OK", "", "abc"));
        assertThat(get().body()).isEqualTo("abc\r\n".getBytes(US_ASCII));
    }

    /** Neither an announced length is believed nor an unannounced one waited for. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1001", "X: y", "Transfer-Encoding: chunked"})
    void whatIsTooLongIsCutWhileReading(String field) {
        scripted(dialogue -> {
            dialogue.say("HTTP/1.1 200 OK", field, "");
            var endless = field.contains("chunked") ? "ffff\r\n" + "x".repeat(0xffff) + "\r\n" : "x".repeat(0xffff);
            for (int i = 0; i < 10_000; i++) {
                dialogue.send(endless.getBytes(US_ASCII)); // 655 MB, were anybody to read it
            }
        });
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aBodyShorterThanAnnouncedIsNoBody() {
        scripted(dialogue -> dialogue.say("HTTP/1.1 200 OK", "Content-Length: 900", "", "abc"));
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Encoding: gzip|",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked|",
                "HTTP/1.1 101 Switching|Upgrade: x|",
                "HTTP/2.0 200 OK|",
                "* OK IMAP4rev1 ready",
                "220 mail ESMTP|250 ok",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||zz|abc"
            })
    void whatIsNoPlainHttpIsRefused(String lines) {
        scripted(dialogue -> dialogue.say(lines.split("\\|", -1)));
        assertThatThrownBy(this::get)
                .isInstanceOfAny(UpstreamException.ProtocolViolation.class, UpstreamException.Unavailable.class);
    }

    @Test
    void anEndlessHeaderIsRefused() {
        scripted(dialogue -> {
            dialogue.say("HTTP/1.1 200 OK");
            for (int i = 0; i < 100_000; i++) {
                dialogue.say("X-" + i + ": y");
            }
        });
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void anEndlessLineIsRefused() {
        scripted(dialogue -> {
            dialogue.send("HTTP/1.1 200 OK\r\nX: ".getBytes(US_ASCII));
            for (int i = 0; i < 1000; i++) {
                dialogue.send("y".repeat(10_000).getBytes(US_ASCII));
            }
        });
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aServerThatDribblesIsGivenUpInTime() throws IOException {
        scripted(dialogue -> dialogue.dribble("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(90), Duration.ofMillis(20)));
        var address = WebAddress.of(url()).orElseThrow();
        var server = new ServerSettings(address.host(), address.port(), Security.TLS);
        var dialer = new Dialer(TestUpstream.properties("allowed-web-hosts", "localhost"));
        var request = new dev.valija.upstream.http.Exchange.Request("GET", address, java.util.List.of(), null);
        assertThatThrownBy(() -> dev.valija.upstream.http.Exchange.over(
                        dialer.dial(server, dev.valija.upstream.net.Dialect.HTTP),
                        request,
                        LONGEST,
                        Duration.ofMillis(500)))
                .isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        scripted = ScriptedServer.tls(TestCa.wrongName(), Dialogue::silence);
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.BadCertificate.class);
    }

    @Test
    void plainHttpIsNotSpoken() {
        scripted = ScriptedServer.plain(dialogue -> dialogue.say("HTTP/1.1 200 OK", "Content-Length: 1", "", "x"));
        assertThatThrownBy(this::get).isInstanceOf(UpstreamException.NoTls.class);
        assertThat(scripted.received()).noneMatch(line -> line.contains("GET"));
    }

    private void scripted(Script answer) {
        scripted = ScriptedServer.tls(dialogue -> {
            while (!dialogue.line().isEmpty()) {
                // The request.
            }
            answer.run(dialogue);
        });
    }

    private Https.Answer get() {
        return https.get(WebAddress.of(url()).orElseThrow(), "*/*", LONGEST);
    }

    private String url() {
        return "https://localhost:" + scripted.port() + "/";
    }

    private WebAddress address(String path) {
        return WebAddress.of(web.url(path)).orElseThrow();
    }

    private static byte[] octets(int length) {
        return "x".repeat(length).getBytes(US_ASCII);
    }
}
