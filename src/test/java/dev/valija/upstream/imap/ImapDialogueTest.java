package dev.valija.upstream.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Keyword;
import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dialogues that no well-behaved server offers, and servers that lack what others have. */
class ImapDialogueTest {
    private static final String EVERYTHING =
            "IMAP4rev1 AUTH=PLAIN SASL-IR CONDSTORE UIDPLUS MOVE LITERAL+ ESEARCH SORT IDLE";
    private static final String ENVELOPE =
            "(\"Mon, 2 Feb 2026 10:00:00 +0000\" \"Hello\" ((NIL NIL \"anna\" \"example.org\")) NIL NIL NIL NIL NIL NIL NIL)";
    private static final String STRUCTURE = "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 5 1)";

    private final TestUpstream upstream = new TestUpstream("read-timeout", "5s", "connection-patience", "3s");
    private ScriptedServer server;

    @AfterEach
    void stop() {
        upstream.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void withoutCondstoreChangesAreASnapshotEachTime() {
        serve(script("IMAP4rev1")
                .on("SELECT .*", select(7, 4, 2))
                .on(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS (\\Seen))",
                        "* 2 FETCH (UID 3 FLAGS ())",
                        "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        var second = read(store -> store.changes("INBOX", first.state()));

        assertThat(second)
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class,
                        all -> assertThat(all.all())
                                .containsExactly(
                                        new Changes.Entry(id(7, 1), Set.of(Keyword.SEEN)),
                                        new Changes.Entry(id(7, 3), Set.of())));
    }

    @Test
    void aChangedUidValidityIsASnapshotWithNewIds() {
        serve(script(EVERYTHING)
                .once("SELECT .*", select(7, 4, 2, 10))
                .on("SELECT .*", select(8, 4, 2, 10))
                .on("UID FETCH 1:\\* .*", "* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())", "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        var second = read(store -> store.changes("INBOX", first.state()));

        assertThat(second)
                .isInstanceOfSatisfying(
                        Changes.Snapshot.class,
                        all -> assertThat(all.all())
                                .extracting(Changes.Entry::id)
                                .containsExactly(id(8, 1), id(8, 2)));
    }

    @Test
    void idsOfAnOldUidValidityAreNeverSent() {
        serve(script(EVERYTHING).on("SELECT .*", select(8, 4, 2, 10)));
        assertThatThrownBy(() -> change(store -> store.delete("INBOX", List.of(id(7, 1)))))
                .isInstanceOf(UpstreamException.Renumbered.class);
        assertThatThrownBy(() -> read(store -> store.open("INBOX", id(7, 1))))
                .isInstanceOf(UpstreamException.NotFound.class);
        assertThat(server.received()).noneMatch(line -> line.contains("UID STORE") || line.contains("UID FETCH"));
    }

    @Test
    void idsOfANewUidValidityAreLookedForAnew() {
        serve(script(EVERYTHING)
                .once("SELECT .*", select(7, 4, 2, 10))
                .on("SELECT .*", select(8, 4, 2, 10))
                .on(
                        "UID FETCH 1 .*",
                        "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"02-Feb-2026 10:00:00 +0000\" RFC822.SIZE 99 ENVELOPE "
                                + ENVELOPE + " BODYSTRUCTURE " + STRUCTURE + " BODY[HEADER.FIELDS (REFERENCES)] NIL)",
                        "{tag} OK"));
        change(store -> store.fetch("INBOX", List.of(), row -> {}));

        var rows = new ArrayList<RemoteMessage>();
        change(store -> store.fetch("INBOX", List.of(id(8, 1)), rows::add));

        assertThat(rows).extracting(RemoteMessage::id).containsExactly(id(8, 1));
    }

    /** RFC 2047 5: decoded it would look like the bank's, and be another to whoever judged it. */
    @Test
    void noAddressIsDecoded() {
        var envelope = Envelopes.read(
                Arrays.asList(
                        null,
                        null,
                        List.of(Arrays.asList(
                                "=?utf-8?q?The_boss?=".getBytes(UTF_8),
                                null,
                                "ceo".getBytes(UTF_8),
                                "=?utf-8?q?bank.com?=".getBytes(UTF_8))),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                null);

        assertThat(envelope.from()).containsExactly(new Address("The boss", "ceo@=?utf-8?q?bank.com?="));
    }

    @Test
    void namesOfFilesAreInTheCharsetsThatMailHas() {
        var octets = Arrays.asList(
                "application",
                "pdf",
                List.of("name*", "macintosh''%9Fbersicht.pdf".getBytes(UTF_8)),
                null,
                null,
                "7bit",
                "9");
        assertThat(Structures.read(octets).name()).isEqualTo("übersicht.pdf");
    }

    /** Given back twice, every wrong password would allow the host one connection more. */
    @Test
    void aRefusedSignInGivesItsPlaceBackOnce() {
        server = ScriptedServer.tls(script(EVERYTHING)
                .once("(LOGIN|AUTHENTICATE) .*", "{tag} NO [AUTHENTICATIONFAILED] wrong")
                .on("SELECT .*", select(7, 4, 2))
                .on("UID FETCH .*", "* 1 FETCH (UID 1 FLAGS ())", "{tag} OK"));
        try (var narrow = new TestUpstream("connections-per-host", "1", "connection-patience", "50ms")) {
            assertThatThrownBy(() -> narrow.upstream().verify(login()))
                    .isInstanceOf(UpstreamException.CredentialsRejected.class);

            narrow.upstream().withStore(login(2), held -> {
                held.changes("INBOX", null);
                assertThatThrownBy(() -> narrow.upstream().withStore(login(3), store -> store.changes("INBOX", null)))
                        .isInstanceOf(UpstreamException.Unavailable.class);
                return null;
            });
        }
    }

    /** Dovecot 2.3 would obey it, in the mailbox that has taken the other's place, and only then hang up. */
    @ParameterizedTest
    @ValueSource(strings = {"move", "copy", "mark", "delete"})
    void nothingIsChangedUnderANameThatIsAnotherMailboxByNow(String change) {
        serve(script(EVERYTHING)
                .once("SELECT .*", select(7, 4, 2, 10))
                .on("SELECT .*", select(8, 4, 2, 10))
                .once("NOOP", (dialogue, tag, command) -> {
                    dialogue.say("* BYE UIDVALIDITY changed");
                    dialogue.cut();
                })
                .on("UID (MOVE|COPY|STORE|EXPUNGE) .*", "{tag} OK"));
        var ids = List.of(id(7, 1));
        change(store -> store.fetch("INBOX", List.of(), row -> {}));

        assertThatThrownBy(() -> change(store -> {
                    switch (change) {
                        case "move" -> store.move("INBOX", ids, "Trash");
                        case "copy" -> store.copy("INBOX", ids, "Trash");
                        case "mark" -> store.changeKeywords("INBOX", ids, Set.of(Keyword.SEEN), Set.of());
                        default -> store.delete("INBOX", ids);
                    }
                }))
                .isInstanceOf(UpstreamException.Renumbered.class);

        assertThat(commands()).noneMatch(command -> command.startsWith("UID"));
    }

    @Test
    void aMessageWhoseStructureIsKnownIsOpenedInOneRoundTrip() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 4, 3, 10))
                .on(
                        "UID FETCH 2 \\(UID BODYSTRUCTURE BODY.PEEK\\[HEADER\\]<0.262144> BODY.PEEK\\[1\\]<0.1048576>\\)",
                        "* 2 FETCH (UID 2 BODYSTRUCTURE " + STRUCTURE + " BODY[HEADER]<0> {14}",
                        "Subject: x",
                        "",
                        " BODY[1]<0> \"hello\")",
                        "{tag} OK"));

        var source = read(store -> store.open("INBOX", id(7, 2), part("1", "7bit")));

        assertThat(source.parts()).containsOnlyKeys("1");
        assertThat(commands()).filteredOn(c -> c.startsWith("UID FETCH")).hasSize(1);
    }

