package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ladder by which changes are found, on servers that are slow, forgetful or wrong at each of its rungs. */
class ChangesDialogueTest {
    private static final String CONDSTORE = "IMAP4rev1 CONDSTORE UIDPLUS";
    private static final String QRESYNC = "IMAP4rev1 CONDSTORE ENABLE QRESYNC UIDPLUS";
    private static final Set<Keyword> NONE = Set.of();
    private static final Set<Keyword> SEEN = Set.of(Keyword.SEEN);

    private final TestUpstream upstream = new TestUpstream("read-timeout", "5s");
    private ScriptedServer server;

    @AfterEach
    void stop() {
        upstream.close();
        if (server != null) {
            server.close();
        }
    }

    private ImapScript qresync() {
        return new ImapScript(QRESYNC).on("ENABLE .*", "* ENABLED QRESYNC", "{tag} OK");
    }

    private void serve(ImapScript script) {
        server = ScriptedServer.tls(script);
    }

    private <T> T read(Upstream.StoreWork<T, RuntimeException> work) {
        var settings = server.settings(Security.TLS);
        return upstream.upstream()
                .withStore(new ServerLogin(1, settings, settings, new Credentials("anna@example.org", "secret")), work);
    }

    /** What is told at first, and what then. */
    private Changes second() {
        var first = read(store -> store.changes("INBOX", null));
        assertThat(first).isInstanceOf(Changes.Snapshot.class);
        return read(store -> store.changes("INBOX", first.state()));
    }

    private List<String> commands(String start) {
        return server.received().stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .filter(command -> command.startsWith(start))
                .toList();
    }

    private static RemoteId id(long validity, long uid) {
        return Uids.id(validity, uid);
    }

    /** The answer to SELECT: a code of 0 is left out. */
    private static String[] select(long validity, long uidNext, int exists, long modSeq, String... more) {
        var lines = new ArrayList<>(List.of("* " + exists + " EXISTS", "* OK [UIDVALIDITY " + validity + "] ok"));
        lines.add(modSeq > 0 ? "* OK [HIGHESTMODSEQ " + modSeq + "] ok" : "* OK [NOMODSEQ] none here");
        if (uidNext > 0) {
            lines.add("* OK [UIDNEXT " + uidNext + "] ok");
        }
        lines.addAll(Arrays.asList(more));
        lines.add("{tag} OK [READ-WRITE] done");
        return lines.toArray(String[]::new);
    }

    private static final String[] ONE_AND_TWO = {"* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())", "{tag} OK"
    };

    @Test
    void qresyncTellsAllInOneSelect() {
        serve(qresync()
                .once("SELECT INBOX", select(7, 3, 2, 10))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO)
                .on(
                        "SELECT INBOX \\(QRESYNC \\(7 10\\)\\)",
                        select(
                                7,
                                4,
                                2,
                                14,
                                "* VANISHED (EARLIER) 1",
                                "* 1 FETCH (UID 2 FLAGS (\\Seen $New) MODSEQ (12))",
                                "* 2 FETCH (UID 3 FLAGS (\\Flagged) MODSEQ (13))")));

