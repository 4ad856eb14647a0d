package dev.valija.upstream.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.ScriptedServer;
import dev.valija.support.SmtpSink;
import dev.valija.support.SmtpSink.Cut;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MailTransport;
import dev.valija.upstream.MailTransport.Outcome;
import dev.valija.upstream.MailTransport.Reply;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.UpstreamProperties;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpTransportTest {
    private static final Mail HELLO = Mails.plain("Hello", "Grüße\n.\n..two dots\nend");
    private static final String ANNA = "anna@example.org";
    private static final String BOB = "bob@example.org";
    private static final String CARLA = "carla@example.org";
    private static final MailTransport.Gate NOTHING = refused -> {};

    private final SmtpSink sink = SmtpSink.start();
    private final UpstreamProperties settings = TestUpstream.properties(
            "connect-timeout", "5s",
            "tls-timeout", "5s",
            "greeting-timeout", "5s",
            "read-timeout", "5s",
            "connection-patience", "300ms");
    private final Dialer dialer = new Dialer(settings);
    private SmtpPool pool = new SmtpPool(dialer, settings);

    @AfterEach
    void close() {
        pool.close();
        sink.close();
    }

    @Test
    void aMessageGoesToAllItsRecipientsOctetForOctet() throws Exception {
        var outcome = send(sink.settings(), List.of(BOB, CARLA), HELLO, NOTHING);

        assertThat(outcome).isEqualTo(new Outcome(List.of(BOB, CARLA), Map.of()));
        assertThat(sink.taken()).singleElement().satisfies(taken -> {
            assertThat(taken.from()).isEqualTo(ANNA);
            assertThat(taken.recipients()).containsExactly(BOB, CARLA);
            assertThat(taken.message()).isEqualTo(HELLO.bytes());
        });
        assertThat(sink.transcript()).contains("MAIL FROM:<anna@example.org> SIZE=" + HELLO.size() + " BODY=8BITMIME");
        assertThat(sink.transcript().getFirst()).startsWith("EHLO [").endsWith("]");
    }

    @Test
    void aMessageWithoutALastLineEndGetsOne() throws Exception {
        var bytes = "Subject: x\r\n\r\nno end".getBytes();
        pool.withTransport(
                login(sink.settings()),
                t -> t.send(ANNA, List.of(BOB), new java.io.ByteArrayInputStream(bytes), NOTHING));
        assertThat(sink.taken().getFirst().text()).isEqualTo("Subject: x\r\n\r\nno end\r\n");
    }

    @Test
    void aServerOfFewWordsWillDo() throws Exception {
        sink.announces("AUTH LOGIN");
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(sink.transcript()).contains("MAIL FROM:<anna@example.org>");
        assertThat(sink.taken()).hasSize(1);
    }

    @Test
    void recipientsThatAreRefusedAreReportedAndTheOthersGetIt() throws Exception {
        sink.refuses("RCPT TO:<bob@", 550, "5.1.1 no such user");
        var outcome = send(sink.settings(), List.of(BOB, CARLA), HELLO, NOTHING);
        assertThat(outcome.accepted()).containsExactly(CARLA);
        assertThat(outcome.refused()).isEqualTo(Map.of(BOB, new Reply(550, "5.1.1 no such user")));
        assertThat(sink.taken().getFirst().recipients()).containsExactly(CARLA);
    }

    @Test
    void nothingIsSentWhenAllRecipientsAreRefused() {
        sink.refuses("RCPT TO:<bob@", 550, "no").refuses("RCPT TO:<carla@", 451, "later");
        var gate = new AtomicInteger();
        var rejected =
                rejected(() -> send(sink.settings(), List.of(BOB, CARLA), HELLO, none -> gate.incrementAndGet()));
        assertThat(rejected.replies()).isEqualTo(Map.of(BOB, new Reply(550, "no"), CARLA, new Reply(451, "later")));
        assertThat(rejected.temporary()).isFalse();
        assertThat(gate).hasValue(0);
        assertThat(sink.taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT"})
    void aServerThatWantsAMessageForNobodyGetsNoDot(String refused) {
        sink.refuses(refused, 550, "no").takesDataForNobody();
        var gate = new AtomicInteger();
        rejected(() -> send(sink.settings(), List.of(BOB), HELLO, none -> gate.incrementAndGet()));

        Awaitility.await().until(() -> sink.openConnections() == 0);
        assertThat(gate).hasValue(0);
        assertThat(sink.taken()).isEmpty();
    }

    @Test
    void withoutPipeliningNoDataIsSaidForNobody() throws Exception {
        sink.announces("AUTH PLAIN").refuses("RCPT", 550, "no");
        rejected(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING));
        assertThat(sink.transcript()).doesNotContain("DATA");

        sink.behaves();
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(sink.connections()).as("the connection stays in step").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "DATA"})
    void aRefusalBeforeTheTextIsForTheMessageAsAWhole(String command) throws Exception {
        sink.refuses(command, 452, "4.3.1 full");
        var rejected = rejected(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING));
        assertThat(rejected.replies()).isEqualTo(Map.of("", new Reply(452, "4.3.1 full")));
        assertThat(rejected.temporary()).isTrue();

        sink.behaves();
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(sink.connections()).as("the connection stays in step").isEqualTo(1);
    }

    @Test
    void aRefusalOfTheTextIsForTheMessageAsAWhole() {
        sink.refusesMessages(554, "5.7.1 spam");
        var rejected = rejected(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING));
        assertThat(rejected.replies()).isEqualTo(Map.of("", new Reply(554, "5.7.1 spam")));
        assertThat(rejected.temporary()).isFalse();
    }

    @Test
    void theGateIsPassedOnceBeforeTheFinalDot() throws Exception {
        var taken = new ArrayList<Integer>();
        send(
                sink.settings(),
                List.of(BOB),
                HELLO,
                none -> taken.add(sink.taken().size()));
        assertThat(taken).containsExactly(0);
        assertThat(sink.taken()).hasSize(1);
    }

    @Test
    void aGateThatThrowsStopsTheMessage() {
        assertThatThrownBy(() -> send(sink.settings(), List.of(BOB), HELLO, none -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        Awaitility.await().until(() -> sink.openConnections() == 0);
        assertThat(sink.taken()).isEmpty();
        assertThat(sink.transcript()).doesNotContain("QUIT");
    }

    @Test
    void aMessageThatCannotBeReadIsNotSent() {
        var broken = new InputStream() {
            private int left = 50_000;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw new IOException("disk");
            }
        };
        assertThatThrownBy(() ->
                        pool.withTransport(login(sink.settings()), t -> t.send(ANNA, List.of(BOB), broken, NOTHING)))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
        Awaitility.await().until(() -> sink.openConnections() == 0);
        assertThat(sink.taken()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_RCPT", "IN_DATA"})
    void aLossBeforeTheFinalDotMeansNotSent(Cut where) {
        sink.cuts(where);
        var big = Mails.withAttachment("Big", "big.bin", "application/octet-stream", Mails.noise(3_000_000));
        var gate = new AtomicInteger();
        assertThatThrownBy(() -> send(sink.settings(), List.of(BOB), big, none -> gate.incrementAndGet()))
                .isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(gate).hasValue(0);
        assertThat(sink.taken()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_FINAL_DOT", "AFTER_FINAL_DOT_TAKEN"})
    void aLossAfterTheFinalDotMeansNobodyKnows(Cut where) {
        sink.cuts(where);
        assertThatThrownBy(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING))
                .isInstanceOf(UpstreamException.OutcomeUnknown.class);
        assertThat(sink.taken()).hasSize(where == Cut.AFTER_FINAL_DOT ? 0 : 1);
        assertThat(sink.connections()).as("never tried again by itself").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob@example.org>\r\nRCPT TO:<eve@example.org",
                "bob@example.org\nDATA",
                "bob\0@example.org",
                "bob@example.org> NOTIFY=SUCCESS",
                "bob @example.org",
                "<bob@example.org>",
                "bob",
                "@example.org",
                ""
            })
    void whatIsNoAddressNeverReachesTheServer(String address) throws Exception {
        var rejected = rejected(() -> send(sink.settings(), List.of(address), HELLO, NOTHING));
        assertThat(rejected.replies().get(address).code()).isEqualTo(553);
        var outcome = send(sink.settings(), List.of(address, BOB), HELLO, NOTHING);
        assertThat(outcome.accepted()).containsExactly(BOB);
        assertThat(outcome.refused()).containsOnlyKeys(address);
        assertThat(sink.transcript())
                .filteredOn(line -> line.startsWith("RCPT"))
                .containsExactly("RCPT TO:<bob@example.org>");
    }

    @Test
    void aSenderThatIsNoAddressNeverReachesTheServer() {
        var rejected = rejected(() -> pool.withTransport(
                login(sink.settings()), t -> t.send("a@b>\r\nRSET", List.of(BOB), HELLO.stream(), NOTHING)));
        assertThat(rejected.replies()).containsOnlyKeys("");
        assertThat(sink.transcript()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    void addressesBeyondAsciiGoWhereTheServerTakesThem() throws Exception {
        var outcome = send(sink.settings(), List.of("jürgen@example.org", "bob@bücher.example"), HELLO, NOTHING);
        assertThat(outcome.accepted()).hasSize(2);
        assertThat(sink.transcript())
                .anyMatch(line -> line.startsWith("MAIL") && line.endsWith(" SMTPUTF8"))
                .contains("RCPT TO:<jürgen@example.org>", "RCPT TO:<bob@xn--bcher-kva.example>");

        sink.announces("AUTH PLAIN", "8BITMIME");
        pool.forget(1);
        var partly = send(sink.settings(), List.of("jürgen@example.org", "bob@bücher.example"), HELLO, NOTHING);
        assertThat(partly.accepted()).containsExactly("bob@bücher.example");
        assertThat(partly.refused()).containsOnlyKeys("jürgen@example.org");
    }

    @Test
    void aHeaderBeyondAsciiIsAnnouncedWhereThatCanBe() throws Exception {
        var mail = Mails.eightBitHeader("Grüße");
        send(sink.settings(), List.of(BOB), mail, NOTHING);
        send(sink.settings(), List.of(BOB), Mails.inCharset("Hi", "Grüße", StandardCharsets.UTF_8), NOTHING);
        sink.announces("AUTH PLAIN", "8BITMIME");
        pool.forget(1);
        send(sink.settings(), List.of(BOB), mail, NOTHING);
        assertThat(sink.transcript())
                .filteredOn(line -> line.startsWith("MAIL"))
                .map(line -> line.endsWith(" SMTPUTF8"))
                .containsExactly(true, false, false);
        assertThat(sink.taken().getFirst().message()).isEqualTo(mail.bytes());
    }

    @Test
    void aMessageTooLargeIsNotEvenOffered() {
        sink.announces("AUTH PLAIN", "SIZE 100");
        var rejected = rejected(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING));
        assertThat(rejected.replies().get("").code()).isEqualTo(552);
        assertThat(sink.transcript()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    void theSizeLimitIsTold() throws Exception {
        Long limit = pool.withTransport(login(sink.settings()), t -> t.sizeLimit());
        assertThat(limit).isEqualTo(10_000_000);
    }

    @Test
    void aWrongPasswordIsRejectedAndTemporaryTroubleIsNot() {
        var wrong = new ServerLogin(1, sink.settings(), sink.settings(), new Credentials(ANNA, "wrong"));
        assertThatThrownBy(() -> pool.withTransport(wrong, t -> t.sizeLimit()))
                .isInstanceOf(UpstreamException.CredentialsRejected.class);
        sink.refuses("AUTH", 454, "4.7.0 not now");
        assertThatThrownBy(() -> pool.withTransport(login(sink.settings()), t -> t.sizeLimit()))
                .isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void starttlsIsUsedWhenAskedForAndThenRequired() throws Exception {
        try (var starttls = SmtpSink.startWithStarttls();
                var plain = SmtpSink.startPlain()) {
            send(starttls.settings(), List.of(BOB), HELLO, NOTHING);
            assertThat(starttls.taken()).hasSize(1);
            assertThat(starttls.transcript())
                    .containsSubsequence(
                            "STARTTLS", "MAIL FROM:<anna@example.org> SIZE=" + HELLO.size() + " BODY=8BITMIME");

            assertThatThrownBy(() -> send(plain.settings(), List.of(BOB), HELLO, NOTHING))
                    .isInstanceOf(UpstreamException.NoTls.class);
            var implicit = new ServerSettings("localhost", plain.settings().port(), Security.TLS);
            assertThatThrownBy(() -> send(implicit, List.of(BOB), HELLO, NOTHING))
                    .isInstanceOf(UpstreamException.NoTls.class);
            assertThat(plain.transcript()).noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void aServerThatTurnsUsAwayIsUnavailable() {
        try (var busy = ScriptedServer.tls(dialogue -> dialogue.say("421 too busy"))) {
            assertThatThrownBy(() -> send(busy.settings(Security.TLS), List.of(BOB), HELLO, NOTHING))
                    .isInstanceOf(UpstreamException.Unavailable.class);
        }
    }

    @Test
    void anEndlessReplyIsCutOff() {
        ScriptedServer.Script endless = dialogue -> {
            dialogue.say("220 hello");
            dialogue.line();
            while (true) {
                dialogue.say("250-" + "x".repeat(4000));
            }
        };
        try (var server = ScriptedServer.tls(endless)) {
            assertThatThrownBy(() -> send(server.settings(Security.TLS), List.of(BOB), HELLO, NOTHING))
                    .isInstanceOf(UpstreamException.ProtocolViolation.class);
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        }
        assertThat(sink.taken()).hasSize(3);
        assertThat(sink.connections()).isEqualTo(1);
    }

    @Test
    void aConnectionTheServerClosedMeanwhileIsReplacedUnnoticed() throws Exception {
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        sink.dropsConnections();
        Awaitility.await().until(() -> sink.openConnections() == 0);
        var outcome = send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(outcome.accepted()).containsExactly(BOB);
        assertThat(sink.taken()).hasSize(2);
    }

    @Test
    void aDoubtfulConnectionIsAskedFirst() throws Exception {
        pool = new SmtpPool(dialer, settings, Duration.ZERO, Duration.ofMinutes(1));
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(sink.transcript()).containsOnlyOnce("RSET");
        assertThat(sink.connections()).isEqualTo(1);
    }

    @Test
    void unusedConnectionsAreClosedWithAGoodbye() throws Exception {
        pool = new SmtpPool(dialer, settings, Duration.ofMinutes(1), Duration.ofMillis(50));
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        Awaitility.await().until(() -> sink.openConnections() == 0);
        assertThat(sink.transcript()).endsWith("QUIT");
    }

    @Test
    void forgettingAnAccountClosesItsConnections() throws Exception {
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        pool.forget(1);
        Awaitility.await().until(() -> sink.openConnections() == 0);
    }

    @Test
    void anAccountHasTwoConnectionsAtMost() throws Exception {
        var reply = new CountDownLatch(1);
        sink.holdsReplies(reply);
        var senders = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++) {
            senders.add(Thread.startVirtualThread(() -> {
                try {
                    send(sink.settings(), List.of(BOB), HELLO, NOTHING);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        Awaitility.await().until(() -> sink.taken().size() == 2);
        assertThatThrownBy(() -> send(sink.settings(), List.of(BOB), HELLO, NOTHING))
                .isInstanceOf(UpstreamException.Unavailable.class);
        reply.countDown();
        for (var sender : senders) {
            sender.join();
        }
        send(sink.settings(), List.of(BOB), HELLO, NOTHING);
        assertThat(sink.connections()).isEqualTo(2);
    }

    private Outcome send(ServerSettings server, List<String> recipients, Mail mail, MailTransport.Gate gate)
            throws IOException {
        return pool.withTransport(login(server), transport -> transport.send(ANNA, recipients, mail.stream(), gate));
    }

    private static ServerLogin login(ServerSettings server) {
        return new ServerLogin(1, server, server, new Credentials(ANNA, SmtpSink.PASSWORD));
    }

    private static UpstreamException.Rejected rejected(org.assertj.core.api.ThrowableAssert.ThrowingCallable send) {
        var rejected = catchThrowableOfType(UpstreamException.Rejected.class, send);
        assertThat(rejected).as("rejected").isNotNull();
        return rejected;
    }
}
