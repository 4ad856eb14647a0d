package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.message.BodyPart;
import dev.valija.message.Keyword;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Single messages: rows, texts, parts, keywords, and their ways from mailbox to mailbox. */
interface MessageContract extends StoreFixture {

    /** RFC 9051 5.2: a connection need not know of mail that came since its last command, though others do. */
    @Test
    default void aMessageThatCameSinceTheMailboxWasSelectedIsThere() {
        var old = put(INBOX, Mails.plain("Old"));
        assertThat(rows(INBOX, List.of(old))).hasSize(1);
        var mail = Mails.plain("New");
        var arrived = new ArrayList<RemoteId>();
        elsewhere(store -> {
            store.append(INBOX, mail.stream(), mail.size(), Set.of(), Mails.NOON);
            arrived.addAll(store.findByMessageId(INBOX, mail.messageId()));
        });
        run(store -> store.changeKeywords(INBOX, arrived, Set.of(Keyword.SEEN), Set.of()));
        elsewhere(store ->
                store.fetch(INBOX, arrived, row -> assertThat(row.keywords()).containsExactly(Keyword.SEEN)));
        assertThat(rows(INBOX, arrived)).hasSize(1);
    }

    /** The ids of a mailbox mean nothing in the one that has its name by now. */
    @Test
    default void nothingIsMovedOutOfAMailboxThatHasTakenAnothersName() {
        nothingIsMovedOutOfAnother(() -> put("Projects", Mails.plain("Old")));
    }

    /** @param put puts a message into Projects, which will be renamed away */
    default void nothingIsMovedOutOfAnother(Supplier<RemoteId> put) {
        run(store -> {
            store.createMailbox("Projects");
            store.createMailbox("Target");
        });
        var old = put.get();
        assertThat(rows("Projects", List.of(old))).hasSize(1);
        var mail = Mails.plain("Other");
        elsewhere(store -> {
            store.createMailbox("New");
            store.append("New", mail.stream(), mail.size(), Set.of(), Mails.NOON);
            store.renameMailbox("Projects", "Past");
            store.renameMailbox("New", "Projects");
        });
        try {
            run(store -> store.move("Projects", List.of(old), "Target"));
        } catch (UpstreamException e) {
            // Refused, or nothing is said, as of any id that is not there.
        }
        assertThat(listed("Projects").total()).isEqualTo(1);
        assertThat(listed("Target").total()).isZero();
    }

    @Test
    default void theNewestComeFirst() {
        var all = new ArrayList<RemoteId>();
        for (int i = 0; i < 5; i++) {
            all.add(put(INBOX, Mails.plain("Number " + i)));
        }
        var newest = store(store -> store.newest(INBOX, 3));
        assertThat(newest.total()).isEqualTo(5);
        assertThat(newest.messages()).extracting(RemoteMessage::id).containsExactly(all.get(4), all.get(3), all.get(2));
        assertThat(newest.messages().getFirst().envelope().subject()).isEqualTo("Number 4");
    }

    @Test
    default void anEmptyMailboxHasNoNewest() {
        MailStore.Newest newest = store(store -> store.newest(INBOX, 50));
        assertThat(newest).isEqualTo(new MailStore.Newest(0, List.of()));
    }

    @Test
    default void aRowTellsAllThatAListShows() {
        var parent = Mails.plain("Grüße aus 東京");
        var mail = Mails.rich("Re: Grüße aus 東京")
                .from("Zoë Müller", "zoe@example.org")
                .cc("Bob", "bob@example.org")
                .replyTo(parent);
        var id = put(INBOX, mail, Instant.parse("2026-03-15T08:30:00Z"), Keyword.FLAGGED);

        var row = row(INBOX, id);

        assertThat(row.size()).isEqualTo(mail.size());
        assertThat(row.receivedAt()).isEqualTo("2026-03-15T08:30:00Z");
        assertThat(row.keywords()).containsExactly(Keyword.FLAGGED);
        var envelope = row.envelope();
        assertThat(envelope.subject()).isEqualTo("Re: Grüße aus 東京");
        assertThat(envelope.messageId()).isEqualTo(mail.messageId());
        assertThat(envelope.inReplyTo()).containsExactly(parent.messageId());
        assertThat(envelope.references()).containsExactly(parent.messageId());
        assertThat(envelope.sentAt()).isEqualTo(Mails.NOON);
        assertThat(envelope.from()).singleElement().satisfies(from -> {
            assertThat(from.name()).isEqualTo("Zoë Müller");
            assertThat(from.email()).isEqualTo("zoe@example.org");
        });
        assertThat(envelope.to()).singleElement().extracting("email").isEqualTo("luis@example.org");
        assertThat(envelope.cc()).singleElement().extracting("email").isEqualTo("bob@example.org");
        assertThat(row.structure().type()).isEqualTo("multipart/mixed");
        assertThat(row.structure().leaves())
                .extracting(BodyPart::type)
                .containsExactly("text/plain", "text/html", "image/png", "application/pdf");
        assertThat(row.structure().leaves()).extracting(BodyPart::partId).containsExactly("1.1.1", "1.1.2", "1.2", "2");
        assertThat(row.structure().leaves().filter(BodyPart::isAttachment))
                .extracting(BodyPart::name)
                .containsExactly("report.pdf");
    }

