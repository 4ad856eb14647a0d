package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * @param children the parts of a multipart, in order; the one root of a message/rfc822 that could be looked into, whose
 *     parts are numbered beneath it; else empty
 * @param flow whether its lines were broken to be joined again
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
        List<BodyPart> children,
        Flow flow) {

    /** What the format parameter of a text says (RFC 3676 4). */
    public enum Flow {
        FIXED,
        FLOWED,
        /** Flowed, and the blank before a soft break is not part of the text: DelSp=yes. */
        FLOWED_WITHOUT_BLANKS;

        /** Of the parameters as written. */
        public static Flow of(@Nullable String format, @Nullable String delSp) {
            if (format == null || !format.strip().equalsIgnoreCase("flowed")) {
                return FIXED;
            }
            return delSp != null && delSp.strip().equalsIgnoreCase("yes") ? FLOWED_WITHOUT_BLANKS : FLOWED;
        }
    }

    private static final Set<String> REPORTS = Set.of(
            "message/delivery-status",
            "message/global-delivery-status",
            "message/disposition-notification",
            "message/global-disposition-notification",
            "text/rfc822-headers",
            "message/global-headers");
    private static final Set<String> SIGNATURES =
            Set.of("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature");
    /** Texts that nobody reads as they stand, though they call themselves text. */
    private static final Set<String> DATA = Set.of(
            "text/calendar",
            "text/css",
            "text/csv",
            "text/directory",
            "text/javascript",
            "text/rfc822-headers",
            "text/rtf",
            "text/vcard",
            "text/watch-html",
            "text/x-amp-html",
            "text/x-vcard",
            "text/x-vcalendar",
            "text/xml");

    /** A part whose lines stand as they are. */
    public BodyPart(
            String partId,
            String type,
            @Nullable String charset,
            @Nullable String disposition,
            @Nullable String name,
            @Nullable String contentId,
            String encoding,
            long size,
            List<BodyPart> children) {
        this(partId, type, charset, disposition, name, contentId, encoding, size, children, Flow.FIXED);
    }

    public BodyPart {
        type = type.toLowerCase(Locale.ROOT);
        encoding = encoding.toLowerCase(Locale.ROOT);
        children = List.copyOf(children);
    }

    /** The leaves in document order. A message within is one of them, what it holds is its own. */
    public Stream<BodyPart> leaves() {
        var leaves = new ArrayList<BodyPart>();
        collect(this, leaves);
        return leaves.stream();
    }

    /** The leaves and those of the messages within, each after the message that holds it. */
    public Stream<BodyPart> allLeaves() {
        return leaves().flatMap(leaf -> leaf.children.isEmpty()
                ? Stream.of(leaf)
                : Stream.concat(Stream.of(leaf), leaf.children.getFirst().allLeaves()));
    }

    private static void collect(BodyPart part, List<BodyPart> into) {
        if (!part.isMultipart()) {
            into.add(part);
            return;
        }
        part.children.forEach(child -> collect(child, into));
    }

    public boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    /** Whether it is a message of its own (RFC 2046 5.2.1, RFC 6532 3.7). */
    public boolean isMessage() {
        return type.equals("message/rfc822") || type.equals("message/global") || type.equals("message/news");
    }

    /**
     * Whether it is a text that may be read where it stands. Types nobody knows are read as plain text. A name alone makes
     * no attachment of the first one (RFC 8621 4.1.4).
     */
    public boolean isText() {
        return type.startsWith("text/") && !DATA.contains(type) && !"attachment".equals(disposition);
    }

    /** Whether it is what a program tells of a message sent (RFC 3464, 8098), or that message's header. */
    public boolean isReport() {
        return REPORTS.contains(type);
    }

    /** Whether there are parts in it that only we can take out: Outlook's TNEF, S/MIME, an encoded message. */
    public boolean isContainer() {
        return switch (type) {
            case "application/ms-tnef", "application/vnd.ms-tnef" -> true;
            case "application/pkcs7-mime", "application/x-pkcs7-mime" -> true;
            case "application/octet-stream" ->
                name != null && (name.equalsIgnoreCase("winmail.dat") || name.equalsIgnoreCase("smime.p7m"));
            default -> isMessage() && isEncoded();
        };
    }

    /** RFC 2046 5.2.1 allows no encoding of a message that must be taken off; some apply it. */
    boolean isEncoded() {
        return encoding.equals("base64") || encoding.equals("quoted-printable");
    }

    /** This message with what it holds. */
    public BodyPart holding(BodyPart root) {
        return new BodyPart(partId, type, charset, disposition, name, contentId, encoding, size, List.of(root), flow);
    }

    /** Whether a reader would call it an attachment: a leaf that is neither the text shown nor an inline image. */
    public boolean isAttachment() {
        if (isMultipart() || SIGNATURES.contains(type) || type.equals("application/pgp-encrypted")) {
            return false;
        }
        if ("attachment".equals(disposition)) {
            return true;
        }
        if (isReport()) {
            return false;
        }
        boolean text = type.startsWith("text/") && !DATA.contains(type);
        return text ? name != null && !"inline".equals(disposition) : contentId == null || !type.startsWith("image/");
    }
}
