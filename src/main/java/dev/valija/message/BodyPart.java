package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node of a message's MIME tree (RFC 2045, 2046), as BODYSTRUCTURE (RFC 9051 7.5.2) or our own parser tells it.
 *
 * @param partId the section number to fetch it by ("1", "2.1"); empty for the root of a multipart message
 * @param type the media type in lower case, without parameters, e.g. {@code text/html}
 * @param charset the charset parameter as written, or null
 * @param disposition {@code attachment}, {@code inline} or null, in lower case
 * @param name the decoded file name, or null
 * @param contentId the Content-ID without angle brackets, or null
 * @param encoding the content transfer encoding in lower case; {@code 7bit} where none is given
 * @param size octets as encoded in the message, at least 0; 0 for a multipart
 * @param children the parts of a multipart, in order; empty for a leaf (message/rfc822 is a leaf here)
 */
public record BodyPart(
        String partId,
        String type,
        @Nullable String charset,
        @Nullable String disposition,
        @Nullable String name,
        @Nullable String contentId,
        String encoding,
        long size,
        List<BodyPart> children) {
    public BodyPart {
        type = type.toLowerCase(Locale.ROOT);
        encoding = encoding.toLowerCase(Locale.ROOT);
        children = List.copyOf(children);
    }

    /** The leaves in document order. */
    public Stream<BodyPart> leaves() {
        var leaves = new ArrayList<BodyPart>();
        collect(this, leaves);
        return leaves.stream();
    }

    private static void collect(BodyPart part, List<BodyPart> into) {
        if (part.children.isEmpty() && !part.type.startsWith("multipart/")) {
            into.add(part);
        }
        part.children.forEach(child -> collect(child, into));
    }

    /** Whether a reader would call it an attachment: a leaf that is neither the text shown nor an inline image. */
    public boolean isAttachment() {
        if (type.startsWith("multipart/")) {
            return false;
        }
        if ("attachment".equals(disposition)) {
            return true;
        }
        boolean text = type.equals("text/plain") || type.equals("text/html");
        return text ? name != null && !"inline".equals(disposition) : contentId == null || !type.startsWith("image/");
    }
}