    @Test
    default void aRowMayLackEverything() {
        var bare = Mails.plain("")
                .header("Subject", null)
                .header("To", null)
                .header("Date", null)
                .header("From", null);
        var row = row(INBOX, put(INBOX, bare));
        assertThat(row.envelope().subject()).isEmpty();
        assertThat(row.envelope().from()).isEmpty();
        assertThat(row.envelope().to()).isEmpty();
        assertThat(row.envelope().sentAt()).isNull();
    }

    @Test
    default void messagesThatAreGoneArePassedOver() {
        var there = put(INBOX, Mails.plain("There"));
        var gone = put(INBOX, Mails.plain("Gone"));
        elsewhere(store -> store.delete(INBOX, List.of(gone)));

        assertThat(rows(INBOX, List.of(there, gone)))
                .extracting(RemoteMessage::id)
                .containsExactly(there);
        run(store -> store.changeKeywords(INBOX, List.of(there, gone), Set.of(Keyword.SEEN), Set.of()));
        assertThat(row(INBOX, there).keywords()).containsExactly(Keyword.SEEN);
        Map<RemoteId, String> previews = store(store -> store.previews(INBOX, List.of(there, gone)));
        assertThat(previews).containsOnlyKeys(there);
        run(store -> store.delete(INBOX, List.of(gone)));
        run(store -> store.createMailbox("Elsewhere"));
        run(store -> store.move(INBOX, List.of(gone, there), "Elsewhere"));
        assertThat(ids("Elsewhere")).hasSize(1);
    }

    @Test
    default void openingGivesTheTextsAndNoAttachment() {
        var mail = Mails.rich("Report");
        var id = put(INBOX, mail);

        var source = store(store -> store.open(INBOX, id));

        assertThat(text(source.header())).contains("Subject: Report").endsWith("\r\n\r\n");
        assertThat(source.parts()).containsOnlyKeys("1.1.1", "1.1.2");
        assertThat(text(source.parts().get("1.1.1"))).isEqualTo("Look at the red.");
        assertThat(source.structure().leaves()).hasSize(4);
        assertThat(row(INBOX, id).keywords()).as("reading marks nothing").isEmpty();
    }

    @Test
    default void openingAPlainMessageGivesPartOne() {
        var id = put(INBOX, Mails.plain("Hello", "Grüße"));
        var source = store(store -> store.open(INBOX, id));
        assertThat(source.structure().partId()).isEqualTo("1");
        assertThat(text(source.parts().get("1"))).isEqualTo("Grüße\r\n");
    }

    @Test
    default void aPartIsWrittenWithoutItsEncoding() {
        var content = Mails.noise(200_000);
        var id = put(INBOX, Mails.withAttachment("Data", "daten für März.bin", "application/octet-stream", content));
        var attachment = row(INBOX, id)
                .structure()
                .leaves()
                .filter(BodyPart::isAttachment)
                .findFirst()
                .orElseThrow();

        assertThat(attachment.name()).isEqualTo("daten für März.bin");
        assertThat(written((store, out) -> store.writePart(INBOX, id, attachment, out)))
                .isEqualTo(content);
    }

    @Test
    default void aQuotedPrintablePartIsWrittenDecoded() {
        var html = "<p>Grüße = グリーティング</p>";
        var id = put(INBOX, Mails.html("Hello", html));
        var part = row(INBOX, id).structure();
        assertThat(text(written((store, out) -> store.writePart(INBOX, id, part, out))))
                .isEqualTo(html + "\r\n");
    }

