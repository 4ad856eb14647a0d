package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages (RFC 5322, MIME) that every other reader understands: mixed(related(alternative(plain, html), inline
 * images), attachments), each layer only where it is needed. Bcc is never written but in a draft.
 */
public final class MimeWriter {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}");
    private static final int MOST_REFERENCES = 50;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    private final HeaderWriter header = new HeaderWriter(out);
    private final @Nullable OutgoingObject object;

    private MimeWriter(@Nullable OutgoingObject object) {
        this.object = object;
    }

    /**
     * The octets of a message, lines ended by CRLF.
     *
     * @throws IllegalArgumentException when a value would not stay within its field: line breaks and other control
     *     characters in names, subjects and ids, or an address that is none
     */
    public static byte[] write(OutgoingMessage message) {
        return new MimeWriter(null).message(message);
    }

    /** The same, with a calendar object as its last and best form (RFC 6047 2.4), or as a report (RFC 8098 3). */
    public static byte[] write(OutgoingMessage message, OutgoingObject object) {
        return new MimeWriter(object).message(message);
    }

    /** The copy of an unfinished message for its author: with Bcc, and perhaps for nobody yet. */
    public static byte[] writeDraft(OutgoingMessage message) {
        return new MimeWriter(null).draft(message);
    }

    /** A new Message-ID without angle brackets, in the domain of the sender so that nobody else's can equal it. */
    public static String newMessageId(String fromEmail) {
        String ascii = HeaderWriter.addrSpec("From", fromEmail);
        String domain = ascii.substring(ascii.lastIndexOf('@') + 1);
        return random(16) + "@" + (domain.startsWith("[") ? "localhost" : domain);
    }

    /**
     * A Bcc field to be put before the sender's own copy, so that the sender can see whom it also went to.
     *
     * @return empty for no recipients
     */
    public static byte[] bccField(List<Address> bcc) {
        var out = new ByteArrayOutputStream();
        new HeaderWriter(out).addresses("Bcc", bcc);
        return out.toByteArray();
    }

    /** Some programs put other letters than ASCII into a Message-ID: those cannot be named. */
    public static boolean isMessageId(String id) {
        return id.matches("[!-;=?-~]{1,900}");
    }

    /** Whether mail can be sent to somebody whom a message names so. */
    public static boolean isWritable(Address address) {
        try {
            new HeaderWriter(new ByteArrayOutputStream()).addresses("To", List.of(address));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The addr-spec as it goes over the wire. @throws IllegalArgumentException when it is none */
    public static String wireAddress(String email) {
        return HeaderWriter.addrSpec("The list", email);
    }

    private byte[] message(OutgoingMessage message) {
        people(message);
        if (message.to().isEmpty() && message.cc().isEmpty()) {
            header.literal("To", "undisclosed-recipients:;");
        }
        return rest(message);
    }

    private byte[] draft(OutgoingMessage message) {
        people(message);
        header.addresses("Bcc", message.bcc());
        return rest(message);
    }

    private void people(OutgoingMessage message) {
        header.addresses("From", List.of(message.from()));
        Address sender = message.sender();
        if (sender != null) {
            header.addresses("Sender", List.of(sender));
        }
        header.addresses("Reply-To", message.replyTo());
        header.addresses("To", message.to());
        header.addresses("Cc", message.cc());
    }

    private byte[] rest(OutgoingMessage message) {
        header.text("Subject", message.subject());
        header.literal("Date", MessageDates.write(message.date()));
        header.ids("Message-ID", List.of(message.messageId()));
        String parent = message.inReplyTo();
        if (parent != null) {
            header.ids("In-Reply-To", List.of(parent));
        }
        header.ids("References", shortened(message.references()));
        Address receiptTo = message.receiptTo();
        if (receiptTo != null) {
            header.addresses("Disposition-Notification-To", List.of(receiptTo));
        }
        header.literal("MIME-Version", "1.0");
        if (object instanceof OutgoingDisposition disposition) {
            report(message, disposition);
        } else {
            body(message);
        }
        return out.toByteArray();
    }

    /** RFC 8098 3: the text for people first, then the same for programs, which goes unencoded. */
    private void report(OutgoingMessage message, OutgoingDisposition disposition) {
        String boundary = newBoundary();
        header.multipart("multipart/report; report-type=disposition-notification", boundary);
        delimiter(boundary);
        plain(message.text());
        delimiter(boundary);
        header.literal("Content-Type", "message/disposition-notification");
        content(TextBody.of(disposition.text()));
        close(boundary);
    }

    private void body(OutgoingMessage message) {
        var inline = new ArrayList<OutgoingAttachment>();
        var attached = new ArrayList<OutgoingAttachment>();
        String html = message.html();
        for (var attachment : message.attachments()) {
            String id = attachment.contentId();
            boolean shown = id != null && html != null && html.contains("cid:" + id);
            (shown ? inline : attached).add(attachment);
        }
        if (attached.isEmpty()) {
            related(message, inline);
            return;
        }
        String boundary = open("multipart/mixed");
        delimiter(boundary);
        related(message, inline);
        for (var attachment : attached) {
            delimiter(boundary);
            attachment(attachment, "attachment");
        }
        close(boundary);
    }

    private void related(OutgoingMessage message, List<OutgoingAttachment> inline) {
        if (inline.isEmpty()) {
            alternative(message);
            return;
        }
        // RFC 2387 3.1: the type of the root part must be told.
        String boundary = newBoundary();
        header.multipart("multipart/related; type=\"multipart/alternative\"", boundary);
        delimiter(boundary);
        alternative(message);
        for (var image : inline) {
            delimiter(boundary);
            attachment(image, "inline");
        }
        close(boundary);
    }

    private void alternative(OutgoingMessage message) {
        String html = message.html();
        String text = message.text();
        if (html == null && !(object instanceof OutgoingCalendar)) {
            plain(text);
            return;
        }
        String boundary = open("multipart/alternative");
        delimiter(boundary);
        plain(text == null && html != null ? HtmlToText.of(html) : text);
        if (html != null) {
            delimiter(boundary);
            html(html);
        }
        if (object instanceof OutgoingCalendar calendar) {
            delimiter(boundary);
            header.literal("Content-Type", "text/calendar; charset=utf-8; method=" + calendar.method());
            content(TextBody.of(printable(calendar.text())));
        }
        close(boundary);
    }

    private void plain(@Nullable String text) {
        var body = TextBody.of(TextBody.flowed(printable(text == null ? "" : text)));
        header.literal("Content-Type", "text/plain; charset=utf-8; format=flowed");
        content(body);
    }

    private void html(String html) {
        boolean whole = html.toLowerCase(Locale.ROOT).contains("<html");
        String page = whole
                ? html
                : "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + html + "\n</body></html>\n";
        header.literal("Content-Type", "text/html; charset=utf-8");
        content(TextBody.of(printable(page)));
    }

    private void content(TextBody body) {
        header.literal("Content-Transfer-Encoding", body.encoding());
        header.end();
        out.writeBytes(body.octets());
        endLine(body.octets());
    }

    private void attachment(OutgoingAttachment attachment, String disposition) {
        String type = attachment.type().toLowerCase(Locale.ROOT).strip();
        if (!TYPE.matcher(type).matches() || type.startsWith("multipart/")) {
            type = "application/octet-stream";
        }
        // RFC 2046 5.2.1: message/rfc822 may not be encoded; what does not fit the wire as it is goes as a file.
        boolean message = type.equals("message/rfc822");
        boolean asItIs = message && fitsWire(attachment.content());
        if (message && !asItIs) {
            type = "application/octet-stream";
        }
        header.parameters("Content-Type", type, "name", attachment.name());
        header.parameters("Content-Disposition", disposition, "filename", attachment.name());
        String id = attachment.contentId();
        if (id != null) {
            header.ids("Content-ID", List.of(id));
        }
        header.literal("Content-Transfer-Encoding", asItIs ? "7bit" : "base64");
        header.end();
        byte[] octets = asItIs ? attachment.content() : TextBody.base64(attachment.content());
        out.writeBytes(octets);
        endLine(octets);
    }

    private String open(String type) {
        String boundary = newBoundary();
        header.multipart(type, boundary);
        return boundary;
    }

    private void delimiter(String boundary) {
        ascii("--" + boundary + "\r\n");
    }

    private void close(String boundary) {
        ascii("--" + boundary + "--\r\n");
    }

    private void endLine(byte[] written) {
        if (written.length == 0 || written[written.length - 1] != '\n') {
            ascii("\r\n");
        }
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Tab and line ends are all the controls a text needs; a NUL would end it for some readers (RFC 5322 4.1). */
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]", "");
    }

    private static boolean fitsWire(byte[] octets) {
        int line = 0;
        for (int i = 0; i < octets.length; i++) {
            byte c = octets[i];
            boolean lineFeed = c == '\n';
            boolean paired = lineFeed
                    ? i > 0 && octets[i - 1] == '\r'
                    : c != '\r' || (i + 1 < octets.length && octets[i + 1] == '\n');
            line = lineFeed ? 0 : line + 1;
            if (c <= 0 || line > 990 || !paired) {
                return false;
            }
        }
        return true;
    }

    /** The root and the newest are what threads are made from; very long chains overflow other software. */
    private static List<String> shortened(List<String> references) {
        if (references.size() <= MOST_REFERENCES) {
            return references;
        }
        var kept = new ArrayList<String>();
        kept.add(references.getFirst());
        kept.addAll(references.subList(references.size() - MOST_REFERENCES + 1, references.size()));
        return kept;
    }

    private static String newBoundary() {
        return "=_" + random(12); // RFC 2045 6.7: "=_" cannot occur in quoted-printable
    }

    private static String random(int octets) {
        byte[] bytes = new byte[octets];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
