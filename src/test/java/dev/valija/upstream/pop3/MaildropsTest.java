package dev.valija.upstream.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Maildrop;
import dev.valija.upstream.Maildrop.Entry;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.Security;
import dev.valija.upstream.Upstream.MaildropWork;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaildropsTest {
    private static final String HELLO = "Subject: Hello\r\n\r\nHello\r\n";

    private final Maildrops maildrops = new Maildrops(
            new Dialer(TestUpstream.properties()),
            TestUpstream.properties("connect-timeout", "5s", "tls-timeout", "5s", "read-timeout", "5s"));
    private final PlayedMaildrop played = new PlayedMaildrop().holds(HELLO, "Subject: Second\r\n\r\n");
    private ScriptedServer server = ScriptedServer.tls(played);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void messagesAreListedTakenAndDeletedWhenTheSessionEnds() throws IOException {
        List<Entry> listed = with(maildrop -> {
            var entries = maildrop.list();
            assertThat(taken(maildrop, entries.getFirst())).isEqualTo(HELLO);
            maildrop.delete(entries.get(1));
            assertThat(played.ended()).isEmpty();
            maildrop.quit();
            return entries;
        });
        assertThat(listed)
                .containsExactly(
                        new Entry(1, "name-1", HELLO.length()),
                        new Entry(2, "name-2", "Subject: Second\r\n\r\n".length()));
        assertThat(played.ended()).containsExactly(Set.of(2));
    }

    @Test
    void workThatDoesNotEndTheSessionDeletesNothing() throws IOException {
        with(maildrop -> {
            maildrop.delete(maildrop.list().getFirst());
            return null;
        });
        assertThat(server.received()).contains("DELE 1").doesNotContain("QUIT");
        assertThat(played.ended()).isEmpty();
    }

    @Test
    void aServerOfFewWordsWillDo() throws IOException {
        played.at("CAPA", dialogue -> dialogue.say("-ERR what"));
        assertThat(with(Maildrop::list)).hasSize(2);
        assertThat(server.received()).contains("USER anna", "PASS secret");
    }

    @Test
    void aServerThatWantsStarttlsIsSpokenToWithinTls() throws IOException {
        server.close();
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("+OK hello");
            assertThat(dialogue.line()).isEqualTo("STLS");
            dialogue.say("+OK");
            dialogue.startTls();
            played.converse(dialogue);
        });
        assertThat(with(Security.STARTTLS, "secret", Maildrop::list)).hasSize(2);
    }

    @Test
    void aServerWithoutTlsIsToldNothing() {
        server.close();
        server = ScriptedServer.plain(dialogue -> {
            dialogue.say("+OK hello");
            dialogue.line();
            dialogue.say("-ERR what");
            dialogue.line();
        });
        assertThatThrownBy(() -> with(Security.STARTTLS, "secret", Maildrop::list))
                .isInstanceOf(UpstreamException.NoTls.class);
        assertThat(server.received()).containsExactly("STLS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                ".\r\n",
                "..\r\n.\r\n",
                "a\r\n.b\r\n...\r\n",
                "bare\n.\nlines\n..\n\r\n",
                "\r\r\n.\r.\r\n",
                "a\r.\rb\r\n",
                ".\rb\r\n",
                "\0\u00ff\r\n",
            })
    void octetsComeAsTheyAre(String text) throws IOException {
        var kept = new PlayedMaildrop().holds(text, HELLO);
        server.close();
        server = ScriptedServer.tls(kept);
        with(maildrop -> {
            var entries = maildrop.list();
            assertThat(taken(maildrop, entries.get(0))).isEqualTo(text);
            assertThat(taken(maildrop, entries.get(1))).as("still in step").isEqualTo(HELLO);
            return null;
        });
    }

    @Test
    void randomOctetsComeAsTheyAre() throws IOException {
        var random = new Random(7);
        var texts = new String[30];
        for (int i = 0; i < texts.length; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(60_000); n > 0; n--) {
                text.append("....\r\r\n\nab".charAt(random.nextInt(10)));
            }
            texts[i] = text.append("\r\n").toString();
        }
        server.close();
        server = ScriptedServer.tls(new PlayedMaildrop().holds(texts));
        with(maildrop -> {
            for (var entry : maildrop.list()) {
                assertThat(taken(maildrop, entry)).isEqualTo(texts[entry.number() - 1]);
            }
            return null;
        });
    }

    @Test
    void aLargeMessageComesInPieces() throws IOException {
        long octets = 50L << 20;
        played.at("RETR 1", dialogue -> {
            byte[] lines = (".".repeat(62) + "\r\n").repeat(1024).getBytes(StandardCharsets.US_ASCII);
            dialogue.say("+OK");
            for (long sent = 0; sent < octets; sent += lines.length) {
                dialogue.send(lines);
            }
            dialogue.say(".");
        });
        var counts = new long[2];
        with(maildrop -> {
            maildrop.retrieve(maildrop.list().getFirst(), new java.io.OutputStream() {
                @Override
                public void write(int octet) {
                    throw new AssertionError("one by one");
                }

                @Override
                public void write(byte[] octets, int offset, int length) {
                    counts[0] += length;
                    counts[1] = Math.max(counts[1], length);
                }
            });
            return null;
        });
        assertThat(counts[0]).isEqualTo(octets / 64 * 63);
        assertThat(counts[1]).isLessThanOrEqualTo(16 << 10);
    }

    @Test
    void aMessageThatTheServerDoesNotGiveLeavesTheSessionInStep() throws IOException {
        played.at("RETR 1", dialogue -> dialogue.say("-ERR [SYS/TEMP] not now"));
        with(maildrop -> {
            var entries = maildrop.list();
            assertThatThrownBy(() -> taken(maildrop, entries.getFirst()))
                    .isInstanceOf(UpstreamException.NotFound.class);
            assertThat(taken(maildrop, entries.get(1))).startsWith("Subject: Second");
            maildrop.quit();
            return null;
        });
        assertThat(played.ended()).hasSize(1);
    }

    @Test
    void aNameOfSeveralMessagesOrNoneIsNoName() throws IOException {
        played.at("UIDL", dialogue -> dialogue.say("+OK", "1 same", "2 same", "7 nobody", "x", "."));
        assertThat(with(Maildrop::list)).extracting(Entry::uidl).containsExactly(null, null);
        played.at("UIDL", dialogue -> dialogue.say("+OK", "2 b\u00e9", "1 a", "."));
        assertThat(with(Maildrop::list)).extracting(Entry::uidl).containsExactly("a", null);
    }

    @Test
    void aServerWithoutNamesIsRefused() {
        played.at("UIDL", dialogue -> dialogue.say("-ERR what"));
        assertThatThrownBy(() -> with(Maildrop::list)).isInstanceOf(UpstreamException.NotSupported.class);
    }

    @Test
    void whetherMailCanBeCollectedIsKnownWithoutAList() throws IOException {
        with(MaildropsTest::checked);
        assertThat(server.received()).contains("STAT", "UIDL 1").doesNotContain("LIST", "UIDL");
        played.at("STAT", dialogue -> dialogue.say("+OK 0 0"));
        played.at("UIDL", dialogue -> dialogue.say("-ERR what"));
        with(MaildropsTest::checked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+OK 2 320", "+OK 200001 320", "-ERR what", "+OK", "+OK many"})
    void whereItCannotThatIsTold(String answer) {
        played.at("STAT", dialogue -> dialogue.say(answer));
        played.at("UIDL", dialogue -> dialogue.say("-ERR what"));
        assertThatThrownBy(() -> with(MaildropsTest::checked)).isInstanceOf(UpstreamException.NotSupported.class);
    }

    private static Maildrop checked(Maildrop maildrop) {
        maildrop.check();
        return maildrop;
    }

    @Test
    void whatTheServerDidNotDeleteAtTheEndIsTold() {
        played.at("QUIT", dialogue -> dialogue.say("-ERR some deleted messages not removed"));
        assertThatThrownBy(() -> with(maildrop -> {
                    maildrop.quit();
                    return null;
                }))
                .isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aWrongPasswordIsTold() {
        assertThatThrownBy(() -> with(Security.TLS, "wrong", Maildrop::list))
                .isInstanceOf(UpstreamException.CredentialsRejected.class);
        played.announces("UIDL");
        assertThatThrownBy(() -> with(Security.TLS, "wrong", Maildrop::list))
                .isInstanceOf(UpstreamException.CredentialsRejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ERR [IN-USE] Do you have another POP session running?",
                "-ERR [LOGIN-DELAY] wait",
                "-ERR [SYS/TEMP] later",
                "-ERR maildrop already locked",
                "-ERR Temporary failure",
            })
    void aServerThatIsBusyDoesNotMakeThePasswordWrong(String refusal) {
        played.announces("UIDL").at("PASS", dialogue -> dialogue.say(refusal));
        assertThatThrownBy(() -> with(Maildrop::list)).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aServerWithCodesCallsAWrongPasswordWrong() {
        played.announces("AUTH-RESP-CODE").at("PASS", dialogue -> dialogue.say("-ERR something is down"));
        assertThatThrownBy(() -> with(Maildrop::list)).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aLoginIsUsedSixTimesAMinuteAndNoMore() throws IOException {
        for (int i = 0; i < 6; i++) {
            with(Maildrop::list);
        }
        assertThatThrownBy(() -> with(Maildrop::list))
                .isInstanceOfSatisfying(
                        UpstreamException.Unavailable.class,
                        e -> assertThat(e.retryAfter().orElseThrow()).isPositive());
        assertThat(server.connections()).isEqualTo(6);
    }

    @Test
    void whatItsReceiverThrowsEndsTheSession() {
        var full = new IOException("disk full");
        assertThatThrownBy(() -> with(maildrop -> {
                    var first = maildrop.list().getFirst();
                    assertThatThrownBy(() -> maildrop.retrieve(first, new java.io.OutputStream() {
                                @Override
                                public void write(int octet) throws IOException {
                                    throw full;
                                }
                            }))
                            .isSameAs(full);
                    maildrop.quit();
                    return null;
                }))
                .isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(played.ended()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAPA", "AUTH", "LIST", "UIDL", "RETR", "DELE", "QUIT"})
    void aConnectionThatIsCutIsTold(String command) {
        var reached = new AtomicInteger();
        played.at(command, dialogue -> {
            reached.incrementAndGet();
            if (command.equals("RETR")) {
                dialogue.say("+OK", "Subject: half of ");
            }
            dialogue.cut();
        });
        assertThatThrownBy(() -> with(maildrop -> {
                    var first = maildrop.list().getFirst();
                    taken(maildrop, first);
                    maildrop.delete(first);
                    maildrop.quit();
                    return null;
                }))
                .isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(reached).hasValue(1);
        assertThat(played.ended()).isEmpty();
    }

    private static String taken(Maildrop maildrop, Entry entry) throws IOException {
        var out = new ByteArrayOutputStream();
        maildrop.retrieve(entry, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private <T> T with(MaildropWork<T, IOException> work) throws IOException {
        return with(Security.TLS, "secret", work);
    }

    private <T> T with(Security security, String password, MaildropWork<T, IOException> work) throws IOException {
        return maildrops.with(new MaildropLogin(server.settings(security), new Credentials("anna", password)), work);
    }
}
