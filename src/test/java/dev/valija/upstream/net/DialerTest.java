package dev.valija.upstream.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.ScriptedServer.Script;
import dev.valija.support.TestCa;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialerTest {
    private static final Script GREETING = dialogue -> {
        dialogue.say("* OK hello");
        dialogue.silence();
    };
    private final Dialer dialer = new Dialer(TestUpstream.properties(
            "connect-timeout", "2s", "tls-timeout", "700ms", "greeting-timeout", "700ms", "read-timeout", "700ms"));
    private ScriptedServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theGreetingComesThroughTls() throws IOException {
        server = ScriptedServer.tls(GREETING);
        try (var socket = dial(Security.TLS)) {
            assertThat(line(socket)).isEqualTo("* OK hello\r\n");
        }
    }

    @Test
    void anExpiredCertificateIsRejected() {
        rejects(TestCa.expired());
    }

    @Test
    void aCertificateForAnotherNameIsRejected() {
        rejects(TestCa.wrongName());
    }

    @Test
    void aCertificateByNobodyKnownIsRejected() {
        rejects(TestCa.unknownIssuer());
    }

    private void rejects(TestCa.Certificate certificate) {
        server = ScriptedServer.tls(certificate, GREETING);
        assertThatThrownBy(() -> dial(Security.TLS)).isInstanceOf(UpstreamException.BadCertificate.class);
    }

    @Test
    void aServerThatSpeaksPlainTextOnATlsPortIsToldApart() {
        server = ScriptedServer.plain(GREETING);
        assertThatThrownBy(() -> dial(Security.TLS)).isInstanceOf(UpstreamException.NoTls.class);
        assertThat(server.received()).as("nothing readable was said").allMatch(line -> !line.contains("LOGIN"));
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() {
        server = ScriptedServer.plain(ScriptedServer.Dialogue::silence);
        assertThatThrownBy(() -> dial(Security.TLS)).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aServerThatIsSilentAfterTlsIsGivenUp() {
        server = ScriptedServer.tls(ScriptedServer.Dialogue::silence);
        assertThatThrownBy(() -> dial(Security.TLS)).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aServerThatHangsUpIsUnavailable() {
        server = ScriptedServer.plain(ScriptedServer.Dialogue::cut);
        assertThatThrownBy(() -> dial(Security.TLS)).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aRefusedPortIsUnavailable() throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertThatThrownBy(() -> dialer.dial(new ServerSettings("localhost", port, Security.TLS), Dialect.IMAP))
                .isInstanceOf(UpstreamException.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "xn--\u0000", "a..b"})
    void aNameThatIsNoneIsUnknown(String host) {
        assertThatThrownBy(() -> dialer.dial(new ServerSettings(host, 993, Security.TLS), Dialect.IMAP))
                .isInstanceOfAny(UpstreamException.UnknownHost.class, UpstreamException.TimedOut.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "[::1]", "::1", "0.0.0.0", "127.1", "[::ffff:127.0.0.1]", "localhost.localdomain"})
    void loopbackIsRefusedUnderNamesTheOperatorDidNotAllow(String host) {
        server = ScriptedServer.tls(GREETING);
        assertThatThrownBy(() -> dialer.dial(new ServerSettings(host, server.port(), Security.TLS), Dialect.IMAP))
                .isInstanceOfAny(UpstreamException.HostRefused.class, UpstreamException.UnknownHost.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void starttlsIsSpokenInImap() throws IOException {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("* OK [CAPABILITY IMAP4rev1 STARTTLS] plain");
            var tag = dialogue.line().split(" ", -1)[0];
            dialogue.say(tag + " OK go");
            dialogue.startTls();
            dialogue.silence();
        });
        try (var socket = dial(Security.STARTTLS)) {
            assertThat(line(socket)).as("nothing of the plain greeting").isEqualTo("* OK ready\r\n");
        }
        assertThat(server.received()).containsExactly("S1 STARTTLS");
    }

    @Test
    void starttlsIsSpokenInSmtp() throws IOException {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("220-two", "220 lines");
            dialogue.line();
            dialogue.say("250-here", "250-SIZE 10", "250 StartTLS");
            dialogue.line();
            dialogue.say("220 go");
            dialogue.startTls();
            dialogue.silence();
        });
        try (var socket = dialer.dial(server.settings(Security.STARTTLS), Dialect.SMTP)) {
            assertThat(line(socket)).isEqualTo("220 ready\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"IMAP", "POP3", "SMTP"})
    void withoutStarttlsNothingIsSaid(Dialect dialect) {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say(dialect == Dialect.IMAP ? "* OK hi" : dialect == Dialect.POP3 ? "+OK hi" : "220 hi");
            var command = dialogue.line();
            dialogue.say(
                    dialect == Dialect.IMAP
                            ? command.split(" ", -1)[0] + " BAD what"
                            : dialect == Dialect.POP3 ? "-ERR what" : "250 here");
            dialogue.silence();
        });
        assertThatThrownBy(() -> dialer.dial(server.settings(Security.STARTTLS), dialect))
                .isInstanceOf(UpstreamException.NoTls.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void whatIsInjectedBehindTheGoAheadEndsIt() {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("* OK hi");
            var tag = dialogue.line().split(" ", -1)[0];
            dialogue.send((tag + " OK go\r\n* PREAUTH you are mallory\r\n").getBytes(US_ASCII));
            dialogue.silence();
        });
        assertThatThrownBy(() -> dial(Security.STARTTLS))
                .isInstanceOfAny(UpstreamException.ProtocolViolation.class, UpstreamException.NoTls.class);
    }

    @Test
    void preauthBeforeTlsIsRefused() {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("* PREAUTH welcome");
            dialogue.silence();
        });
        assertThatThrownBy(() -> dial(Security.STARTTLS)).isInstanceOf(UpstreamException.NoTls.class);
    }

    @Test
    void aTrickleIsTooSlow() throws IOException {
        server = ScriptedServer.tls(dialogue -> dialogue.dribble("x".repeat(100), Duration.ofMillis(100)));
        try (var socket = dial(Security.TLS)) {
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Each octet in time, and more of them than a trickle has, but no end to it. */
    @Test
    void whatIsJustNoTrickleIsTooSlowInTheEnd() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            while (true) {
                dialogue.dribble("*", Duration.ofMillis(20));
                dialogue.say("x".repeat(100));
            }
        });
        try (var socket = dial(Security.TLS)) {
            socket.expect(1 << 30);
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** A key update is a record that starts a socket's timeout anew, and brings nothing to read. */
    @Test
    void recordsWithoutDataAreNoSignOfLife() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            dialogue.say("* OK hello");
            while (true) {
                dialogue.rekey();
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        });
        try (var socket = dial(Security.TLS)) {
            line(socket);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Each key update wants one back: reading writes then, and a write has no timeout. */
    @Test
    void aServerThatMakesUsWriteWhatItDoesNotReadIsGivenUp() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            dialogue.say("* OK hello");
            while (true) {
                dialogue.rekey();
            }
        });
        try (var socket = dial(Security.TLS)) {
            line(socket);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerThatDoesNotReadIsGivenUp() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            dialogue.say("* OK hello");
            dialogue.neverRead();
        });
        try (var socket = dial(Security.TLS)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            socket.getOutputStream().write(new byte[1 << 20]);
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void moreThanWasExpectedIsCutOff() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            while (true) {
                dialogue.say("* OK " + "x".repeat(10_000));
            }
        });
        try (var socket = dial(Security.TLS)) {
            assertThatThrownBy(() -> socket.getInputStream().readNBytes(100 << 10))
                    .as("of a greeting")
                    .isInstanceOf(GuardException.class);
        }
        try (var socket = dial(Security.TLS)) {
            socket.expect(1 << 20);
            assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);
            assertThatThrownBy(() -> socket.getInputStream().readNBytes(100 << 10))
                    .isInstanceOf(GuardException.class);
        }
    }

    @Test
    void whatIsInjectedALittleLaterIsNoTls() {
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("* OK hi");
            var tag = dialogue.line().split(" ", -1)[0];
            dialogue.say(tag + " OK go");
            dialogue.dribble("* PREAUTH you are mallory\r\n", Duration.ofMillis(5));
            dialogue.silence();
        });
        assertThatThrownBy(() -> dial(Security.STARTTLS)).isInstanceOf(UpstreamException.class);
        assertThat(server.received()).first().isEqualTo("S1 STARTTLS");
    }

    @Test
    void anEndlessLineIsCutOff() throws IOException {
        server = ScriptedServer.tls(dialogue -> {
            while (true) {
                dialogue.send("x".repeat(10_000).getBytes(US_ASCII));
            }
        });
        try (var socket = dialer.dial(server.settings(Security.TLS), Dialect.SMTP)) {
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(GuardException.class);
        }
    }

    private GuardedSocket dial(Security security) {
        return dialer.dial(server.settings(security), Dialect.IMAP);
    }

    private static String line(GuardedSocket socket) throws IOException {
        var line = new StringBuilder();
        int octet;
        do {
            octet = socket.getInputStream().read();
            line.append((char) octet);
        } while (octet != '\n' && octet >= 0);
        return line.toString();
    }
}
