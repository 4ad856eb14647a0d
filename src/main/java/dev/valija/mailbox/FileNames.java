package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** File names that can neither lie nor leave their directory, whatever a mail calls its parts. */
final class FileNames {
    private static final int LONGEST = 180;
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
        var safe = safe(part.name());
        if (!safe.isEmpty()) {
            return safe;
        }
        var extension = EXTENSIONS.getOrDefault(part.type(), "bin");
        var kind = part.type().startsWith("image/")
                ? "image"
                : part.type().equals("message/rfc822") ? "message" : "attachment";
        return kind + "-" + (part.partId().isEmpty() ? "1" : part.partId().replace('.', '-')) + "." + extension;
    }

    /** The name of a whole message of that subject. */
    static String ofMessage(String subject) {
        var safe = safe(subject);
        return (safe.isEmpty() ? "message" : safe) + ".eml";
    }

    /** Without controls, reordering marks, separators and the dots that would hide it; empty if nothing is left. */
    static String safe(@Nullable String name) {
        if (name == null) {
            return "";
        }
        var safe = new StringBuilder();
        name.codePoints().limit(4_000).forEach(c -> {
            if ("/\\:*?\"<>|".indexOf(c) >= 0) {
                safe.append('_');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                safe.append(' ');
            } else if (!hidden(c)) {
                safe.appendCodePoint(c);
            }
        });
        var one = safe.toString().replaceAll(" {2,}", " ").replaceAll("^[. ]+|[. ]+$", "");
        return shortened(one);
    }

    /** RFC 6266 4.3 and appendix D: a name for old clients, and the true one (RFC 8187). */
    static String disposition(String type, String name) {
        return type + "; filename=\"" + ascii(name) + "\"; filename*=UTF-8''" + percent(name);
    }

    /** Format characters reorder or hide (bidi, zero width, tags); controls, surrogates, unassigned ones do worse. */
    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** The end of a long name says what it is. */
    private static String shortened(String name) {
        int points = name.codePointCount(0, name.length());
        if (points <= LONGEST) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        var extension = dot > 0 && name.length() - dot <= 12 ? name.substring(dot) : "";
        int keep = LONGEST - extension.codePointCount(0, extension.length());
        return name.substring(0, name.offsetByCodePoints(0, keep)).strip() + extension;
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

    private FileNames() {}
}
