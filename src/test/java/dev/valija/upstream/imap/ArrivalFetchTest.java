package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** New mail is fetched on the watch's own connection; whatever leaves a doubt is found out in the usual way. */
class ArrivalFetchTest {
    private static final String ROW = " RFC822.SIZE 100 INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" ENVELOPE "
            + "(\"Mon, 2 Feb 2026 10:00:00 +0000\" \"Hello\" NIL NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE "
            + "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1) BODY[HEADER.FIELDS (REFERENCES)] \"\")";
    private static final String NEW_ROW = "* 3 FETCH (UID 9 FLAGS ()" + ROW;

    private final TestUpstream upstream = new TestUpstream("read-timeout", "5s");
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Queue<Upstream.Arrivals> arrived = new ConcurrentLinkedQueue<>();
    private ScriptedServer server;

    @AfterEach
    void stop() {
        upstream.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void newMailComesWithItsRow() {
        watches(idling("* 3 EXISTS", "* 1 RECENT").on("UID FETCH 9:\\* .*", NEW_ROW, "{tag} OK"), "arrived INBOX");

        assertThat(arrivals().messages()).extracting(RemoteMessage::id).containsExactly(Uids.id(7, 9));
        assertThat(told).doesNotContain("changed INBOX");
    }

    @Test
    void whatCameIsTheDifferenceToTheStateBefore() {
        watches(idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", NEW_ROW, "{tag} OK"), "arrived INBOX");

        var delta = arrivals().since(new SyncState("2:7:9:20:2:0")).orElseThrow();
        assertThat(delta)
                .isEqualTo(new Changes.Delta(
                        List.of(Uids.id(7, 9)), Map.of(), Set.of(), 3, new SyncState("2:7:10:20:3:0")));
        assertThat(arrivals().since(new SyncState("2:7:9:20:2:1")).orElseThrow().total())
                .isEqualTo(2);
    }

    @Test
    void aStateThatIsNotTheOneBeforeIsNotAddedTo() {
        watches(idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", NEW_ROW, "{tag} OK"), "arrived INBOX");

        assertThat(List.of(
                        "2:8:9:20:2:0", // another UIDVALIDITY
                        "2:7:8:20:2:0", // a message before it is not known yet
                        "2:7:10:20:3:0", // it is known already
                        "2:7:9:20:1:0", // something else has come or gone
                        "2:7:9:20:3:0",
                        "2:7:9:0:2:0", // without MODSEQ there are no deltas
                        "of another version"))
                .allSatisfy(state -> assertThat(arrivals().since(new SyncState(state)))
                        .as(state)
                        .isEmpty());
    }

    @Test
    void ofMailThatIsPartlyKnownTheRestIsAdded() {
        watches(
                idling("* 4 EXISTS").on("UID FETCH 9:\\* .*", NEW_ROW, "* 4 FETCH (UID 12 FLAGS ()" + ROW, "{tag} OK"),
                "arrived INBOX");

        assertThat(arrivals().since(new SyncState("2:7:10:20:3:0")))
                .map(Changes.Delta::added)
                .isEqualTo(Optional.of(List.of(Uids.id(7, 12))));
    }

    @Test
    void whatComesNextBeginsBehindWhatCame() {
        var script = idling("* 3 EXISTS");
        script.once("UID FETCH 9:\\* .*", NEW_ROW, "{tag} OK");
        script.once("IDLE", (dialogue, tag, line) -> idle(dialogue, tag, "* 4 EXISTS"));
        script.once("UID FETCH 10:\\* .*", "* 4 FETCH (UID 12 FLAGS ()" + ROW, "{tag} OK");
        server = ScriptedServer.tls(script);
        try (var watch = upstream.upstream().watch(login(), "INBOX", new Noting())) {
            await().until(() -> arrived.size() == 2);
        }
        var first = arrived.remove().since(new SyncState("2:7:9:20:2:0")).orElseThrow();
        var second = arrived.remove().since(first.state()).orElseThrow();
        assertThat(second.state()).isEqualTo(new SyncState("2:7:13:20:4:0"));
        assertThat(told).doesNotContain("changed INBOX");
    }

    @Test
    void anExpungeInBetweenLeavesADoubt() {
        watches(
                idling("* 3 EXISTS")
                        .on("UID FETCH 9:\\* .*", "* 1 EXPUNGE", "* 2 FETCH (UID 9 FLAGS ()" + ROW, "{tag} OK"),
                "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void aVanishedMessageInBetweenLeavesADoubt() {
        watches(idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", "* VANISHED 4", NEW_ROW, "{tag} OK"), "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void mailThatComesAlongWithOtherNewsIsNotFetchedHere() {
        watches(idling("* 1 FETCH (FLAGS (\\Seen))", "* 3 EXISTS"), "changed INBOX");
        assertThat(arrived).isEmpty();
        assertThat(commands()).noneMatch(command -> command.startsWith("UID FETCH"));
    }

    @Test
    void flagsThatChangeInBetweenAreAskedForToo() {
        watches(
                idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", "* 1 FETCH (UID 3 FLAGS (\\Seen))", NEW_ROW, "{tag} OK"),
                "changed INBOX");
    }

    @Test
    void aRefusedFetchLeavesADoubt() {
        watches(idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", "{tag} NO not now"), "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void aRowThatCannotBeReadLeavesADoubt() {
        watches(
                idling("* 3 EXISTS")
                        .on("UID FETCH 9:\\* .*", "* 3 FETCH (UID 9 FLAGS () ENVELOPE garbage)", "{tag} OK"),
                "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void newMailThatIsMarkedDeletedLeavesADoubt() {
        watches(
                idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", "* 3 FETCH (UID 9 FLAGS (\\Deleted)" + ROW, "{tag} OK"),
                "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void mailThatIsGoneAgainLeavesADoubt() {
        // n:* is never empty (RFC 9051 9): the answer is the last message, known for long.
        watches(
                idling("* 3 EXISTS").on("UID FETCH 9:\\* .*", "* 2 FETCH (UID 8 FLAGS ()" + ROW, "{tag} OK"),
                "changed INBOX");
        assertThat(arrived).isEmpty();
    }

    @Test
    void muchMailAtOnceIsNotFetchedHere() {
        watches(idling("* 2000 EXISTS"), "changed INBOX");
        assertThat(commands()).noneMatch(command -> command.startsWith("UID FETCH"));
    }

    @Test
    void aConnectionCutInTheMiddleIsMadeAnew() {
        var script = idling("* 3 EXISTS");
        script.once("UID FETCH .*", (dialogue, tag, line) -> {
            dialogue.say("* 3 FETCH (UID 9 FLAGS () ENVELOPE (");
            dialogue.cut();
        });
        server = ScriptedServer.tls(script);
        try (var watch = upstream.upstream().watch(login(), "INBOX", new Noting())) {
            await().atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> told.stream().filter("connected"::equals).count() == 2);
        }
        assertThat(told).startsWith("connected", "lost").doesNotContain("arrived INBOX");
    }

    /** A mailbox of two messages with UIDs below 9, and what the first IDLE brings; later ones bring nothing. */
    private static ImapScript idling(String... news) {
        return new ImapScript("IMAP4rev1 AUTH=PLAIN SASL-IR CONDSTORE IDLE LIST-EXTENDED LIST-STATUS SPECIAL-USE")
                .on(
                        "SELECT .*",
                        "* 2 EXISTS",
                        "* OK [UIDVALIDITY 7] ok",
                        "* OK [UIDNEXT 9] ok",
                        "* OK [HIGHESTMODSEQ 20] ok",
                        "{tag} OK [READ-WRITE] done")
                .on("LIST .*", "* LIST () \"/\" INBOX", "{tag} OK")
                .once("IDLE", (dialogue, tag, line) -> idle(dialogue, tag, news));
    }

    private static void idle(ScriptedServer.Dialogue dialogue, String tag, String... news) throws IOException {
        dialogue.say("+ idling");
        dialogue.say(news);
        if (!dialogue.line().equals("DONE")) {
            throw new IOException("not DONE");
        }
        dialogue.say(tag + " OK done");
    }

    private void watches(ImapScript script, String expected) {
        server = ScriptedServer.tls(script.on("IDLE", (dialogue, tag, line) -> idle(dialogue, tag)));
        try (var watch = upstream.upstream().watch(login(), "INBOX", new Noting())) {
            await().until(() -> told.contains(expected));
        }
    }

    private Upstream.Arrivals arrivals() {
        return arrived.element();
    }

    private List<String> commands() {
        return server.received().stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private ServerLogin login() {
        var settings = server.settings(Security.TLS);
        return new ServerLogin(1, settings, settings, new Credentials("anna@example.org", "secret"));
    }

    private final class Noting implements Upstream.Watcher {
        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void mailboxChanged(String mailbox) {
            told.add("changed " + mailbox);
        }

        @Override
        public void arrived(String mailbox, Upstream.Arrivals arrivals) {
            arrived.add(arrivals);
            told.add("arrived " + mailbox);
        }

        @Override
        public void mailboxesChanged() {
            told.add("mailboxes");
        }

        @Override
        public void lost(UpstreamException why) {
            told.add("lost");
        }
    }
}
