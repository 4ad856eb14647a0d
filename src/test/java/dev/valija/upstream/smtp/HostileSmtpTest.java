package dev.valija.upstream.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.ScriptedServer.Dialogue;
import dev.valija.support.ScriptedServer.Script;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MailTransport.Outcome;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.UpstreamProperties;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Submission servers that flood, dawdle or ask for what is not theirs. */
class HostileSmtpTest {
    private final UpstreamProperties settings = TestUpstream.properties("read-timeout", "500ms");
    private final Dialer dialer = new Dialer(settings);
    private final SmtpPool pool = new SmtpPool(dialer, settings);
    private ScriptedServer server;

    @AfterEach
    void stop() {
        pool.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aReplyOfAMillionLinesIsCutOff() {
        serve(dialogue -> {
            dialogue.say("220 hello");
            dialogue.line();
            for (int i = 0; i < 1_000_000; i++) {
                dialogue.say("250-X" + i);
            }
            dialogue.say("250 done");
        });
        assertThatThrownBy(this::send).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void aReplyThatDribblesForEverIsGivenUp(String where) {
        serve(usual(where, dialogue -> {
            while (true) {
                dialogue.dribble(
                        "250-please wait a little longer, until everything is ready\r\n", Duration.ofMillis(5));
            }
        }));
        assertThatThrownBy(this::send)
                .isInstanceOfAny(UpstreamException.TimedOut.class, UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aGoAheadThatNeverComesIsGivenUp() {
        serve(usual("DATA", Dialogue::silence));
        assertThatThrownBy(this::send).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aServerThatDoesNotReadTheMessageIsGivenUp() {
        serve(usual("DATA", dialogue -> {
            dialogue.say("354 go on");
            dialogue.neverRead();
        }));
        assertThatThrownBy(() -> send(64 << 20)).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "PLAIN LOGIN"})
    void aServerThatAsksAgainAndAgainIsTheNameAndPasswordToldOnce(String mechanisms) {
        serve(dialogue -> {
            dialogue.say("220 hello");
            dialogue.line();
            dialogue.say("250-here", "250 AUTH " + mechanisms);
            while (true) {
                dialogue.line();
                dialogue.say("334 ");
            }
        });
        assertThatThrownBy(this::send).isInstanceOf(UpstreamException.class);
        assertThat(server.received().stream().filter(line -> line.contains("c2VjcmV0")))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(server.received()).hasSizeLessThan(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE 0", "SIZE -1", "SIZE 99999999999999999999999", "SIZE x", "SIZE"})
    void aSizeThatIsNoneIsNoLimit(String size) throws IOException {
        serve(dialogue -> {
            dialogue.say("220 hello");
            dialogue.line();
            dialogue.say("250-here", "250-" + size, "250 AUTH PLAIN");
            answer(dialogue);
        });
        assertThat(send().accepted()).containsExactly("bob@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT TO:<a>\r\nDATA", "NOOP\nDATA", "NOOP \0", "NOOP \ud800"})
    void aCommandThatWouldBeTwoIsNotSaid(String command) {
        serve(usual("", dialogue -> {}));
        var connection = SmtpConnection.open(dialer, login(), Duration.ofSeconds(2));
        assertThatThrownBy(() -> connection.say(List.of(command))).isInstanceOf(UpstreamException.class);
        connection.abort();
        assertThat(server.received()).noneMatch(line -> line.startsWith("DATA") || line.startsWith("NOOP"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"an\0na", "an\r\nna", "an\ud800na"})
    void whatCannotBePartOfALineIsNoUserNameOrPassword(String text) {
        serve(usual("", dialogue -> {}));
        for (var credentials : List.of(new Credentials(text, "secret"), new Credentials("anna", text))) {
            var login = new ServerLogin(1, login().store(), login().transport(), credentials);
            assertThatThrownBy(() -> SmtpConnection.open(dialer, login, Duration.ofSeconds(2)))
                    .isInstanceOf(UpstreamException.CredentialsRejected.class);
        }
        assertThat(server.received()).isEmpty();
    }

    /** A server as it should be, up to that command. */
    private static Script usual(String until, Script then) {
        return dialogue -> {
            dialogue.say("220 hello");
            String first = dialogue.line();
            if (first.startsWith(until) && !until.isEmpty()) {
                then.run(dialogue);
            }
            dialogue.say("250-here", "250 AUTH PLAIN");
            while (true) {
                String command = dialogue.line().toUpperCase(Locale.ROOT);
                if (!until.isEmpty() && command.startsWith(until)) {
                    then.run(dialogue);
                }
                dialogue.say(command.startsWith("AUTH") ? "235 welcome" : "250 ok");
            }
        };
    }

    private static void answer(Dialogue dialogue) throws IOException {
        boolean data = false;
        while (true) {
            String line = dialogue.line();
            if (!data) {
                data = line.equals("DATA");
                dialogue.say(line.startsWith("AUTH") ? "235 welcome" : data ? "354 go on" : "250 ok");
            } else if (line.equals(".")) {
                data = false;
                dialogue.say("250 taken");
            }
        }
    }

    private Outcome send() throws IOException {
        return send(10);
    }

    private Outcome send(int size) throws IOException {
        return pool.withTransport(
                login(),
                transport -> transport.send(
                        "anna@example.org",
                        List.of("bob@example.org"),
                        new ByteArrayInputStream(new byte[size]),
                        refused -> {}));
    }

    private ServerLogin login() {
        var settings = server.settings(Security.TLS);
        return new ServerLogin(1, settings, settings, new Credentials("anna@example.org", "secret"));
    }

    private void serve(Script script) {
        server = ScriptedServer.tls(script);
    }
}
