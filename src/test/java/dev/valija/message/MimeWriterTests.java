package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.dom.BinaryBody;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write is read back by a parser of other people's making (mime4j). */
class MimeWriterTests {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    private static final Address ANNA = new Address("Anna Beispiel", "anna@example.org");
    private static final Address BOB = new Address(null, "bob@example.net");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello",
                "",
                "Grüße aus Łódź",
                "Привет, мир",
                "日本語の件名をとても長く書いてみると折り返しが必要になるはずなので、もっと書きます",
                "مرحبا بالعالم",
                "שלום עולם",
                "สวัสดีชาวโลก",
                "नमस्ते दुनिया",
                "👩‍👩‍👧‍👦 family 🏳️‍🌈 emoji in a long subject that goes on and on 👍🏽 until it has to be folded somewhere",
                "=?utf-8?Q?not_an_encoded_word?=",
                "two  blanks and a trailing one ",
                "\"quotes\" (comments) <angles>, commas; colons: \\ backslash",
            })
    void everyScriptComesBackAsItWas(String text) throws IOException {
        var sender = new Address(text.isEmpty() ? null : text.strip(), "anna@example.org");
        byte[] raw = MimeWriter.write(new OutgoingMessage(
                sender,
                null,
                List.of(BOB),
                List.of(sender, BOB),
                List.of(),
                List.of(),
                text,
                text + "\nline",
                "<p>" + text,
                List.of(new OutgoingAttachment(
                        text + ".txt", "text/plain", null, text.getBytes(StandardCharsets.UTF_8))),
                null,
                List.of(),
                null,
                "id@example.org",
                NOON));
        var message = parse(raw);

        assertWire(raw);
        assertThat(message.getSubject() == null ? "" : message.getSubject()).isEqualTo(text);
        assertThat(message.getFrom().getFirst().getName()).isEqualTo(sender.name());
        assertThat(message.getCc().flatten())
                .extracting(Mailbox::getAddress)
                .containsExactly("anna@example.org", "bob@example.net");
        var mixed = (Multipart) message.getBody();
        var alternative = (Multipart) mixed.getBodyParts().getFirst().getBody();
        assertThat(text(alternative.getBodyParts().getFirst())
                        .replace(" \n", " ")
                        .strip())
                .isEqualTo((text.stripTrailing() + "\nline").strip());
        assertThat(text(alternative.getBodyParts().get(1))).contains("<p>" + text);
        assertThat(MimeReader.read(raw).structure().children().get(1).name()).isEqualTo(FileNames.clean(text + ".txt"));
        assertThat(new String(content(mixed.getBodyParts().get(1)), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(MimeReader.read(raw).envelope().subject()).isEqualTo(HeaderDecoder.clean(text, 1000));
    }

    @Test
    void theStructureIsMixedRelatedAlternative() throws IOException {
        byte[] raw = MimeWriter.write(message(
                "Hi",
                null,
                "<p>Hi <img src=\"cid:logo@example.org\"></p>",
                new OutgoingAttachment("logo.png", "image/png", "logo@example.org", new byte[] {1, 2, 3}),
                new OutgoingAttachment("unused.png", "image/png", "unused@example.org", new byte[] {4}),
                new OutgoingAttachment("a.pdf", "application/pdf", null, new byte[] {5, 6})));
        var message = parse(raw);

        assertWire(raw);
        assertThat(message.getMimeType()).isEqualTo("multipart/mixed");
        var parts = ((Multipart) message.getBody()).getBodyParts();
        assertThat(parts)
                .extracting(Entity::getMimeType)
                .containsExactly("multipart/related", "image/png", "application/pdf");
        var related = ((Multipart) parts.getFirst().getBody()).getBodyParts();
        assertThat(related).extracting(Entity::getMimeType).containsExactly("multipart/alternative", "image/png");
        assertThat(related.get(1).getDispositionType()).isEqualTo("inline");
        assertThat(related.get(1).getHeader().getField("Content-ID").getBody()).isEqualTo("<logo@example.org>");
        var texts = ((Multipart) related.getFirst().getBody()).getBodyParts();
        assertThat(texts).extracting(Entity::getMimeType).containsExactly("text/plain", "text/html");
        assertThat(text(texts.getFirst())).isEqualTo("Hi");
        assertThat(content(parts.get(2))).containsExactly(5, 6);
    }

    @Test
    void aPlainMessageHasOnePart() throws IOException {
        var message = parse(MimeWriter.write(message("Hi", "Hello\nBob", null)));

        assertThat(message.getMimeType()).isEqualTo("text/plain");
        assertThat(message.getHeader().getField("MIME-Version").getBody()).isEqualTo("1.0");
        assertThat(text(message)).isEqualTo("Hello\nBob\n");
    }

    @Test
    void bccIsNotInTheOctets() {
        String raw = new String(
                MimeWriter.write(new OutgoingMessage(
                        ANNA,
                        null,
                        List.of(),
                        List.of(),
                        List.of(new Address("Secret", "secret@example.com")),
                        List.of(),
                        "Hi",
                        "x",
                        null,
                        List.of(),
                        null,
                        List.of(),
                        null,
                        "id@example.org",
                        NOON)),
                StandardCharsets.US_ASCII);

        assertThat(raw).doesNotContainIgnoringCase("secret").contains("To: undisclosed-recipients:;");
    }

    @Test
    void answersNameWhatTheyAnswer() {
        var references = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            references.add("reference-" + i + "@example.org");
        }
        byte[] raw = MimeWriter.write(new OutgoingMessage(
                ANNA,
                null,
                List.of(BOB),
                List.of(),
                List.of(),
                List.of(ANNA),
                "Re: Hi",
                "x",
                null,
                List.of(),
                "reference-199@example.org",
                references,
                null,
                "new@example.org",
                NOON));
        var envelope = MimeReader.read(raw).envelope();

        assertWire(raw);
        assertThat(envelope.inReplyTo()).containsExactly("reference-199@example.org");
        assertThat(envelope.references()).startsWith("reference-0@example.org").endsWith("reference-199@example.org");
        assertThat(envelope.messageId()).isEqualTo("new@example.org");
        assertThat(envelope.replyTo()).containsExactly(ANNA);
        assertThat(envelope.sentAt()).isEqualTo(NOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b", "a\u007fb"})
    void nothingBreaksOutOfItsField(String hostile) {
        var attachment = new OutgoingAttachment(hostile, "text/plain", null, new byte[0]);
        assertThatThrownBy(() -> MimeWriter.write(message(hostile, "x", null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MimeWriter.write(message("x", "x", null, attachment)))
                .isInstanceOf(IllegalArgumentException.class);
        for (var address :
                List.of(new Address(hostile, "a@example.org"), new Address(null, hostile + "@example.org"))) {
            assertThatThrownBy(() -> MimeWriter.write(new OutgoingMessage(
                            ANNA,
                            null,
                            List.of(address),
                            List.of(),
                            List.of(),
                            List.of(),
                            "x",
                            "x",
                            null,
                            List.of(),
                            null,
                            List.of(),
                            null,
                            "id@example.org",
                            NOON)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> MimeWriter.write(new OutgoingMessage(
                        ANNA,
                        null,
                        List.of(BOB),
                        List.of(),
                        List.of(),
                        List.of(),
                        "x",
                        "x",
                        null,
                        List.of(),
                        hostile,
                        List.of(),
                        null,
                        "id@example.org",
                        NOON)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "@example.org",
                "a@",
                "a b@example.org",
                "a@exa mple.org",
                "a@example.org,b@example.org",
                "<a@example.org>",
                "a@b@example.org",
                "\", <b@example.org>, \"@example.org",
                "\"a>b\"@example.org",
                "иииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииии"
                        + "иииииииииииииииииииииииииииииииииииииииииииииии@example.org",
                "a@bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb"
                        + ".bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb"
                        + ".bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb.bb",
                "a@example.org?subject=x",
                "a@=?utf-8?q?example.org?=",
                "jö rg@example.org",
                "jö\u00a0rg@example.org",
                "jö\u202erg@example.org",
                "jö\u200brg@example.org",
                "jö\u0085rg@example.org",
                "jö\u2028rg@example.org",
                "jö\ud800rg@example.org",
                "jö\rrg@example.org",
                "<jörg@example.org>"
            })
    void whatIsNoAddressIsRefused(String email) {
        assertThatThrownBy(() -> MimeWriter.wireAddress(email)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jörg@example.org", "почта@example.org", "用户@bücher.example", "उपयोगकर्ता@example.org"})
    void whoIsBeyondAsciiIsWrittenAsTheyAre(String email) {
        var other = new Address("Grüße", email);
        byte[] raw = MimeWriter.write(new OutgoingMessage(
                ANNA,
                null,
                List.of(BOB),
                List.of(other),
                List.of(),
                List.of(other),
                "Hi",
                "Hello",
                null,
                List.of(),
                null,
                List.of(),
                null,
                "1@example.org",
                NOON));
        String wire = MimeWriter.wireAddress(email);
        assertThat(wire).startsWith(email.substring(0, email.indexOf('@') + 1)).matches("[^@]+@[a-z.0-9-]+");
        assertThat(new String(raw, StandardCharsets.UTF_8))
                .contains("Cc: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= <" + wire + ">\r\n");
        assertThat(MimeReader.read(raw).envelope().cc()).containsExactly(new Address("Grüße", wire));
        assertThat(MimeReader.read(raw).envelope().replyTo()).containsExactly(new Address("Grüße", wire));
    }

    @Test
    void internationalDomainsGoOutAsALabels() {
        assertThat(MimeWriter.wireAddress("anna@bücher.example")).isEqualTo("anna@xn--bcher-kva.example");
        assertThat(MimeWriter.newMessageId("anna@bücher.example")).matches("[0-9a-f]{32}@xn--bcher-kva.example");
    }

    @Test
    void longLinesStayWithinTheLimitsOfTheWire() throws IOException {
        String words = "word ".repeat(5000);
        String endless = "x".repeat(5000);
        byte[] raw = MimeWriter.write(message(
                "word ".repeat(500), words + "\n" + endless + "\n.\nFrom me\n> quoted\n\n-- \nAnna", "<p>" + endless));
        var message = parse(raw);

        assertWire(raw);
        String text = text(((Multipart) message.getBody()).getBodyParts().getFirst());
        String unflowed = text.replaceAll("(?<!--) \n ?", " ");
        assertThat(unflowed).contains("word word", endless, "\n.\n", "\n From me\n", "\n> quoted\n", "\n-- \nAnna");
    }

    @Test
    void anAttachedMessageIsNotEncoded() throws IOException {
        byte[] inner = MimeWriter.write(message("Inner", "Hi", null));
        var outer = parse(MimeWriter.write(
                message("Outer", "x", null, new OutgoingAttachment("m.eml", "message/rfc822", null, inner))));

        var part = ((Multipart) outer.getBody()).getBodyParts().get(1);
        assertThat(part.getMimeType()).isEqualTo("message/rfc822");
        assertThat(((Message) part.getBody()).getSubject()).isEqualTo("Inner");
    }

    @Test
    void aDraftTellsBccAndNeedNotBeForAnybody() {
        var secret = new Address("Sam", "secret@example.org");
        var draft = new OutgoingMessage(
                new Address(null, "me@example.org"),
                null,
                List.of(),
                List.of(),
                List.of(secret),
                List.of(),
                "Not yet",
                "text",
                null,
                List.of(),
                null,
                List.of(),
                null,
                "id@example.org",
                Instant.EPOCH);

        var raw = new String(MimeWriter.writeDraft(draft), StandardCharsets.US_ASCII);

        assertThat(raw).contains("\r\nBcc: Sam <secret@example.org>\r\n").doesNotContain("undisclosed");
        assertThat(new String(MimeWriter.write(draft), StandardCharsets.US_ASCII))
                .as("never in what is sent")
                .doesNotContain("secret@example.org")
                .contains("undisclosed");
    }

    @Test
    void theSendersOwnCopyMayTellBcc() {
        assertThat(new String(MimeWriter.bccField(List.of(ANNA, BOB)), StandardCharsets.US_ASCII))
                .isEqualTo("Bcc: Anna Beispiel <anna@example.org>, bob@example.net\r\n");
        assertThat(MimeWriter.bccField(List.of())).isEmpty();
    }

    private static OutgoingMessage message(
            String subject, String text, String html, OutgoingAttachment... attachments) {
        return new OutgoingMessage(
                ANNA,
                null,
                List.of(BOB),
                List.of(),
                List.of(),
                List.of(),
                subject,
                text,
                html,
                List.of(attachments),
                null,
                List.of(),
                null,
                "id@example.org",
                NOON);
    }

    /** RFC 5322 2.1.1: ASCII header, CRLF only, at most 998 octets to a line; header lines below 78 where they can. */
    @Test
    void aWishToBeToldNamesWhoIsToBeTold() throws IOException {
        var message = parse(MimeWriter.write(new OutgoingMessage(
                ANNA,
                null,
                List.of(BOB),
                List.of(),
                List.of(),
                List.of(),
                "Hi",
                "Hello",
                null,
                List.of(),
                null,
                List.of(),
                ANNA,
                "1@example.org",
                NOON)));
        assertThat(message.getHeader().getField("Disposition-Notification-To").getBody())
                .isEqualTo("Anna Beispiel <anna@example.org>");
    }

    @Test
    void aReceiptIsAReportOfTwoParts() throws IOException {
        var told = new OutgoingDisposition("anna@bücher.example", "asked@example.net");
        byte[] raw = MimeWriter.write(
                new OutgoingMessage(
                        ANNA,
                        null,
                        List.of(BOB),
                        List.of(),
                        List.of(),
                        List.of(),
                        "Gelesen: Hi",
                        "Die Nachricht wurde angezeigt – für Anna.",
                        null,
                        List.of(),
                        "asked@example.net",
                        List.of("asked@example.net"),
                        null,
                        "1@example.org",
                        NOON),
                told);
        var message = parse(raw);
        assertThat(message.getMimeType()).isEqualTo("multipart/report");
        assertThat(message.getHeader().getField("Content-Type").getBody())
                .contains("report-type=disposition-notification");
        var parts = ((Multipart) message.getBody()).getBodyParts();
        assertThat(parts)
                .extracting(Entity::getMimeType)
                .containsExactly("text/plain", "message/disposition-notification");
        var report = MimeReader.read(raw);
        var fields = report.text(report.structure().children().get(1));
        assertThat(fields.lines())
                .contains(
                        "Final-Recipient: rfc822;anna@xn--bcher-kva.example",
                        "Original-Message-ID: <asked@example.net>",
                        "Disposition: manual-action/MDN-sent-manually; displayed");
        var read = DeliveryReport.read(
                "message/disposition-notification", fields.getBytes(StandardCharsets.US_ASCII), null);
        assertThat(read.recipients().getFirst().outcome()).isEqualTo(DeliveryReport.Outcome.DISPLAYED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: b@c.d", "a b", "a>b@c", "\u0000", "ü>@c"})
    void aReceiptNamesNoIdThatIsNone(String id) {
        assertThatThrownBy(() -> new OutgoingDisposition("anna@example.org", id).text())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OutgoingDisposition(id, null).text()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReaderBeyondAsciiIsNamedInAscii() {
        assertThat(new OutgoingDisposition("jörg+a@bücher.example", null).text())
                .contains("Final-Recipient: utf-8;j\\x{F6}rg\\x{2B}a@xn--bcher-kva.example\r\n")
                .isEqualTo(new String(
                        new OutgoingDisposition("jörg+a@bücher.example", null)
                                .text()
                                .getBytes(StandardCharsets.US_ASCII),
                        StandardCharsets.US_ASCII));
    }

    private static void assertWire(byte[] raw) {
        String wire = new String(raw, StandardCharsets.ISO_8859_1);
        assertThat(wire.chars()).allMatch(c -> c < 0x80 && c != 0);
        assertThat(wire.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(wire.split("\r\n", -1)).allMatch(line -> line.length() <= 998);
        assertThat(wire.substring(0, wire.indexOf("\r\n\r\n")).split("\r\n"))
                .allMatch(line -> line.length() <= 250 && !line.isBlank());
    }

    private static Message parse(byte[] raw) throws IOException {
        var builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.STRICT);
        return builder.parseMessage(new ByteArrayInputStream(raw));
    }

    private static String text(Entity entity) throws IOException {
        var out = new ByteArrayOutputStream();
        ((TextBody) entity.getBody()).writeTo(out);
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static byte[] content(Entity entity) throws IOException {
        var out = new ByteArrayOutputStream();
        if (entity.getBody() instanceof BinaryBody body) {
            body.writeTo(out);
        } else {
            ((TextBody) entity.getBody()).writeTo(out);
        }
        return out.toByteArray();
    }
}