        assertThat(second()).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).containsExactly(id(7, 3));
            assertThat(delta.changed())
                    .containsOnly(
                            Map.entry(id(7, 2), Set.of(Keyword.SEEN, new Keyword("$new"))),
                            Map.entry(id(7, 3), Set.of(Keyword.FLAGGED)));
            assertThat(delta.vanished()).containsExactly(id(7, 1));
            assertThat(delta.total()).isEqualTo(2);
        });
        assertThat(commands("UID")).as("the first listing only").hasSize(1);
    }

    @Test
    void aServerThatForgotWhatVanishedIsListedAnew() {
        serve(qresync()
                .once("SELECT INBOX", select(7, 3, 2, 10))
                .once("UID FETCH 1:\\* .*", ONE_AND_TWO)
                .on("SELECT INBOX \\(QRESYNC .*", select(7, 3, 1, 14))
                .on("UID FETCH 1:\\* .*", "* 1 FETCH (UID 2 FLAGS ())", "{tag} OK"));

        assertThat(second())
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class,
                        all -> assertThat(all.all()).containsExactly(new Changes.Entry(id(7, 2), NONE)));
    }

    @Test
    void aModSeqThatWentBackIsListedAnew() {
        serve(qresync()
                .once("SELECT INBOX", select(7, 3, 2, 10))
                .on("SELECT INBOX \\(QRESYNC .*", select(7, 3, 2, 4))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO));
        assertThat(second())
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class, all -> assertThat(all.reused()).isFalse());
    }

    @Test
    void aMailboxThatCountsFromTheStartAgainReusesItsIds() {
        serve(qresync()
                .once("SELECT INBOX", select(7, 30, 2, 10))
                .on("SELECT INBOX \\(QRESYNC .*", select(7, 3, 2, 40))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO));
        assertThat(second())
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class, all -> assertThat(all.reused()).isTrue());
    }

    @Test
    void withoutModSeqEverythingIsListedEachTime() {
        serve(new ImapScript(CONDSTORE).on("SELECT .*", select(7, 3, 2, 0)).on("UID FETCH 1:\\* .*", ONE_AND_TWO));
        assertThat(second()).isInstanceOf(Changes.Snapshot.class);
    }

    @Test
    void withoutUidNextEverythingIsListedEachTime() {
        serve(new ImapScript(CONDSTORE).on("SELECT .*", select(7, 0, 2, 10)).on("UID FETCH 1:\\* .*", ONE_AND_TWO));
        assertThat(second())
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class, all -> assertThat(all.all()).hasSize(2));
    }

    @Test
    void theStateIsThatBeforeTheListing() {
        serve(new ImapScript(CONDSTORE)
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(7, 4, 3, 20))
                .on(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS ())",
                        "* 3 EXISTS",
                        "* OK [HIGHESTMODSEQ 20] meanwhile",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "* 3 FETCH (UID 3 FLAGS ())",
                        "{tag} OK")
                .on(
                        "UID FETCH 1:2 \\(UID FLAGS\\) \\(CHANGEDSINCE 10\\)",
                        "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (20))",
                        "{tag} OK")
                .on("UID FETCH 3:\\* .*", "* 3 FETCH (UID 3 FLAGS ())", "{tag} OK"));

        assertThat(second()).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).containsExactly(id(7, 3));
            assertThat(delta.changed()).containsEntry(id(7, 1), SEEN);
            assertThat(delta.total()).isEqualTo(3);
        });
    }

    @Test
    void aMessageToldTwiceWhileItIsListedCountsOnceAndAsItWasTold() {
        serve(new ImapScript(CONDSTORE)
                .on("SELECT .*", select(7, 4, 3, 10))
                .on(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS ())",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "* 1 FETCH (UID 1 FLAGS (\\Seen))",
                        "* 3 FETCH (UID 3 FLAGS ())",
                        "* 2 FETCH (UID 2 FLAGS (\\Deleted))",
                        "{tag} OK")
                .on("UID SEARCH .*DELETED", "* SEARCH 2", "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        assertThat(((Changes.Snapshot) first).all())
                .containsExactly(new Changes.Entry(id(7, 1), SEEN), new Changes.Entry(id(7, 3), NONE));
        var second = read(store -> store.changes("INBOX", first.state()));
        assertThat(second).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.vanished()).isEmpty();
            assertThat(delta.total()).isEqualTo(2);
        });
        assertThat(commands("UID SEARCH")).as("nothing has vanished").allMatch(search -> search.endsWith("DELETED"));
    }

    @Test
    void whatArrivesWhileWeAskIsToldNextTime() {
        serve(new ImapScript(CONDSTORE)
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(7, 4, 3, 11))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO)
                .on("UID FETCH 1:2 .*", "{tag} OK")
                .on(
                        "UID FETCH 3:\\* .*",
                        "* 4 EXISTS",
                        "* 3 FETCH (UID 3 FLAGS ())",
                        "* 4 FETCH (UID 4 FLAGS (\\Deleted))",
                        "{tag} OK"));

        assertThat(second()).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).containsExactly(id(7, 3));
            assertThat(delta.changed()).containsOnlyKeys(id(7, 3));
            assertThat(delta.vanished()).isEmpty();
            assertThat(delta.total()).isEqualTo(3);
        });
    }

    @Test
    void theLastMessageInPlaceOfNoNewOneIsNotNew() {
        // RFC 9051 6.4.8: "n:*" always holds the last message, whatever its UID.
        serve(new ImapScript(CONDSTORE)
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(7, 5, 2, 12))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO)
                .on("UID FETCH 1:2 .*", "{tag} OK")
                .on("UID FETCH 3:\\* .*", "* 2 FETCH (UID 2 FLAGS (\\Seen))", "{tag} OK"));
        assertThat(second()).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).isEmpty();
            assertThat(delta.changed()).containsOnly(Map.entry(id(7, 2), SEEN));
            assertThat(delta.total()).isEqualTo(2);
        });
    }

    @Test
    void aMessageNoLongerMarkedDeletedIsCountedAgain() {
        serve(new ImapScript(CONDSTORE)
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(7, 3, 2, 11))
                .on(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS (\\Deleted))",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "{tag} OK")
                .on("UID FETCH 1:2 .*", "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (11))", "{tag} OK")
                .on("UID SEARCH .*DELETED", "* SEARCH", "{tag} OK"));
        assertThat(second()).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.changed()).containsEntry(id(7, 1), SEEN);
            assertThat(delta.total()).as("so that the index sees it lacks one").isEqualTo(2);
        });
    }

    @Test
    void aMailboxThatIsAnotherOneByNowIsLookedAtAgainBeforeItIsChanged() {
        serve(new ImapScript(CONDSTORE)
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(8, 3, 2, 10))
                .on("UID FETCH 1:\\* .*", ONE_AND_TWO)
                .on("UID STORE 2 .*", "{tag} OK"));
        read(store -> store.changes("INBOX", null));

        read(store -> {
            store.changeKeywords("INBOX", List.of(id(8, 2)), SEEN, NONE);
            return 0;
        });

        assertThat(commands("UID STORE")).hasSize(1);
        assertThat(commands("SELECT")).hasSize(2);
    }
}