    @Test
    void whatTheKnownStructureLacksIsFetchedAfterAll() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 4, 3, 10))
                .on(
                        "UID FETCH 2 .*HEADER.*BODY.PEEK\\[5\\].*",
                        "* 2 FETCH (UID 2 BODYSTRUCTURE " + STRUCTURE + " BODY[HEADER]<0> {14}",
                        "Subject: x",
                        "",
                        " BODY[5]<0> NIL)",
                        "{tag} OK")
                .on("UID FETCH 2 .*BODY.PEEK\\[1\\].*", "* 2 FETCH (UID 2 BODY[1]<0> \"hello\")", "{tag} OK"));

        var source = read(store -> store.open("INBOX", id(7, 2), part("5", "7bit")));

        assertThat(source.parts()).containsOnlyKeys("1");
    }

    @Test
    void condstoreFindsTheVanishedByCounting() {
        serve(script("IMAP4rev1 CONDSTORE")
                .once("SELECT .*", select(7, 5, 4, 10))
                .on("SELECT .*", select(7, 6, 3, 12))
                .once(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS ())",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "* 3 FETCH (UID 3 FLAGS ())",
                        "* 4 FETCH (UID 4 FLAGS ())",
                        "{tag} OK")
                .on(
                        "UID FETCH 1:4 \\(UID FLAGS\\) \\(CHANGEDSINCE 10\\)",
                        "* 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (12))",
                        "{tag} OK")
                .on("UID FETCH 5:\\* .*", "* 3 FETCH (UID 5 FLAGS () MODSEQ (11))", "{tag} OK")
                .on("UID SEARCH .*UID 1:4", "* SEARCH 1 4", "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        var second = read(store -> store.changes("INBOX", first.state()));

        assertThat(second).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).containsExactly(id(7, 5));
            assertThat(delta.changed())
                    .containsOnly(Map.entry(id(7, 1), Set.of(Keyword.FLAGGED)), Map.entry(id(7, 5), Set.of()));
            assertThat(delta.vanished()).containsExactlyInAnyOrder(id(7, 2), id(7, 3));
            assertThat(delta.total()).isEqualTo(3);
        });
    }

    @Test
    void whatIsMarkedDeletedIsNeitherShownNorCounted() {
        serve(script("IMAP4rev1 CONDSTORE")
                .once("SELECT .*", select(7, 3, 2, 10))
                .on("SELECT .*", select(7, 4, 3, 12))
                .once(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS (\\Deleted))",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "{tag} OK")
                .on("UID FETCH 1:2 .*", "{tag} OK")
                .on("UID FETCH 3:\\* .*", "* 3 FETCH (UID 3 FLAGS () MODSEQ (11))", "{tag} OK")
                .on("UID SEARCH .*DELETED", "* SEARCH 1", "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        var second = read(store -> store.changes("INBOX", first.state()));

        assertThat(first.total()).isEqualTo(1);
        assertThat(second).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
            assertThat(delta.added()).containsExactly(id(7, 3));
            assertThat(delta.total()).isEqualTo(2);
        });
    }

    @Test
    void aMonstrousVanishedSetBecomesASnapshot() {
        serve(script("IMAP4rev1 CONDSTORE ENABLE QRESYNC")
                .on("ENABLE .*", "* ENABLED QRESYNC", "{tag} OK")
                .once("SELECT INBOX", select(7, 4_000_000_000L, 1, 10))
                .on("SELECT INBOX \\(QRESYNC .*", qresync("* VANISHED (EARLIER) 1:3999999999"))
                .on("SELECT INBOX", select(7, 4_000_000_000L, 1, 11))
                .on("UID FETCH 1:\\* .*", "* 1 FETCH (UID 9 FLAGS ())", "{tag} OK"));

        var first = read(store -> store.changes("INBOX", null));
        var second = read(store -> store.changes("INBOX", first.state()));
        assertThat(second).isInstanceOf(Changes.Snapshot.class);
        assertThat(second.total()).isEqualTo(1);
    }

    @Test
    void aStateOfAnotherMakingIsForgotten() {
        serve(script(EVERYTHING).on("SELECT .*", select(7, 1, 0, 10)));
        Changes changes = read(store -> store.changes("INBOX", new SyncState("9:x")));
        assertThat(changes).isInstanceOf(Changes.Snapshot.class);
    }

    @Test
    void withoutMoveMessagesAreCopiedAndThenExpungedByUid() {
        serve(script("IMAP4rev1 UIDPLUS")
                .on("SELECT .*", select(7, 9, 3))
                .on("UID COPY 1:2 Trash", "{tag} OK [COPYUID 70 1:2 11:12] done")
                .on("UID STORE 1:2 \\+FLAGS.SILENT \\(\\\\Deleted\\)", "{tag} OK")
                .on("UID EXPUNGE 1:2", "* 1 EXPUNGE", "* 1 EXPUNGE", "{tag} OK"));

        var moved = read(store -> store.move("INBOX", List.of(id(7, 2), id(7, 1)), "Trash"));

        assertThat(moved).containsEntry(id(7, 1), id(70, 11)).containsEntry(id(7, 2), id(70, 12));
        assertThat(commands()).noneMatch(command -> command.equals("EXPUNGE"));
    }

    @Test
    void whenTheCopyFailsNothingIsRemoved() {
        serve(script("IMAP4rev1 UIDPLUS")
                .on("SELECT .*", select(7, 9, 3))
                .on("UID COPY .*", "{tag} NO [OVERQUOTA] full"));

        assertThatThrownBy(() -> read(store -> store.move("INBOX", List.of(id(7, 1)), "Trash")))
                .isInstanceOf(UpstreamException.OverQuota.class);
        assertThat(commands()).noneMatch(command -> command.contains("STORE") || command.contains("EXPUNGE"));
    }

    @Test
    void withoutUidplusNothingOfOthersIsExpunged() {
        serve(script("IMAP4rev1")
                .on("SELECT .*", select(7, 9, 2))
                .on("UID COPY 1 Trash", "{tag} OK")
                .on("UID STORE .*", "{tag} OK")
                .on(
                        "UID FETCH 1:\\* .*",
                        "* 1 FETCH (UID 1 FLAGS (\\Deleted))",
                        "* 2 FETCH (UID 2 FLAGS ())",
                        "{tag} OK"));

        Map<RemoteId, RemoteId> moved = read(store -> store.move("INBOX", List.of(id(7, 1)), "Trash"));
        assertThat(moved).isEmpty();
        change(store -> store.delete("INBOX", List.of(id(7, 1))));

        assertThat(commands()).noneMatch(command -> command.contains("EXPUNGE") || command.equals("CLOSE"));
        var all = (Changes.Snapshot) read(store -> store.changes("INBOX", null));
        assertThat(all.all()).as("what is marked is as good as gone").hasSize(1);
    }

    @Test
    void aByeInMidFetchIsUnavailable() {
        serve(script(EVERYTHING).on("SELECT .*", select(7, 4, 3, 10)).on("FETCH .*", (dialogue, tag, command) -> {
            dialogue.say(row(1, ""), "* BYE shutting down");
            dialogue.cut();
        }));
        assertThatThrownBy(() -> read(store -> store.newest("INBOX", 10)))
                .isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void aConnectionThatDiedWhileItWaitedIsReplacedUnseen() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 4, 1, 10))
                .once("FETCH .*", row(1, ""), "{tag} OK")
                .once("(EXAMINE|LIST) .*", (dialogue, tag, command) -> dialogue.cut())
                .on("LIST .*", "* LIST () \"/\" INBOX", "{tag} OK")
                .on("LSUB .*", "{tag} OK")
                .on("STATUS .*", "* STATUS INBOX (MESSAGES 1 UNSEEN 0)", "{tag} OK"));
        read(store -> store.newest("INBOX", 10));

        List<RemoteMailbox> listed = read(MailStore::mailboxes);

        assertThat(listed).singleElement().extracting(RemoteMailbox::total).isEqualTo(1);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aSubjectOfTenMegabytesBreaksNoList() {
        var subject = "x".repeat(10 << 20);
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 4, 3, 10))
                .on("FETCH 1:3 .*", (dialogue, tag, command) -> {
                    dialogue.say(row(1, ""));
                    dialogue.say(
                            "* 2 FETCH (UID 2 FLAGS () INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 10000000"
                                    + " ENVELOPE (NIL \"" + subject
                                    + "\" NIL NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE "
                                    + STRUCTURE + ")");
                    dialogue.say(row(3, ""), tag + " OK");
                })
                .on(
                        "UID FETCH 2 \\(UID BODYSTRUCTURE\\)",
                        "* 2 FETCH (UID 2 BODYSTRUCTURE " + STRUCTURE + ")",
                        "{tag} OK")
                .on(
                        "UID FETCH 2 .*",
                        "* 2 FETCH (UID 2 FLAGS () INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 10000000"
                                + " BODY[HEADER]<0> {19}",
                        "Subject: xxxxxxxx",
                        ")",
                        "{tag} OK"));

        var newest = read(store -> store.newest("INBOX", 10));

        assertThat(newest.messages()).extracting(RemoteMessage::id).containsExactly(id(7, 3), id(7, 2), id(7, 1));
        assertThat(newest.messages().get(1).envelope().subject()).isEqualTo("xxxxxxxx");
    }

    @Test
    void aTenMegabyteSubjectAsALiteralIsCutWithoutEndingTheList() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on("FETCH 1:1 .*", (dialogue, tag, command) -> {
                    dialogue.send(("* 1 FETCH (UID 1 FLAGS () INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 1"
                                    + " BODYSTRUCTURE " + STRUCTURE + " ENVELOPE (NIL {10000000}\r\n")
                            .getBytes(UTF_8));
                    dialogue.send("y".repeat(10_000_000).getBytes(UTF_8));
                    dialogue.say(" NIL NIL NIL NIL NIL NIL NIL NIL))", tag + " OK");
                })
                .on(
                        "UID FETCH 1 .*",
                        "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 1 BODY[HEADER]<0> {12}",
                        "Subject: y",
                        " BODYSTRUCTURE " + STRUCTURE + ")",
                        "{tag} OK"));
        assertThat(read(store -> store.newest("INBOX", 10)).messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BODYSTRUCTURE NIL", "BODYSTRUCTURE \"what\"", "BODYSTRUCTURE (((((", "BODYSTRUCTURE ((("})
    void aMessageWhoseStructureCannotBeReadIsFetchedWholeAndTakenApartHere(String structure) {
        var raw = "Subject: broken\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n";
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on("FETCH 1:1 .*", "* 1 FETCH (UID 1 FLAGS () ENVELOPE (NIL) " + structure + ")", "{tag} OK")
                .on("UID FETCH 1 \\(UID BODY.PEEK\\[\\]\\)", (dialogue, tag, command) -> {
                    dialogue.send(
                            ("* 1 FETCH (UID 1 BODY[] {" + raw.length() + "}\r\n" + raw + ")\r\n").getBytes(UTF_8));
                    dialogue.say(tag + " OK");
                })
                .on(
                        "UID FETCH 1 .*RFC822.SIZE.*",
                        "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 150 BODY[HEADER]<0> {17}",
                        "Subject: broken",
                        ")",
                        "{tag} OK")
                .on("UID FETCH 1 .*BODY.PEEK\\[2\\]\\)", "* 1 FETCH (UID 1 BODY[2] NIL)", "{tag} OK")
                .on("UID FETCH 1 .*", "* 1 FETCH (UID 1 " + structure + ")", "{tag} OK"));

        var row = read(store -> store.newest("INBOX", 10)).messages().getFirst();
        var source = read(store -> store.open("INBOX", id(7, 1)));
        var file = source.structure().children().getLast();
        var out = new ByteArrayOutputStream();
        read(store -> {
            try {
                store.writePart("INBOX", id(7, 1), file, out);
                return out;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(row.envelope().subject()).isEqualTo("broken");
        assertThat(row.structure().leaves().anyMatch(BodyPart::isAttachment)).isTrue();
        assertThat(new String(source.parts().get("1"), UTF_8)).isEqualTo("hello");
        assertThat(out.toString(UTF_8)).isEqualTo("%PDF");
    }

    @Test
    void aMessageOfTooManyPartsIsNotTakenApart() {
        var structure = "(" + STRUCTURE.repeat(2001) + " \"mixed\")";
        var raw = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(2001);
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on("UID FETCH 1 \\(UID BODY.PEEK\\[\\]\\)", (dialogue, tag, command) -> {
                    dialogue.send(
                            ("* 1 FETCH (UID 1 BODY[] {" + raw.length() + "}\r\n" + raw + ")\r\n").getBytes(UTF_8));
                    dialogue.say(tag + " OK");
                })
                .on(
                        "UID FETCH 1 .*",
                        "* 1 FETCH (UID 1 BODYSTRUCTURE " + structure + " BODY[HEADER]<0> \"\")",
                        "{tag} OK"));

        assertThatThrownBy(() -> read(store -> store.open("INBOX", id(7, 1))))
                .isInstanceOf(UpstreamException.NotSupported.class);
    }

    @Test
    void messagesWithinAreOpenedWithTheirHeaders() {
        var within = "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 200 " + ENVELOPE + " (" + STRUCTURE
                + " (\"application\" \"pdf\" NIL NIL NIL \"base64\" 40) \"mixed\") 9)";
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on(
                        "UID FETCH 1 \\(UID BODYSTRUCTURE .*",
                        "* 1 FETCH (UID 1 BODYSTRUCTURE (" + STRUCTURE + within + " \"mixed\") BODY[HEADER]<0> \"\")",
                        "{tag} OK")
                .on(
                        "UID FETCH 1 \\(UID BODY.PEEK\\[1\\].* BODY.PEEK\\[2.HEADER\\].* BODY.PEEK\\[2.1\\].*",
                        "* 1 FETCH (UID 1 BODY[1]<0> \"outer\" BODY[2.HEADER]<0> \"Subject: x\" BODY[2.1]<0> \"inner\")",
                        "{tag} OK"));

        var source = read(store -> store.open("INBOX", id(7, 1)));

        assertThat(source.parts()).containsOnlyKeys("1", "2.HEADER", "2.1");
        assertThat(source.structure().leaves()).extracting(BodyPart::partId).containsExactly("1", "2");
        assertThat(source.structure().allLeaves()).extracting(BodyPart::partId).containsExactly("1", "2", "2.1", "2.2");
    }

    @ParameterizedTest
    @CsvSource({
        "(NIL), (\"text\" \"plain\")",
        "NIL, NIL",
        "\"what\", (((((",
        "(NIL NIL ((((NIL) NIL) 5) NIL NIL NIL NIL NIL NIL NIL NIL), (\"text\"",
    })
    void whatCannotBeReadIsFetchedAnotherWay(String envelope, String structure) {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 3, 2, 10))
                .on(
                        "FETCH 1:2 .*",
                        "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"rubbish\" ENVELOPE " + envelope + " BODYSTRUCTURE "
                                + structure + ")",
                        row(2, "\\Seen"),
                        "{tag} OK")
                .on(
                        "UID FETCH 1 .*",
                        "* 1 FETCH (UID 1 FLAGS (\\Draft) RFC822.SIZE 7 BODY[HEADER]<0> {14}",
                        "Subject: Odd",
                        ")",
                        "{tag} OK"));
        var rows = read(store -> store.newest("INBOX", 10)).messages();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).envelope().subject()).isEqualTo("Odd");
        assertThat(rows.get(1).keywords()).containsExactly(Keyword.DRAFT);
    }

    @Test
    void anAbsurdLiteralEndsTheConnectionAndNotTheMemory() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on("UID FETCH .*", "* 1 FETCH (UID 1 BODY[HEADER] {99999999999999}", "x"));
        assertThatThrownBy(() -> read(store -> store.open("INBOX", id(7, 1)))).isInstanceOf(UpstreamException.class);
    }

    @Test
    void aReaderWhoGoesAwayIsNotTheProvidersFault() {
        serve(script(EVERYTHING)
                .on("SELECT .*", select(7, 2, 1, 10))
                .on("UID FETCH .*", "* 1 FETCH (UID 1 BODY[1] {5}", "Hello)", "{tag} OK"));
        var gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> change(store -> store.writePart("INBOX", id(7, 1), part("1", "7bit"), gone)))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
        var out = new ByteArrayOutputStream();
        change(store -> store.writePart("INBOX", id(7, 1), part("1", "7bit"), out));
        assertThat(out).hasToString("Hello");
    }

    @Test
    void aServerThatAllowsOneConnectionIsMadeDoWith() {
        var signedIn = new AtomicInteger();
        server = ScriptedServer.tls(dialogue -> {
            // The second sign-in is one too many.
            script(EVERYTHING)
                    .on(
                            "AUTHENTICATE .*",
                            (d, tag, command) -> d.say(
                                    signedIn.incrementAndGet() > 1
                                            ? tag + " NO [LIMIT] Maximum number of connections"
                                            : tag + " OK"))
                    .on("SELECT .*", select(7, 2, 1, 10))
                    .on("UID SEARCH .*", "* SEARCH 1", "{tag} OK")
                    .run(dialogue);
        });
        var found = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> read(store -> store.findByMessageId("INBOX", "a@b")))
                .toList();
        assertThat(found).allSatisfy(ids -> assertThat(ids).containsExactly(id(7, 1)));
    }

    @Test
    void twoRejectionsOfAPasswordAreEnough() {
        serve(script(EVERYTHING).on("AUTHENTICATE .*", "{tag} NO [AUTHENTICATIONFAILED] no"));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> upstream.upstream().verify(login()))
                    .isInstanceOf(UpstreamException.CredentialsRejected.class);
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "[UNAVAILABLE], Unavailable",
        "[AUTHENTICATIONFAILED], CredentialsRejected",
        "plain, CredentialsRejected",
        "[PRIVACYREQUIRED], NoTls",
        "Too many simultaneous connections, Unavailable"
    })
    void refusedSignInsAreToldApart(String answer, String kind) {
        serve(script(EVERYTHING).on("AUTHENTICATE .*", "{tag} NO " + answer + " x"));
        assertThatThrownBy(() -> upstream.upstream().verify(login()))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind));
    }

    @Test
    void withoutPlainThePasswordIsQuotedInLogin() {
        serve(script("IMAP4rev1"));
        upstream.upstream().verify(login());
        assertThat(server.received()).anyMatch(line -> line.endsWith("LOGIN anna@example.org \"se\\\"c ret\""));
    }

    @Test
    void rolesAreKnownByNameAndUniqueAndNamesDecoded() {
        serve(script("IMAP4rev1")
                .on(
                        "LIST .*",
                        "* LIST () \"/\" inbox",
                        "* LIST (\\HasChildren) \"/\" \"Gel&APY-scht\"",
                        "* LIST () \"/\" Trash",
                        "* LIST () \"/\" \"INBOX/Entw&APw-rfe\"",
                        "* LIST () \"/\" {7}",
                        "Envoy&-",
                        "* LIST () \"/\" \"Projekte/Archiv\"",
                        "* LIST (\\Noselect) \"/\" Projekte",
                        "{tag} OK")
                .on("LSUB .*", "* LSUB () \"/\" Trash", "{tag} OK")
                .on("STATUS .*", "{tag} OK"));
        List<RemoteMailbox> listed = read(MailStore::mailboxes);
        assertThat(listed)
                .extracting(RemoteMailbox::name)
                .containsExactly(
                        "INBOX", "Gelöscht", "Trash", "INBOX/Entwürfe", "Envoy&", "Projekte/Archiv", "Projekte");
        assertThat(listed)
                .extracting(RemoteMailbox::role)
                .containsExactly(MailboxRole.INBOX, MailboxRole.TRASH, null, MailboxRole.DRAFTS, null, null, null);
        assertThat(listed)
                .filteredOn(RemoteMailbox::subscribed)
                .extracting(RemoteMailbox::name)
                .containsExactly("Trash");
        assertThat(listed).filteredOn(mailbox -> !mailbox.selectable()).hasSize(1);
    }

    @Test
    void aParentThatIsAMailboxAfterAllIsOne() {
        serve(script("IMAP4rev1 LIST-EXTENDED LIST-STATUS")
                .on(
                        "LIST .*",
                        "* LIST (\\Noselect) \"/\" B",
                        "* LIST () \"/\" B/Sub",
                        "* STATUS B/Sub (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 7)",
                        "* LIST (\\Noselect) \"/\" C",
                        "* LIST () \"/\" C/Sub",
                        "* STATUS C/Sub (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 8)",
                        "* LIST (\\Noselect) \"/\" D",
                        "* LIST () \"/\" D/Sub",
                        "* STATUS D/Sub (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 8)",
                        "{tag} OK")
                .on("STATUS \"?D\"? .*", "* STATUS D (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 9)", "{tag} OK")
                .on("SELECT \"?D\"?.*", "{tag} NO cannot be selected")
                .on("SELECT .*", select(9, 4, 3, 10))
                .on("STATUS \"?B\"? .*", "* STATUS B (MESSAGES 3 UNSEEN 1 UIDNEXT 4 UIDVALIDITY 9)", "{tag} OK")
                .on("STATUS \"?C\"? .*", "{tag} NO [NONEXISTENT] no such mailbox"));

        var mailboxes = read(MailStore::mailboxes);

        assertThat(mailboxes)
                .filteredOn(RemoteMailbox::selectable)
                .extracting(RemoteMailbox::name)
                .containsExactlyInAnyOrder("B", "B/Sub", "C/Sub", "D/Sub");
        assertThat(mailboxes)
                .filteredOn(mailbox -> mailbox.name().equals("B"))
                .extracting(RemoteMailbox::total)
                .containsExactly(3);
    }

    /** Dovecot 2.3 tells of the selected mailbox how it was when the connection last heard of it. */
    @ParameterizedTest
    @ValueSource(strings = {"", " UNSELECT"})
    void theListTellsHowAMailboxIsNowThatAConnectionHasSelectedForLong(String unselect) {
        var inSight = new AtomicInteger();
        var there = new AtomicInteger(1);
        serve(script("IMAP4rev1 LIST-EXTENDED LIST-STATUS" + unselect)
                .on("SELECT .*", (dialogue, tag, command) -> {
                    inSight.set(there.get());
                    dialogue.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", tag + " OK [READ-WRITE] done");
                })
                .on("UNSELECT", (dialogue, tag, command) -> {
                    inSight.set(0);
                    dialogue.say(tag + " OK");
                })
                .on("EXAMINE .*", (dialogue, tag, command) -> {
                    inSight.set(0);
                    dialogue.say(tag + " NO there is none");
                })
                .on("LIST .*", (dialogue, tag, command) -> {
                    int told = inSight.get() > 0 ? inSight.get() : there.get();
                    dialogue.say(
                            "* LIST () \"/\" INBOX", "* STATUS INBOX (MESSAGES " + told + " UNSEEN 0)", tag + " OK");
                }));
        change(store -> store.fetch("INBOX", List.of(), row -> {}));
        there.set(2);

        assertThat(read(MailStore::mailboxes)).extracting(RemoteMailbox::total).containsExactly(2);

        change(store -> store.fetch("INBOX", List.of(), row -> {}));
        assertThat(inSight).as("and it is selected anew").hasValue(2);
        assertThat(commands()).doesNotContain("CLOSE");
    }

    @Test
    void lineBreaksInANameNeverReachTheWire() {
        serve(script(EVERYTHING));
        assertThatThrownBy(() -> change(store -> store.createMailbox("a\r\nX DELETE INBOX")))
                .isInstanceOf(UpstreamException.NotSupported.class);
        assertThat(commands()).noneMatch(command -> command.contains("DELETE"));
    }

    @Test
    void theWatchPollsWhereThereIsNoIdle() {
        serve(script("IMAP4rev1")
                .on("SELECT .*", select(7, 2, 1))
                .on("LIST .*", "* LIST () \"/\" INBOX", "{tag} OK")
                .on("LSUB .*", "{tag} OK")
                .on("STATUS .*", "{tag} OK")
                .once("NOOP", "* 2 EXISTS", "{tag} OK"));
        var told = new ArrayList<String>();
        var quick = new TestUpstream("watch-poll", "100ms");
        try (quick;
                var watch = quick.upstream().watch(login(), "INBOX", new Noting(told))) {
            org.awaitility.Awaitility.await().until(() -> told.contains("INBOX"));
        }
        assertThat(told).startsWith("connected");
        assertThat(commands()).contains("NOOP").noneMatch(command -> command.equals("IDLE"));
    }

    @Test
    void theWatchEndsAfterTwoRejections() {
        serve(script(EVERYTHING).on("AUTHENTICATE .*", "{tag} NO [AUTHENTICATIONFAILED] no"));
        var told = new ArrayList<String>();
        try (var watch = upstream.upstream().watch(login(), "INBOX", new Noting(told))) {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(15))
                    .until(() -> told.size() >= 2);
        }
        assertThat(told).containsExactly("lost CredentialsRejected", "lost CredentialsRejected");
        assertThat(server.connections()).isEqualTo(2);
    }

    private record Noting(List<String> told) implements Upstream.Watcher {
        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void mailboxChanged(String mailbox) {
            told.add(mailbox);
        }

        @Override
        public void mailboxesChanged() {
            told.add("mailboxes");
        }

        @Override
        public void lost(UpstreamException why) {
            told.add("lost " + why.getClass().getSimpleName());
        }
    }

    private static ImapScript script(String capabilities) {
        return new ImapScript(capabilities);
    }

    private void serve(ImapScript script) {
        server = ScriptedServer.tls(script);
    }

    private ServerLogin login() {
        return login(1);
    }

    private ServerLogin login(long accountId) {
        var settings = server.settings(Security.TLS);
        return new ServerLogin(accountId, settings, settings, new Credentials("anna@example.org", "se\"c ret"));
    }

    private <T> T read(Upstream.StoreWork<T, RuntimeException> work) {
        return upstream.upstream().withStore(login(), work);
    }

    private interface StoreAction {
        void with(MailStore store) throws IOException;
    }

    private void change(StoreAction action) {
        try {
            upstream.upstream().<Boolean, IOException>withStore(login(), store -> {
                action.with(store);
                return true;
            });
        } catch (IOException e) {
            throw sneaky(e);
        }
    }

    @SuppressWarnings("unchecked") // so that tests see the exception as it was
    private static <X extends Exception> RuntimeException sneaky(Exception e) throws X {
        throw (X) e;
    }

    private List<String> commands() {
        return server.received().stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static RemoteId id(long validity, long uid) {
        return Uids.id(validity, uid);
    }

    private static BodyPart part(String id, String encoding) {
        return new BodyPart(id, "text/plain", null, null, null, null, encoding, 5, List.of());
    }

    private static String row(int number, String flags) {
        return "* " + number + " FETCH (UID " + number + " FLAGS (" + flags
                + ") INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 100 ENVELOPE " + ENVELOPE
                + " BODYSTRUCTURE " + STRUCTURE + " BODY[HEADER.FIELDS (REFERENCES)] \"\")";
    }

    private static String[] select(long validity, long uidNext, int exists) {
        return new String[] {
            "* " + exists + " EXISTS",
            "* OK [UIDVALIDITY " + validity + "] ok",
            "* OK [UIDNEXT " + uidNext + "] ok",
            "{tag} OK [READ-WRITE] done"
        };
    }

    private static String[] select(long validity, long uidNext, int exists, long modSeq) {
        var lines = new ArrayList<>(Arrays.asList(select(validity, uidNext, exists)));
        lines.add(lines.size() - 1, "* OK [HIGHESTMODSEQ " + modSeq + "] ok");
        return lines.toArray(String[]::new);
    }

    private static String[] qresync(String vanished) {
        var lines = new ArrayList<>(Arrays.asList(select(7, 4_000_000_000L, 1, 11)));
        lines.add(lines.size() - 1, vanished);
        return lines.toArray(String[]::new);
    }
}
