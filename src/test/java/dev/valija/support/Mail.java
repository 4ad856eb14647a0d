package dev.valija.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One test message: header fields that can be changed, and a body that is kept octet for octet. Immutable. */
public final class Mail {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, String> fields;
    private final byte[] body;

    private Mail(Map<String, String> fields, byte[] body) {
        this.fields = fields;
        this.body = body;
    }

    static Mail of(String subject, String contentFields, byte[] body) {
        var fields = new LinkedHashMap<String, String>();
        var mail = new Mail(fields, body);
        fields.put("From", "Anna Example <anna@example.org>");
        fields.put("To", "Luis Example <luis@example.org>");
        fields.put("Subject", encoded(subject));
        fields.put("Date", DATE.format(Mails.NOON));
        fields.put("Message-ID", "<" + idOf(subject) + ">");
        fields.put("MIME-Version", "1.0");
        for (String line : contentFields.split("\r\n(?! )")) {
            fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
        }
        return mail;
    }

    /** The id a message of that subject gets, without angle brackets. */
    public static String idOf(String subject) {
        return "%08x.%s@example.org"
                .formatted(
                        subject.hashCode(),
                        subject.chars()
                                .filter(c -> c < 128 && Character.isLetterOrDigit(c))
                                .limit(20)
                                .mapToObj(Character::toString)
                                .collect(Collectors.joining())
                                .toLowerCase(Locale.ROOT));
    }

    /** With this field set, or taken out when the value is null. The value must be ASCII unless 8-bit is the point. */
    public Mail header(String name, String value) {
        var changed = new LinkedHashMap<>(fields);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new Mail(changed, body);
    }

    public Mail from(String name, String email) {
        return header("From", address(name, email));
    }

    public Mail to(String name, String email) {
        return header("To", address(name, email));
    }

    public Mail cc(String name, String email) {
        return header("Cc", address(name, email));
    }

    public Mail sentAt(Instant date) {
        return header("Date", DATE.format(date));
    }

    /** With that Message-ID, written without angle brackets. */
    public Mail messageId(String id) {
        return header("Message-ID", "<" + id + ">");
    }

    /** As an answer to that message: In-Reply-To and References. */
    public Mail replyTo(Mail parent) {
        var references = parent.fields.getOrDefault("References", "");
        var id = "<" + parent.messageId() + ">";
        return header("In-Reply-To", id).header("References", (references + " " + id).strip());
    }

    /** The Message-ID without angle brackets, or null. */
    public String messageId() {
        var id = fields.get("Message-ID");
        return id == null ? null : id.substring(1, id.length() - 1);
    }

    /** The field's value as it is written, or null. */
    public String field(String name) {
        return fields.get(name);
    }

    /** The whole message (RFC 5322), lines ended by CR LF. */
    public byte[] bytes() {
        var out = new ByteArrayOutputStream();
        fields.forEach(
                (name, value) -> out.writeBytes((name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(new byte[] {'\r', '\n'});
        out.writeBytes(body);
        return out.toByteArray();
    }

    public long size() {
        return bytes().length;
    }

    public InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    /** An RFC 2047 form where the text needs one. */
    static String encoded(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            return text;
        }
        // RFC 2047 2: an encoded word has at most 75 characters, so a few code points each.
        var words = new StringBuilder();
        var points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i += 10) {
            var piece = new String(points, i, Math.min(10, points.length - i));
            words.append(i == 0 ? "" : "\r\n ")
                    .append("=?UTF-8?B?")
                    .append(Base64.getEncoder().encodeToString(piece.getBytes(StandardCharsets.UTF_8)))
                    .append("?=");
        }
        return words.toString();
    }

    private static String address(String name, String email) {
        return name == null
                ? email
                : List.of(encoded(name), "<" + email + ">").stream().collect(Collectors.joining(" "));
    }

    static byte[] text(String text, Charset charset) {
        return (text.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n").getBytes(charset);
    }
}
