package dev.valija.upstream.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.ScriptedServer.Dialogue;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Maildrop;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.Security;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POP3 servers that flood, dawdle or lie. */
class HostilePop3Test {
    private final Maildrops maildrops = new Maildrops(
            new Dialer(TestUpstream.properties("greeting-timeout", "500ms")),
            TestUpstream.properties("read-timeout", "500ms"));
    private final PlayedMaildrop played = new PlayedMaildrop().holds("Subject: x\r\n\r\n");
    private final ScriptedServer server = ScriptedServer.tls(played);

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAPA", "AUTH", "LIST", "UIDL", "RETR", "DELE", "QUIT"})
    void anAnswerThatNeverComesIsGivenUp(String command) {
        played.at(command, Dialogue::silence);
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAPA", "AUTH", "LIST", "UIDL", "RETR", "DELE", "QUIT"})
    void anAnswerWithoutEndIsCutOff(String command) {
        played.at(command, dialogue -> {
            byte[] flood = "x".repeat(64 << 10).getBytes();
            dialogue.send("+OK ".getBytes());
            while (true) {
                dialogue.send(flood);
            }
        });
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAPA", "AUTH", "LIST", "UIDL", "RETR", "DELE", "QUIT"})
    void whatIsNoAnswerEndsTheSession(String command) {
        played.at(command, dialogue -> dialogue.say("* OK this is IMAP"));
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIST", "UIDL"})
    void aListWithoutEndIsCutOff(String command) {
        played.at(command, dialogue -> {
            var rows = new StringBuilder("+OK\r\n");
            for (int i = 0; i < 1000; i++) {
                rows.append("1 1\r\n");
            }
            while (true) {
                dialogue.send(rows.toString().getBytes());
            }
        });
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2000000 1", "999999999 1"})
    void aNumberThatWouldTakeAllMemoryIsRefused(String row) {
        played.at("LIST", dialogue -> dialogue.say("+OK", row, "."));
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void rowsThatAreNoneArePassedOver() throws IOException {
        played.at(
                "LIST",
                dialogue -> dialogue.say("+OK", "0 1", "-1 5", "", "x y", "99999999999999 1", "1 -7", "..2 2", "."));
        maildrops.with(login("anna"), maildrop -> {
            assertThat(maildrop.list()).containsExactly(new Maildrop.Entry(1, "name-1", 0));
            return null;
        });
    }

    @Test
    void aMessageSaidToBeMonstrousIsNotAskedFor() {
        played.at("LIST", dialogue -> dialogue.say("+OK", "1 99999999999", "."));
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.NotSupported.class);
        assertThat(server.received()).noneMatch(line -> line.startsWith("RETR"));
    }

    @Test
    void aMessageWithoutEndIsCutOff() {
        played.at("RETR", dialogue -> {
            byte[] lines = "no end in sight, although its size was told\r\n"
                    .repeat(1000)
                    .getBytes();
            dialogue.say("+OK");
            while (true) {
                dialogue.send(lines);
            }
        });
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aMessageThatDribblesForEverIsGivenUp() {
        played.at("RETR", dialogue -> {
            dialogue.say("+OK");
            while (true) {
                dialogue.dribble("Subject: wait\r\n", Duration.ofMillis(20));
            }
        });
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void anAnswerBeforeItsCommandEndsTheSession() {
        played.at("LIST", dialogue -> dialogue.say("+OK", "1 14", ".", "+OK", "1 other", "."));
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aServerThatAsksAgainAndAgainIsToldNameAndPasswordOnce() {
        played.at("AUTH", dialogue -> {
            while (true) {
                dialogue.say("+ ");
                dialogue.line();
            }
        });
        assertThatThrownBy(() -> collect("anna")).isInstanceOf(UpstreamException.class);
        assertThat(server.received()).filteredOn("AGFubmEAc2VjcmV0"::equals).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"an\0na", "an\r\nna", "an\ud800na"})
    void whatCannotBePartOfALineIsNoUserName(String name) {
        assertThatThrownBy(() -> collect(name)).isInstanceOf(UpstreamException.CredentialsRejected.class);
        assertThat(server.received()).isEmpty();
    }

    private void collect(String name) throws IOException {
        maildrops.with(login(name), maildrop -> {
            var first = maildrop.list().getFirst();
            maildrop.retrieve(first, OutputStream.nullOutputStream());
            maildrop.delete(first);
            maildrop.quit();
            return null;
        });
    }

    private MaildropLogin login(String name) {
        return new MaildropLogin(server.settings(Security.TLS), new Credentials(name, "secret"));
    }
}
