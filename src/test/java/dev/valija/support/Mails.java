package dev.valija.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Test messages as providers hold them: fixed dates and ids, all addresses at example.org. */
public final class Mails {
    /** When every message was sent that does not say otherwise. */
    public static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");

    /** A PNG of one red pixel. */
    public static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==");

    private Mails() {}

    /** Plain ASCII text. */
    public static Mail plain(String subject) {
        return plain(subject, "Hello,\n\nthis is about " + (subject.isEmpty() ? "nothing" : "it") + ".\n\nAnna");
    }

    /** Plain text in UTF-8, as 8bit where it needs to be. */
    public static Mail plain(String subject, String text) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(text);
        return Mail.of(
                subject,
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + (ascii ? "7bit" : "8bit"),
                Mail.text(text, StandardCharsets.UTF_8));
    }

    /** Plain text in another charset, as base64. */
    public static Mail inCharset(String subject, String text, Charset charset) {
        return Mail.of(
                subject,
                "Content-Type: text/plain; charset=" + charset.name() + "\r\nContent-Transfer-Encoding: base64",
                base64(Mail.text(text, charset)));
    }

    /** HTML alone, quoted-printable. */
    public static Mail html(String subject, String html) {
        return Mail.of(
                subject,
                "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
                quotedPrintable(Mail.text(html, StandardCharsets.UTF_8)));
    }

    /** multipart/alternative of text and HTML. */
    public static Mail alternative(String subject, String text, String html) {
        return multipart(subject, "alternative", textPart(text), htmlPart(html));
    }

    /** multipart/mixed of a text and one attachment. */
    public static Mail withAttachment(String subject, String name, String type, byte[] content) {
        return multipart(subject, "mixed", textPart("See the attachment."), attachmentPart(name, type, content));
    }

    /** multipart/mixed of a text and these parts, as they are written: header, empty line, body in ISO-8859-1. */
    public static Mail withAttachments(String subject, String... parts) {
        var all = new ArrayList<String>();
        all.add(textPart("See the attachments."));
        all.addAll(List.of(parts));
        return multipart(subject, "mixed", all.toArray(String[]::new));
    }

    /** multipart/mixed of (multipart/related of alternative and an inline PNG) and a PDF: the usual shape of an HTML mail. */
    public static Mail rich(String subject) {
        var alternative = nested(
                "alternative",
                "b2",
                textPart("Look at the red."),
                htmlPart("<p>Look: <img src=\"cid:red@example.org\"></p>"));
        var related = nested("related", "b1", alternative, inlineImagePart("red@example.org", PIXEL));
        return multipart(subject, "mixed", related, attachmentPart("report.pdf", "application/pdf", noise(3000)));
    }

    /** multipart/related of HTML and an inline PNG. */
    public static Mail withInlineImage(String subject) {
        return withInlineImage(subject, PIXEL);
    }

    /** HTML that shows that image, which it brings along. */
    public static Mail withInlineImage(String subject, byte[] png) {
        return multipart(
                subject,
                "related",
                htmlPart("<p>Look: <img src=\"cid:red@example.org\"></p>"),
                inlineImagePart("red@example.org", png));
    }

    /** A text and a calendar object about it (RFC 6047), as most programs send invitations. */
    public static Mail invitation(String subject, String method, String calendar) {
        var part = "Content-Type: text/calendar; charset=utf-8; method=" + method
                + "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + ascii(base64(calendar.getBytes(StandardCharsets.UTF_8)));
        return multipart(subject, "alternative", textPart("You are invited."), part);
    }

    /** Raw UTF-8 in subject and names (RFC 6532), as many a sender writes it. */
    public static Mail eightBitHeader(String subject) {
        return plain(subject).header("Subject", subject).header("From", "Zoë Müller <zoe@example.org>");
    }

    /** A forwarded message/rfc822 within multipart/mixed. */
    public static Mail forwarding(String subject, Mail inner) {
        var part = "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"forwarded.eml\"\r\n\r\n"
                + new String(inner.bytes(), StandardCharsets.ISO_8859_1);
        return Mail.of(
                subject,
                "Content-Type: multipart/mixed; boundary=\"outer\"",
                join("outer", textPart("As promised."), part).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The same octets every time, of that length. */
    public static byte[] noise(int length) {
        var octets = new byte[length];
        new Random(7).nextBytes(octets);
        return octets;
    }

    private static Mail multipart(String subject, String subtype, String... parts) {
        return Mail.of(
                subject,
                "Content-Type: multipart/" + subtype + "; boundary=\"b0\"",
                join("b0", parts).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String nested(String subtype, String boundary, String... parts) {
        return "Content-Type: multipart/" + subtype + "; boundary=\"" + boundary + "\"\r\n\r\n" + join(boundary, parts);
    }

    private static String join(String boundary, String... parts) {
        var body = new StringBuilder();
        for (String part : parts) {
            body.append("--").append(boundary).append("\r\n").append(part).append("\r\n");
        }
        return body.append("--").append(boundary).append("--\r\n").toString();
    }

    private static String textPart(String text) {
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + ascii(quotedPrintable(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String htmlPart(String html) {
        return "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + ascii(quotedPrintable(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static String inlineImagePart(String contentId, byte[] png) {
        return "Content-Type: image/png; name=\"red.png\"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <"
                + contentId + ">\r\nContent-Disposition: inline; filename=\"red.png\"\r\n\r\n" + ascii(base64(png));
    }

    /** A part for {@link #withAttachments}, base64. */
    public static String attachmentPart(String name, String type, byte[] content) {
        var ascii = name.chars().allMatch(c -> c < 127);
        var fileName = ascii ? "filename=\"" + name + "\"" : "filename*=utf-8''" + percent(name);
        return "Content-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
                + fileName + "\r\n\r\n" + ascii(base64(content));
    }

    private static String percent(String name) {
        var encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 127 && (Character.isLetterOrDigit(b) || b == '.' || b == '-');
            encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    private static byte[] base64(byte[] content) {
        return Base64.getMimeEncoder().encode(content);
    }

    private static byte[] quotedPrintable(byte[] text) {
        var out = new ByteArrayOutputStream();
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '\r' || b == '\n') {
                out.write(b);
                column = 0;
                continue;
            }
            if (column > 70) {
                out.writeBytes("=\r\n".getBytes(StandardCharsets.US_ASCII));
                column = 0;
            }
            boolean atEnd = i + 1 == text.length || text[i + 1] == '\r';
            if (b > 32 && b < 127 && b != '=' || b == ' ' && !atEnd) {
                out.write(b);
                column++;
            } else {
                out.writeBytes("=%02X".formatted(b & 0xff).getBytes(StandardCharsets.US_ASCII));
                column += 3;
            }
        }
        return out.toByteArray();
    }

    private static String ascii(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }
}
