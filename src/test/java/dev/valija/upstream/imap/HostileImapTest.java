package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lie, flood, dawdle or put answers into our mouth. What they would take of memory: HostileServersIT. */
class HostileImapTest {
    private static final String CAPABILITIES = "IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE LITERAL+ ESEARCH";
    private static final String ENVELOPE =
            "(\"Mon, 2 Feb 2026 10:00:00 +0000\" \"Hello\" ((NIL NIL \"anna\" \"example.org\")) NIL NIL NIL NIL NIL NIL NIL)";
    private static final String STRUCTURE = "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 5 1)";

    private final TestUpstream upstream = new TestUpstream("read-timeout", "500ms", "connection-patience", "2s");
    private ScriptedServer server;

    @AfterEach
    void stop() {
        upstream.close();
        if (server != null) {
            server.close();
        }
    }

    // Answers out of turn

    @Test
    void anAnswerToNoCommandEndsTheConnection() {
        serve(inbox(3).on("UID SEARCH .*", "ZZ9 OK nobody asked", "{tag} OK"));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aSecondAnswerToACommandEndsTheConnection() {
        serve(inbox(3).on("UID SEARCH .*", "* ESEARCH UID ALL 1:3", "{tag} OK", "{tag} OK again"));
        assertThatThrownBy(() -> store(store -> {
                    window(store);
                    return window(store);
                }))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    /** Tags are counted up, so the next is known before it is said. */
    @Test
    void anAnswerThatComesBeforeItsCommandIsNone() {
        serve(inbox(3).on("UID SEARCH .*", (dialogue, tag, command) -> {
            String letters = tag.replaceAll("[0-9]+", "");
            String next = letters + (Integer.parseInt(tag.substring(letters.length())) + 1);
            dialogue.send(
                    ("* ESEARCH UID ALL 1:3\r\n" + tag + " OK done\r\n* ESEARCH UID ALL 1:2\r\n" + next + " OK\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }));
        assertThatThrownBy(() -> store(store -> {
                    window(store);
                    return window(store);
                }))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void answersToSeveralCommandsMayComeInAnyOrder() {
        serve(new ImapScript("IMAP4rev1")
                .on("LIST .*", (dialogue, tag, command) -> {
                    String lsub = dialogue.line();
                    dialogue.say(
                            "* LSUB () \"/\" INBOX",
                            lsub.substring(0, lsub.indexOf(' ')) + " OK",
                            "* LIST () \"/\" INBOX",
                            tag + " OK");
                })
                .on("STATUS .*", "* STATUS INBOX (MESSAGES 1 UNSEEN 0)", "{tag} OK"));
        assertThat(store(MailStore::mailboxes)).extracting(RemoteMailbox::name).containsExactly("INBOX");
    }

    // Passwords

    @ParameterizedTest
    @ValueSource(strings = {"IMAP4rev1", "IMAP4rev1 AUTH=PLAIN", "IMAP4rev1 AUTH=PLAIN SASL-IR"})
    void aWishToHearMoreIsGrantedOnceAndOnlyForThePassword(String capabilities) {
        serve(new ImapScript(capabilities).on("(LOGIN|AUTHENTICATE) .*", (dialogue, tag, command) -> {
            dialogue.say("+ ", "+ ", "+ ");
            dialogue.silence();
        }));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThat(server.received().stream().filter(line -> line.startsWith("AGFubmE")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aWishToHearMoreElsewhereEndsTheConnection() {
        serve(inbox(3).on("UID SEARCH .*", "+ your password please", "{tag} OK"));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @Test
    void aGreetingThatSignsUsInIsRefusedAndNoPasswordShown() {
        serve(inbox(1).greeting("* PREAUTH you are mallory"));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"an\0na", "an\rna", "an\nna", "an\r\nA9 LOGOUT\r\nna", "an\uD800na", "\uDC00"})
    void whatCannotBePartOfALineIsNoUserNameOrPassword(String text) {
        serve(inbox(1));
        var settings = server.settings(Security.TLS);
        for (var credentials : List.of(new Credentials(text, "secret"), new Credentials("anna", text))) {
            var login = new ServerLogin(1, settings, settings, credentials);
            assertThatThrownBy(() -> upstream.upstream().verify(login))
                    .isInstanceOf(UpstreamException.CredentialsRejected.class);
        }
        assertThat(server.received()).isEmpty();
    }

    /** DESIGN §6: at most 6 a minute, however often somebody asks. */
    @Test
    void aServerThatHangsUpAfterEachSignInIsLeftAlone() {
        serve(new ImapScript(CAPABILITIES).on("(SELECT|NOOP|LIST) .*", (dialogue, tag, command) -> {
            dialogue.say("* BYE changed my mind");
            dialogue.cut();
        }));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(this::found).isInstanceOf(UpstreamException.Unavailable.class);
        }
        assertThat(server.received().stream().filter(line -> line.contains("AUTHENTICATE")))
                .hasSize(6);
    }

    @Test
    void aServerThatFloodsAfterEachSignInIsLeftAlone() {
        serve(inbox(3).on("UID SEARCH .*", "* ESEARCH UID ALL 1:4294967295", "{tag} OK"));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(this::found).isInstanceOf(UpstreamException.class);
        }
        assertThat(server.received().stream().filter(line -> line.contains("AUTHENTICATE")))
                .hasSizeLessThanOrEqualTo(7);
    }

    // What was not asked for

    @Test
    void rowsNobodyAskedForAreNoMail() {
        serve(inbox(3).on(
                        "(UID )?FETCH .*",
                        row(1, 1),
                        row(2, 2),
                        row(3, 3),
                        row(4, 4),
                        row(900, 900),
                        row(3, 33),
                        row(3, 3),
                        "{tag} OK"));
        assertThat(store(store -> store.newest("INBOX", 2)).messages())
                .extracting(RemoteMessage::id)
                .containsExactly(id(7, 3), id(7, 2));
        assertThat(fetched(2)).containsExactly(id(7, 2));
    }

    @Test
    void unreadableRowsNobodyAskedForAreNotLookedAtAgain() {
        serve(inbox(3).on("UID FETCH 2 .*ENVELOPE.*", (dialogue, tag, command) -> {
            for (int uid = 10; uid < 1000; uid++) {
                dialogue.say("* " + uid + " FETCH (UID " + uid + " ENVELOPE ((((");
            }
            dialogue.say(row(2, 2), tag + " OK");
        }));
        assertThat(fetched(2)).containsExactly(id(7, 2));
        assertThat(server.received().stream().filter(line -> line.contains("UID FETCH")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7 3 9", "7 1:4294967295 1:4294967295", "7 2:3 9", "0 2 9", "4294967296 2 9"})
    void aMoveOfWhatWasNotMovedIsNotBelieved(String copied) {
        assertThat(movedAs(copied)).isEmpty();
    }

    @Test
    void ofAMoveOnlyWhatWasAskedForIsBelieved() {
        assertThat(movedAs("7 1:3 8:10")).containsExactlyEntriesOf(Map.of(id(7, 2), id(7, 9)));
        assertThatThrownBy(() -> movedAs("7 2 0")).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    private Map<RemoteId, RemoteId> movedAs(String copied) {
        serve(inbox(3).on("UID MOVE 2 .*", "* OK [COPYUID " + copied + "] moved", "{tag} OK"));
        return store(store -> store.move("INBOX", List.of(id(7, 2)), "Trash"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7 0", "7 4294967296", "0 5", "-7 5", "99999999999 5"})
    void aPlaceThatCannotBeIsNone(String appended) {
        serve(inbox(3).on("APPEND .*", "{tag} OK [APPENDUID " + appended + "] done"));
        RemoteId place = store(store -> append(store, 10));
        assertThat(place).isNull();
    }

    @Test
    void aSecondBodyBehindTheOneAskedForIsNotWritten() {
        serve(inbox(3).on("UID FETCH 2 .*", (dialogue, tag, command) -> {
            for (int i = 0; i < 1000; i++) {
                dialogue.say("* 2 FETCH (UID 2 BODY[] {5}", "hello)");
            }
            dialogue.say(tag + " OK");
        }));
        var out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> raw(out)).isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThat(out.size()).isLessThanOrEqualTo(5);
    }

    @Test
    void aQuotedBodyIsWrittenOnce() {
        serve(inbox(3).on("UID FETCH 2 .*", (dialogue, tag, command) -> {
            for (int i = 0; i < 1000; i++) {
                dialogue.say("* 2 FETCH (UID 2 BODY[] \"hello\")");
            }
            dialogue.say(tag + " OK");
        }));
        var out = new ByteArrayOutputStream();
        raw(out);
        assertThat(out.toString()).isEqualTo("hello");
    }

    @Test
    void aPageHoldsNoMoreThanWasAskedFor() {
        serve(inbox(CAPABILITIES + " SORT ESORT CONTEXT=SEARCH", 3)
                .on("UID SORT .*", "* ESEARCH UID COUNT 3 PARTIAL (1:2 1:4000000)", "{tag} OK"));
        assertThatThrownBy(() -> store(store -> store.search("INBOX", null, SortOrder.NEWEST_FIRST, 0, 2)))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    // Numbers that cannot be

    @ParameterizedTest
    @ValueSource(strings = {"1:4294967295", "-9223372036854775808:9223372036854775807", "1:5000001", "9,0", "*"})
    void anAnswerOfBillionsIsNone(String set) {
        serve(inbox(3).on("UID SEARCH .*", "* ESEARCH UID ALL " + set, "{tag} OK"));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @CsvSource({"UIDVALIDITY,0", "UIDVALIDITY,-1", "UIDVALIDITY,4294967296", "UIDNEXT,0", "UIDNEXT,99999999999"})
    void aNumberingThatCannotBeIsNone(String code, String number) {
        serve(new ImapScript(CAPABILITIES)
                .on(
                        "SELECT .*",
                        "* 3 EXISTS",
                        "* OK [UIDVALIDITY 7] ok",
                        "* OK [" + code + " " + number + "] ok",
                        "{tag} OK"));
        assertThatThrownBy(() -> store(store -> store.changes("INBOX", null)))
                .isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "4294967296", "30064771073"})
    void aMessageOfAnImpossibleUidIsNotListed(String uid) {
        serve(inbox(2).on(
                        "UID FETCH .*",
                        "* 1 FETCH (UID " + uid + " FLAGS ())",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "{tag} OK"));
        assertThat(snapshot().all()).extracting(Changes.Entry::id).containsExactly(id(7, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967295", "99999999999999999999", "-1"})
    void aMailboxOfBillionsIsRead(String exists) {
        serve(new ImapScript(CAPABILITIES)
                .on(
                        "SELECT .*",
                        "* " + exists + " EXISTS",
                        "* OK [UIDVALIDITY 7] ok",
                        "* OK [UIDNEXT 9] ok",
                        "{tag} OK")
                .on("(UID )?FETCH .*", row(1, 1), "{tag} OK"));
        assertThat(store(store -> store.newest("INBOX", 50)).messages()).hasSizeLessThanOrEqualTo(1);
    }

    /** A MODSEQ has 63 bits (RFC 7162 3.1); one of 19 digits made every look a listing of all there is. */
    @Test
    void theHighestModSeqIsRemembered() {
        serve(new ImapScript("IMAP4rev1 AUTH=PLAIN SASL-IR CONDSTORE")
                .on(
                        "SELECT .*",
                        "* 1 EXISTS",
                        "* OK [UIDVALIDITY 7] ok",
                        "* OK [UIDNEXT 2] ok",
                        "* OK [HIGHESTMODSEQ 9223372036854775807] ok",
                        "{tag} OK")
                .on("UID FETCH 1:\\* .*", "* 1 FETCH (UID 1 FLAGS ())", "{tag} OK"));
        var first = snapshot();
        assertThat(changes(first.state())).isInstanceOf(Changes.Delta.class);
    }

    // Too much of everything

    @Test
    void ofThousandsOfKeywordsSomeAreKept() {
        String flags = IntStream.range(0, 50_000).mapToObj(i -> "k" + i).collect(Collectors.joining(" "));
        serve(inbox(1).on("UID FETCH .*", "* 1 FETCH (UID 1 FLAGS (" + flags + "))", "{tag} OK"));
        assertThat(snapshot().all().getFirst().keywords()).hasSizeBetween(1, 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"((((((((((", "() () () () ", "a b c d e ", "(\"a\" \"b\") "})
    void aRowWithoutEndIsReadInPieces(String piece) {
        String endless = piece.repeat(200_000);
        serve(inbox(1).on("FETCH .*", "* 1 FETCH (UID 1 FLAGS () ENVELOPE (" + endless, "{tag} OK")
                .on(
                        "UID FETCH 1 .*HEADER.*",
                        "* 1 FETCH (UID 1 FLAGS () BODY[HEADER]<0> {14}",
                        "Subject: Hi\r\n\r)",
                        "{tag} OK")
                .on("UID FETCH 1 .*", "* 1 FETCH (UID 1 BODYSTRUCTURE (" + endless, "{tag} OK"));
        var rows = store(store -> store.newest("INBOX", 50)).messages();
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.envelope().subject()).isEqualTo("Hi");
            assertThat(row.structure()).isEqualTo(Structures.unknown(0));
        });
    }

    @Test
    void aStructureOfTensOfThousandsOfPartsIsNone() {
        String parts = "(\"text\" \"plain\")".repeat(20_000);
        serve(inbox(1).on("FETCH .*", row(1, 1).replace(STRUCTURE, "(" + parts + " \"mixed\")"), "{tag} OK")
                .on("UID FETCH 1 .*", "* 1 FETCH (UID 1 FLAGS () BODY[HEADER]<0> \"\")", "{tag} OK"));
        assertThat(store(store -> store.newest("INBOX", 50)).messages())
                .singleElement()
                .satisfies(row -> assertThat(row.structure()).isEqualTo(Structures.unknown(0)));
    }

    @Test
    void namesThatCannotBeKeptOrSaidBreakNoList() {
        serve(new ImapScript(CAPABILITIES + " LIST-EXTENDED LIST-STATUS").on("LIST .*", (dialogue, tag, command) -> {
            dialogue.say("* LIST () \"/\" \"" + "x".repeat(100_000) + "\"");
            dialogue.say("* LIST () \"/\" {6}", "a\r\nb\0c");
            dialogue.say(
                    "* LIST () \"/\" \"nul &AAA-\"",
                    "* LIST () \"/\" \"half &2AA-\"",
                    "* LIST () \"/\" \"line&AA0ACg-\"");
            dialogue.say("* LIST (" + "\\Attribute ".repeat(50_000) + ") \"/\" many");
            dialogue.say("* LIST () \"/\" INBOX", "* STATUS INBOX (MESSAGES -5 UNSEEN 99999999999)", tag + " OK");
        }));
        assertThat(store(MailStore::mailboxes)).extracting(RemoteMailbox::name).containsExactly("many", "INBOX");
    }

    @Test
    void aMailboxNumberedAnewAtEachLookIsReadAnewAFewTimes() {
        int[] validity = {7};
        int[] listings = {0};
        serve(new ImapScript(CAPABILITIES)
                .on(
                        "SELECT .*",
                        (dialogue, tag, command) -> dialogue.say(
                                "* 1 EXISTS",
                                "* OK [UIDVALIDITY " + validity[0]++ + "] ok",
                                "* OK [UIDNEXT 2] ok",
                                tag + " OK"))
                .on("UID FETCH 1:\\* .*", (dialogue, tag, command) -> {
                    listings[0]++;
                    dialogue.say("* 1 FETCH (UID 1 FLAGS ())", tag + " OK");
                }));
        var state = new Changes[] {snapshot()};
        Throwable end = null;
        for (int i = 0; i < 20 && end == null; i++) {
            end = catchThrowable(() -> state[0] = changes(state[0].state()));
        }
        assertThat(end).isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(listings[0]).isEqualTo(4);
        assertThat(changes(null)).as("the connection").isInstanceOf(Changes.Snapshot.class);
    }

    // Time

    @Test
    void aServerThatNeverReadsIsGivenUp() {
        serve(inbox(1).on("APPEND .*", (dialogue, tag, command) -> dialogue.neverRead()));
        assertThatThrownBy(() -> store(store -> append(store, 64 << 20)))
                .isInstanceOf(UpstreamException.TimedOut.class);
    }

    /** Faster than a trickle by the octet, so that only the whole of it is too slow. */
    @Test
    void aServerThatDribblesAnAnswerForEverIsGivenUp() {
        serve(inbox(1).on("UID SEARCH .*", (dialogue, tag, command) -> {
            while (true) {
                dialogue.dribble("*", Duration.ofMillis(50));
                dialogue.send(" OK still searching, and it will take a long time yet to come to an end\r\n".getBytes());
            }
        }));
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aGreetingThatDribblesForEverIsGivenUp() {
        server = ScriptedServer.tls(dialogue -> {
            dialogue.say("* OK hello");
            dialogue.line();
            while (true) {
                dialogue.dribble(
                        "* OK wait, the capabilities are to be looked up by somebody who is not in yet\r\n",
                        Duration.ofMillis(5));
            }
        });
        assertThatThrownBy(this::found).isInstanceOf(UpstreamException.TimedOut.class);
    }

    @Test
    void aBodyThatStopsInTheMiddleIsGivenUp() {
        serve(inbox(3).on("UID FETCH 2 .*", (dialogue, tag, command) -> {
            dialogue.say("* 2 FETCH (UID 2 BODY[] {1000000}", "hello");
            dialogue.silence();
        }));
        assertThatThrownBy(() -> raw(new ByteArrayOutputStream())).isInstanceOf(UpstreamException.TimedOut.class);
    }

    // Others

    @Test
    void anotherAccountIsServedWhileThisOneHangs() {
        serve(inbox(1).on("UID SEARCH .*", (dialogue, tag, command) -> dialogue.silence()));
        try (var good = ScriptedServer.tls(inbox(3).on("UID SEARCH .*", "* ESEARCH UID ALL 1:3", "{tag} OK"))) {
            var hanging = Thread.startVirtualThread(() -> catchThrowable(this::found));
            var settings = good.settings(Security.TLS);
            var other = new ServerLogin(2, settings, settings, new Credentials("berta", "secret"));
            for (int i = 0; i < 5; i++) {
                assertThat(upstream.upstream()
                                .withStore(other, HostileImapTest::window)
                                .total())
                        .isEqualTo(3);
            }
            assertThat(hanging.isAlive() || server.connections() <= 1).isTrue();
        }
    }

    private Changes.Snapshot snapshot() {
        return (Changes.Snapshot) changes(null);
    }

    private Changes changes(SyncState since) {
        return store(store -> store.changes("INBOX", since));
    }

    private MailStore.Window found() {
        return store(HostileImapTest::window);
    }

    private static MailStore.Window window(MailStore store) {
        return store.search("INBOX", new SearchQuery.Larger(1), SortOrder.NEWEST_FIRST, 0, 10);
    }

    private List<RemoteId> fetched(long uid) {
        var rows = new ArrayList<RemoteId>();
        store(store -> {
            store.fetch("INBOX", List.of(id(7, uid)), row -> rows.add(row.id()));
            return true;
        });
        return rows;
    }

    private void raw(ByteArrayOutputStream out) {
        store(store -> {
            store.writeRaw("INBOX", id(7, 2), out);
            return true;
        });
    }

    private static RemoteId append(MailStore store, int size) throws IOException {
        return store.append("INBOX", new ByteArrayInputStream(new byte[size]), size, Set.of(), null);
    }

    private interface Work<T> {
        T with(MailStore store) throws IOException;
    }

    private <T> T store(Work<T> work) {
        var settings = server.settings(Security.TLS);
        var login = new ServerLogin(1, settings, settings, new Credentials("anna", "secret"));
        try {
            return upstream.upstream().<T, IOException>withStore(login, work::with);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(ImapScript script) {
        server = ScriptedServer.tls(script);
    }

    private static ImapScript inbox(int exists) {
        return inbox(CAPABILITIES, exists);
    }

    private static ImapScript inbox(String capabilities, int exists) {
        return new ImapScript(capabilities)
                .on(
                        "SELECT .*",
                        "* " + exists + " EXISTS",
                        "* OK [UIDVALIDITY 7] ok",
                        "* OK [UIDNEXT " + (exists + 1) + "] ok",
                        "{tag} OK [READ-WRITE] done");
    }

    private static RemoteId id(long validity, long uid) {
        return Uids.id(validity, uid);
    }

    private static String row(int number, long uid) {
        return "* " + number + " FETCH (UID " + uid
                + " FLAGS () INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 100 ENVELOPE " + ENVELOPE
                + " BODYSTRUCTURE " + STRUCTURE + " BODY[HEADER.FIELDS (REFERENCES)] \"\")";
    }
}
