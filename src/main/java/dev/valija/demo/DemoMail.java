package dev.valija.demo;

import dev.valija.message.Address;
import dev.valija.message.MimeWriter;
import dev.valija.message.OutgoingAttachment;
import dev.valija.message.OutgoingMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A demo message in the making. Its Message-ID follows from who wrote what when, so that copies agree on it. */
final class DemoMail {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final String nick;
    private final Address from;
    private final Instant date;
    private final List<Address> to = new ArrayList<>();
    private final List<OutgoingAttachment> files = new ArrayList<>();
    private final StringBuilder extraFields = new StringBuilder();
    private List<String> references = List.of();
    private String subject = "";
    private String text = "";
    private String salt = "";
    private @Nullable String html;
    private @Nullable DemoMail parent;

    private DemoMail(String nick, Instant date) {
        this.nick = nick;
        this.from = DemoPeople.of(nick);
        this.date = date;
    }

    static DemoMail from(String nick, Instant date) {
        return new DemoMail(nick, date);
    }

    DemoMail to(Address... recipients) {
        to.addAll(List.of(recipients));
        return this;
    }

    DemoMail subject(String text) {
        subject = text;
        return this;
    }

    DemoMail text(String plain) {
        text = plain;
        return this;
    }

    DemoMail html(String page) {
        html = page;
        return this;
    }

    DemoMail attach(OutgoingAttachment file) {
        files.add(file);
        return this;
    }

    /** An answer: references and the parent's text beneath. */
    DemoMail answering(DemoMail answered) {
        parent = answered;
        references = new ArrayList<>(answered.references);
        references.add(answered.messageId());
        return this;
    }

    /** A header field such as List-Id, ASCII. */
    DemoMail field(String name, String value) {
        extraFields.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    /** Makes the id another one for a message that is otherwise the same. */
    DemoMail salt(String value) {
        salt = value;
        return this;
    }

    String messageId() {
        int hash = (from.email() + "/" + subject + "/" + text + salt).hashCode();
        return "%08x.valija.demo@%s"
                .formatted(hash, from.email().substring(from.email().indexOf('@') + 1));
    }

    DemoMessage in(String mailbox, Set<String> keywords) {
        var written = MimeWriter.write(new OutgoingMessage(
                from,
                null,
                to.subList(0, Math.min(1, to.size())),
                to.size() > 1 ? to.subList(1, to.size()) : List.of(),
                List.of(),
                List.of(),
                subject,
                parent == null ? text : text + "\n\n" + quote(parent),
                page(),
                files,
                parent == null ? null : parent.messageId(),
                references,
                null,
                messageId(),
                date));
        var all = new ByteArrayOutputStream(written.length + extraFields.length());
        all.writeBytes(extraFields.toString().getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(written);
        // Mail takes a few seconds to arrive.
        return new DemoMessage(mailbox, keywords, date.plusSeconds(7), all.toByteArray());
    }

    private @Nullable String page() {
        if (html != null || !DemoPeople.writesHtml(nick)) {
            return html;
        }
        var quoted = parent == null
                ? ""
                : "<div><br></div><div>%s</div><blockquote style=\"margin:0 0 0 8px;border-left:2px solid #bbb;padding-left:12px\">%s</blockquote>"
                        .formatted(escaped(attribution(parent)), paragraphs(parent.text));
        return "<div style=\"font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5\">"
                + paragraphs(text) + quoted + "</div>";
    }

    private static String paragraphs(String text) {
        return text.lines()
                .collect(Collectors.joining("\n"))
                .replaceAll("\n{2,}", "\n\n")
                .transform(DemoMail::escaped)
                .replace("\n\n", "</p><p>")
                .replace("\n", "<br>")
                .transform(body -> "<p>" + body + "</p>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String attribution(DemoMail mail) {
        return "On %s, %s wrote:".formatted(DAY.format(mail.date), mail.from.name());
    }

    private static String quote(DemoMail mail) {
        return attribution(mail) + "\n"
                + mail.text.lines().map(line -> "> " + line).collect(Collectors.joining("\n"));
    }
}