    @Test
    default void aMessageIsWrittenOctetForOctet() {
        for (Mail mail :
                List.of(Mails.rich("Rich"), Mails.eightBitHeader("Grüße"), Mails.plain("Eight", "Zoë\n.\n..two\n"))) {
            var id = put(INBOX, mail);
            assertThat(written((store, out) -> store.writeRaw(INBOX, id, out))).isEqualTo(mail.bytes());
        }
    }

    @Test
    default void whatIsGoneCannotBeOpenedNorWritten() {
        var here = put(INBOX, Mails.plain("Here"));
        var gone = put(INBOX, Mails.plain("Gone"));
        var part = row(INBOX, gone).structure();
        var noSuchPart = new BodyPart("7.7", "text/plain", null, null, null, null, "7bit", 10, List.of());
        elsewhere(store -> store.delete(INBOX, List.of(gone)));

        var out = new ByteArrayOutputStream();
        assertNotFound(store -> store.open(INBOX, gone));
        assertNotFound(store -> store.writePart(INBOX, gone, part, out));
        assertNotFound(store -> store.writeRaw(INBOX, gone, out));
        assertNotFound(store -> store.writePart(INBOX, here, noSuchPart, out));
        assertThat(out.size()).isZero();
    }

    @Test
    default void previewsAreTheFirstWords() {
        var plain = put(INBOX, Mails.plain("Plain", "Good   morning,\n\nhere  is the\treport."));
        var html = put(INBOX, Mails.html("Html", "<style>p{color:red}</style><p>Good <b>evening</b></p>"));
        var rich = put(INBOX, Mails.rich("Rich"));
        var many = put(INBOX, Mails.plain("Long", "many words ".repeat(200)));

        var previews = store(store -> store.previews(INBOX, List.of(plain, html, rich, many)));

        assertThat(previews.get(plain)).startsWith("Good morning, here is the report.");
        assertThat(previews.get(html)).startsWith("Good evening");
        assertThat(previews.get(rich)).startsWith("Look at the red.");
        assertThat(previews.get(many))
                .startsWith("many words many")
                .hasSizeLessThanOrEqualTo(256)
                .hasSizeGreaterThan(100);
    }

    @Test
    default void keywordsComeAndGo() {
        var one = put(INBOX, Mails.plain("One"), Keyword.FLAGGED);
        var two = put(INBOX, Mails.plain("Two"));

        run(store -> store.changeKeywords(
                INBOX, List.of(one, two), Set.of(Keyword.SEEN, Keyword.ANSWERED), Set.of(Keyword.FLAGGED)));

        assertThat(everything(INBOX))
                .isEqualTo(Map.of(
                        one, Set.of(Keyword.SEEN, Keyword.ANSWERED), two, Set.of(Keyword.SEEN, Keyword.ANSWERED)));

        run(store -> store.changeKeywords(INBOX, List.of(one), Set.of(), Set.of(Keyword.SEEN, Keyword.ANSWERED)));
        assertThat(row(INBOX, one).keywords()).isEmpty();
    }

    @Test
    default void keywordsOfAnyNameAreKeptWhereTheStoreSaysSo() {
        org.junit.jupiter.api.Assumptions.assumeTrue(can(Capability.ANY_KEYWORD), "the store keeps no such keywords");
        var id = put(INBOX, Mails.plain("One"), new Keyword("project-x"));
        run(store -> store.changeKeywords(INBOX, List.of(id), Set.of(Keyword.FORWARDED, Keyword.JUNK), Set.of()));
        assertThat(row(INBOX, id).keywords())
                .containsExactlyInAnyOrder(new Keyword("project-x"), Keyword.FORWARDED, Keyword.JUNK);
    }

    @Test
    default void movedMessagesKeepEverythingButTheirId() {
        run(store -> store.createMailbox("Projects"));
        var one = put(INBOX, Mails.rich("One"), Instant.parse("2026-01-01T10:00:00Z"), Keyword.SEEN);
        var two = put(INBOX, Mails.plain("Two"));
        var stays = put(INBOX, Mails.plain("Stays"));

        var ids = store(store -> store.move(INBOX, List.of(one, two), "Projects"));

        assertThat(ids(INBOX)).containsExactly(stays);
        var moved = rows("Projects", ids("Projects"));
        assertThat(moved).extracting(row -> row.envelope().subject()).containsExactlyInAnyOrder("One", "Two");
        var first = moved.stream()
                .filter(row -> row.envelope().subject().equals("One"))
                .findFirst()
                .orElseThrow();
        assertThat(first.keywords()).containsExactly(Keyword.SEEN);
        assertThat(first.receivedAt()).isEqualTo("2026-01-01T10:00:00Z");
        if (!ids.isEmpty()) {
            assertThat(ids).containsOnlyKeys(one, two).containsEntry(one, first.id());
        }
    }

