package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.HtmlToText;
import dev.valija.message.MimeReader;
import dev.valija.message.Preview;
import dev.valija.message.TransferEncoding;
import dev.valija.message.Unpacked;
import dev.valija.upstream.MessageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every {@code mail/*.eml} is one quirk of real mail; the {@code .json} beside it says how a reader must see it. With
 * {@code VALIJA_WRITE_FIXTURES} set the answers are written instead, to be read before they are committed.
 */
class MailFixturesTests {
    private static final Path FOLDER = Path.of("src/test/resources/mail");
    private static final int LONGEST_TEXT = 400;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Stream<String> mails() {
        try (var files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".eml"))
                    .map(name -> name.replace(".eml", ""))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("mails")
    void isReadAsItsWriterMeantIt(String name) throws IOException {
        String read = JSON.writeValueAsString(describe(Files.readAllBytes(FOLDER.resolve(name + ".eml")))) + "\n";
        Path expected = FOLDER.resolve(name + ".json");
        if (System.getenv("VALIJA_WRITE_FIXTURES") != null) {
            Files.writeString(expected, read);
        }

        assertThat(read).isEqualTo(Files.readString(expected));
    }

    @Test
    void thereIsOneMailForEachOfManyQuirks() {
        assertThat(mails()).hasSizeGreaterThanOrEqualTo(150);
    }

    /** What a reader is shown of a mail. */
    static Map<String, Object> describe(byte[] raw) {
        var parsed = MimeReader.read(raw);
        var shown = new LinkedHashMap<String, Object>();
        envelope(shown, parsed.envelope());
        if (parsed.isOverBudget()) {
            shown.put("isSource", true);
            return shown;
        }
        var source = MessageSource.of(parsed);
        var opened = Opened.of(new MessageKey(1, 1), source);
        var tree = new ArrayList<String>();
        tree(opened.structure(), "", tree);
        shown.put("structure", tree);
        content(shown, opened.content(), part -> octets(parsed, source, part));
        protection(shown, opened.protection());
        if (opened.report() != null) {
            shown.put("report", ReportView.of(opened.report()));
        }
        if (!opened.embedded().isEmpty()) {
            shown.put(
                    "embedded",
                    opened.embedded().stream()
                            .map(one -> embedded(one, part -> octets(parsed, source, part)))
                            .toList());
        }
        return shown;
    }

    private interface Sizes {
        int of(BodyPart part);
    }

    private static Map<String, Object> embedded(Embedded one, Sizes sizes) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("partId", one.partId());
        envelope(shown, one.envelope());
        content(shown, one.content(), sizes);
        protection(shown, one.protection());
        return shown;
    }

    private static int octets(dev.valija.message.ParsedMessage parsed, MessageSource source, BodyPart part) {
        if (Unpacked.isWithin(part.partId())) {
            var octets = Unpacked.of(source.structure(), source.parts()).parts().get(part.partId());
            return TransferEncoding.decode(octets, part.encoding()).length;
        }
        return parsed.decoded(part).orElseThrow().length;
    }

    private static void envelope(Map<String, Object> shown, Envelope envelope) {
        shown.put("subject", envelope.subject());
        people(shown, "from", envelope.from());
        people(shown, "to", envelope.to());
        people(shown, "cc", envelope.cc());
        people(shown, "replyTo", envelope.replyTo());
        shown.put("messageId", envelope.messageId());
        list(shown, "inReplyTo", envelope.inReplyTo());
        list(shown, "references", envelope.references());
        shown.put("sentAt", envelope.sentAt() == null ? null : envelope.sentAt().toString());
    }

    private static void content(Map<String, Object> shown, Content content, Sizes sizes) {
        shown.put("text", cut(content.text()));
        if (content.hasHtml()) {
            shown.put("page", cut(HtmlToText.of(content.html())));
        }
        if (content.cut()) {
            shown.put("cut", true);
        }
        if (content.text() != null) {
            shown.put("preview", Preview.ofText(content.text()));
        }
        list(
                shown,
                "attachments",
                content.attachments().stream()
                        .map(part -> "%s %s %d octets%s"
                                .formatted(
                                        part(part),
                                        DownloadNames.of(part),
                                        sizes.of(part),
                                        content.images().contains(part.partId()) ? ", shown in the page" : ""))
                        .toList());
    }

    private static void protection(Map<String, Object> shown, Protection protection) {
        if (protection.signed() != null) {
            shown.put("signed", protection.signed());
        }
        if (protection.encrypted() != null) {
            shown.put("encrypted", protection.encrypted());
        }
    }

    private static void people(Map<String, Object> shown, String name, List<Address> people) {
        list(
                shown,
                name,
                people.stream()
                        .map(one -> one.name() == null ? one.email() : one.name() + " <" + one.email() + ">")
                        .toList());
    }

    private static void list(Map<String, Object> shown, String name, List<String> values) {
        if (!values.isEmpty()) {
            shown.put(name, values);
        }
    }

    private static void tree(BodyPart part, String indent, List<String> lines) {
        lines.add(indent + part(part));
        part.children().forEach(child -> tree(child, indent + "  ", lines));
    }

    private static String part(BodyPart part) {
        return (part.partId().isEmpty() ? "-" : part.partId())
                + " "
                + part.type()
                + (part.contentId() == null ? "" : " cid:" + part.contentId());
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …";
    }
}
