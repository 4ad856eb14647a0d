package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.FileNames;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.Objects;

/** What a download is called, whatever the mail calls it. */
final class DownloadNames {
    private static final Map<String, String> EXTENSIONS = Map.of(
            "message/rfc822", "eml",
            "text/plain", "txt",
            "text/html", "html",
            "text/calendar", "ics",
            "image/jpeg", "jpg",
            "image/png", "png",
            "image/gif", "gif",
            "image/webp", "webp",
            "application/pdf", "pdf",
            "application/zip", "zip");

    /** The part's name, made up where it has none that can be used. */
    static String of(BodyPart part) {
        var given = FileNames.clean(part.name());
        if (given != null) {
            return given;
        }
        var extension = EXTENSIONS.getOrDefault(part.type(), "bin");
        var kind = part.type().startsWith("image/")
                ? "image"
                : part.type().equals("message/rfc822") ? "message" : "attachment";
        return kind + "-" + (part.partId().isEmpty() ? "1" : part.partId().replace('.', '-')) + "." + extension;
    }

    /** The name of a whole message of that subject. */
    static String ofMessage(String subject) {
        return ofSubject(subject, "message") + ".eml";
    }

    /** The name of all that comes with a message. */
    static String ofZip(StoredMessage message) {
        return ofSubject(message.row().summary().subject(), "attachments") + ".zip";
    }

    private static String ofSubject(String subject, String otherwise) {
        // A subject is no path: its slashes are words' and stay apart.
        return Objects.requireNonNullElse(FileNames.clean(subject.replaceAll("[/\\\\]", "_")), otherwise);
    }

    /** RFC 6266 4.3 and appendix D: a name for old clients, and the true one (RFC 8187). */
    static String disposition(String type, String name) {
        return type + "; filename=\"" + ascii(name) + "\"; filename*=UTF-8''" + percent(name);
    }

    private static String ascii(String name) {
        var plain = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        return plain.replaceAll("[^\\x20-\\x7e]", "_").replaceAll("[\"\\\\%]", "_");
    }

    private static String percent(String name) {
        var out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean attributeChar = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || "!#$&+-.^_`|~".indexOf(b) >= 0;
            if (attributeChar) {
                out.append((char) b);
            } else {
                out.append("%%%02X".formatted(b & 0xff));
            }
        }
        return out.toString();
    }

    private DownloadNames() {}
}