    @Test
    default void copiesLeaveTheOriginal() {
        run(store -> store.createMailbox("Projects"));
        var one = put(INBOX, Mails.plain("One"), Keyword.FLAGGED);

        var ids = store(store -> store.copy(INBOX, List.of(one), "Projects"));

        assertThat(ids(INBOX)).containsExactly(one);
        var copy = rows("Projects", ids("Projects"));
        assertThat(copy)
                .singleElement()
                .satisfies(row -> assertThat(row.keywords()).containsExactly(Keyword.FLAGGED));
        if (!ids.isEmpty()) {
            assertThat(ids).isEqualTo(Map.of(one, copy.getFirst().id()));
        }
    }

    @Test
    default void deletingTakesTheseAndNoOthers() {
        var one = put(INBOX, Mails.plain("One"));
        var two = put(INBOX, Mails.plain("Two"));
        var marked = Mails.plain("Three");
        put(INBOX, marked);
        markDeletedElsewhere(INBOX, marked);

        run(store -> store.delete(INBOX, List.of(one)));

        assertThat(ids(INBOX)).contains(two).doesNotContain(one);
        assertThat(isThereElsewhere(INBOX, marked)).isTrue();
    }

    /** Another program marks a message \Deleted and leaves it there, where the provider knows such a thing. */
    default void markDeletedElsewhere(String mailbox, Mail mail) {}

    /** Whether another program finds it, marks or not. */
    default boolean isThereElsewhere(String mailbox, Mail mail) {
        List<RemoteId> found = store(store -> store.findByMessageId(mailbox, mail.messageId()));
        return !found.isEmpty();
    }

    @Test
    default void hundredsGoAtOnce() {
        run(store -> store.createMailbox("Projects"));
        var all = new ArrayList<RemoteId>();
        for (int i = 0; i < 120; i++) {
            all.add(put(INBOX, Mails.plain("Number " + i)));
        }
        var even = all.stream().filter(id -> all.indexOf(id) % 2 == 0).toList();
        run(store -> store.changeKeywords(INBOX, even, Set.of(Keyword.SEEN), Set.of()));
        run(store -> store.move(INBOX, even, "Projects"));
        assertThat(everything("Projects").values()).hasSize(60).containsOnly(Set.of(Keyword.SEEN));
        assertThat(ids(INBOX)).hasSize(60).doesNotContainAnyElementsOf(even);
    }

    @Test
    default void anAppendedMessageHasItsDateAndKeywords() {
        var id = put(INBOX, Mails.plain("Draft"), Instant.parse("2025-12-24T18:00:00Z"), Keyword.DRAFT, Keyword.SEEN);
        var row = row(INBOX, id);
        assertThat(row.receivedAt()).isEqualTo("2025-12-24T18:00:00Z");
        assertThat(row.keywords()).containsExactlyInAnyOrder(Keyword.DRAFT, Keyword.SEEN);
    }

    @Test
    default void aMessageIsFoundByItsMessageId() {
        var mail = Mails.plain("Wanted");
        put(INBOX, Mails.plain("Other"));
        var id = put(INBOX, mail);
        List<RemoteId> found = store(store -> store.findByMessageId(INBOX, mail.messageId()));
        assertThat(found).containsExactly(id);
        List<RemoteId> none = store(store -> store.findByMessageId(INBOX, "nobody@example.org"));
        assertThat(none).isEmpty();
    }

    @Test
    default void aRedirectedMessageIsFoundByItsOwnId() {
        var mail = Mails.plain("Sent on");
        put(INBOX, mail);
        var id = put(INBOX, mail.header("Resent-Message-ID", "<resent-1@example.org>"));
        List<RemoteId> found = store(store -> store.findByResentMessageId(INBOX, "resent-1@example.org"));
        assertThat(found).containsExactly(id);
        List<RemoteId> both = store(store -> store.findByMessageId(INBOX, mail.messageId()));
        assertThat(both).hasSize(2);
        List<RemoteId> none = store(store -> store.findByResentMessageId(INBOX, mail.messageId()));
        assertThat(none).isEmpty();
    }

    private void assertNotFound(StoreAction action) {
        assertThatThrownBy(() -> run(action)).isInstanceOf(UpstreamException.NotFound.class);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
