package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code mail/*.eml} is one quirk of real mail; the {@code .txt} beside it says how it must be read. */
class MailFixturesTests {
    private static final Path FOLDER = Path.of("src/test/resources/mail");

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
        String read = describe(Files.readAllBytes(FOLDER.resolve(name + ".eml")));
        Path expected = FOLDER.resolve(name + ".txt");
        if (System.getenv("VALIJA_WRITE_FIXTURES") != null) {
            Files.writeString(expected, read);
        }

        assertThat(read).isEqualTo(Files.readString(expected));
    }

    static String describe(byte[] raw) {
        var mail = MimeReader.read(raw);
        var envelope = mail.envelope();
        var out = new StringBuilder();
        line(out, "subject", envelope.subject());
        line(out, "from", people(envelope.from()));
        line(out, "to", people(envelope.to()));
        line(out, "cc", people(envelope.cc()));
        line(out, "replyTo", people(envelope.replyTo()));
        line(out, "messageId", String.valueOf(envelope.messageId()));
        line(out, "inReplyTo", String.join(" ", envelope.inReplyTo()));
        line(out, "references", String.join(" ", envelope.references()));
        line(out, "sentAt", String.valueOf(envelope.sentAt()));
        parts(mail, mail.structure(), "", out);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append(name).append(": ").append(value).append('\n');
        }
    }

    private static String people(List<Address> addresses) {
        return String.join(
                ", ",
                addresses.stream()
                        .map(one -> (one.name() == null ? "" : "'" + one.name() + "' ") + "<" + one.email() + ">")
                        .toList());
    }

    private static void parts(ParsedMessage mail, BodyPart part, String indent, StringBuilder out) {
        out.append(indent).append("- ").append(part.partId()).append(' ').append(part.type());
        out.append(part.name() == null ? "" : " '" + part.name() + "'");
        out.append(part.contentId() == null ? "" : " cid:" + part.contentId());
        out.append(part.isAttachment() ? " attachment" : "").append('\n');
        if (part.children().isEmpty() && !part.type().startsWith("multipart/")) {
            String text = mail.text(part);
            String preview = part.type().equals("text/html") ? Preview.ofHtml(text) : Preview.ofText(text);
            out.append(indent)
                    .append("  text: ")
                    .append(HeaderDecoder.clean(text, 200))
                    .append('\n');
            out.append(indent).append("  preview: ").append(preview).append('\n');
        }
        part.children().forEach(child -> parts(mail, child, indent + "  ", out));
    }
}
