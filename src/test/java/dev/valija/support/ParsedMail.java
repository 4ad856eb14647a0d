package dev.valija.support;

import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;

/** What a server tells of a message it holds: envelope, structure, parts. For the fakes; the product has its own. */
final class ParsedMail {
    private static final Pattern ID = Pattern.compile("<([^<>]+)>");

    private final MimeMessage message;
    private final Map<String, Part> leaves = new LinkedHashMap<>();
    private final Map<String, byte[]> headers = new LinkedHashMap<>();
    final Envelope envelope;
    final BodyPart structure;
    final byte[] header;

    ParsedMail(byte[] bytes) {
        try {
            message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
            header = headerOf(bytes);
            envelope = envelopeOf(message);
            structure = structureOf(message, "");
        } catch (MessagingException | IOException e) {
            throw new IllegalArgumentException("no message that can be read", e);
        }
    }

    /** The encoded octets of that leaf, or of the header of the message that it is ("2.HEADER"), or null. */
    byte[] encoded(String partId) {
        if (headers.containsKey(partId)) {
            return headers.get(partId);
        }
        var leaf = leaves.get(partId);
        try (InputStream in = leaf == null
                ? null
                : leaf instanceof MimeMessage root
                        ? root.getRawInputStream()
                        : ((MimeBodyPart) leaf).getRawInputStream()) {
            return in == null ? null : in.readAllBytes();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The octets of that leaf without transfer encoding, or null. */
    byte[] decoded(String partId) {
        var leaf = leaves.get(partId);
        if (leaf == null) {
            return null;
        }
        try (InputStream in = leaf.getInputStream()) {
            return in.readAllBytes();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All text of the message, tags removed. */
    String text() {
        var all = new StringBuilder();
        structure.leaves().filter(leaf -> leaf.type().startsWith("text/")).forEach(leaf -> {
            var charset = leaf.charset() == null ? StandardCharsets.UTF_8 : Charset.forName(leaf.charset());
            var text = new String(decoded(leaf.partId()), charset);
            all.append(leaf.type().equals("text/html") ? Jsoup.parse(text).text() : text)
                    .append('\n');
        });
        return all.toString();
    }

    /** Header field values, decoded. */
    String headerText() {
        try {
            return MimeUtility.decodeText(MimeUtility.unfold(new String(header, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return new String(header, StandardCharsets.UTF_8);
        }
    }

    private BodyPart structureOf(Part part, String id) throws MessagingException, IOException {
        if (part.isMimeType("multipart/*")) {
            var children = new ArrayList<BodyPart>();
            var multipart = (MimeMultipart) part.getContent();
            for (int i = 0; i < multipart.getCount(); i++) {
                var prefix = id.isEmpty() || id.endsWith(".") ? id : id + ".";
                children.add(structureOf(multipart.getBodyPart(i), prefix + (i + 1)));
            }
            return new BodyPart(id.replaceAll("\\.$", ""), type(part), null, null, null, null, "7bit", 0, children);
        }
        var leafId = id.isEmpty() || id.endsWith(".") ? id + "1" : id;
        leaves.put(leafId, part);
        var contentType = new ContentType(part.getContentType());
        return new BodyPart(
                leafId,
                type(part),
                contentType.getParameter("charset"),
                part.getDisposition() == null ? null : part.getDisposition().toLowerCase(java.util.Locale.ROOT),
                part.getFileName(),
                first(part, "Content-ID") == null
                        ? null
                        : ids(first(part, "Content-ID")).getFirst(),
                first(part, "Content-Transfer-Encoding") == null ? "7bit" : first(part, "Content-Transfer-Encoding"),
                Math.max(0, part.getSize()),
                within(part, leafId),
                BodyPart.Flow.of(contentType.getParameter("format"), contentType.getParameter("delsp")));
    }

    private List<BodyPart> within(Part part, String id) throws MessagingException, IOException {
        if (!part.isMimeType("message/rfc822") || !(part.getContent() instanceof MimeMessage held)) {
            return List.of();
        }
        var out = new ByteArrayOutputStream();
        held.writeTo(out);
        headers.put(id + ".HEADER", headerOf(out.toByteArray()));
        return List.of(structureOf(held, id + "."));
    }

    private static String type(Part part) throws MessagingException {
        return new ContentType(part.getContentType()).getBaseType();
    }

    private static Envelope envelopeOf(MimeMessage message) throws MessagingException, IOException {
        var id = ids(first(message, "Message-ID"));
        var subject = message.getSubject();
        return new Envelope(
                id.isEmpty() ? null : id.getFirst(),
                ids(first(message, "In-Reply-To")),
                ids(first(message, "References")),
                subject == null ? "" : utf8(subject),
                addresses(message, "From"),
                addresses(message, "Sender"),
                addresses(message, "Reply-To"),
                addresses(message, "To"),
                addresses(message, "Cc"),
                addresses(message, "Bcc"),
                date(first(message, "Date")));
    }

    private static List<Address> addresses(MimeMessage message, String field) throws MessagingException {
        var value = message.getHeader(field, ",");
        return value == null
                ? List.of()
                : Arrays.stream(InternetAddress.parseHeader(value, false))
                        .map(a -> new Address(a.getPersonal() == null ? null : utf8(a.getPersonal()), a.getAddress()))
                        .toList();
    }

    /** Angus reads header octets as ISO 8859-1; RFC 6532 means UTF-8. */
    private static String utf8(String raw) {
        boolean octets = raw.chars().anyMatch(c -> c > 127) && raw.chars().allMatch(c -> c < 256);
        if (!octets) {
            return raw;
        }
        var decoded = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return decoded.contains("\uFFFD") ? raw : decoded;
    }

    private static List<String> ids(String field) {
        return field == null
                ? List.of()
                : ID.matcher(field).results().map(m -> m.group(1)).toList();
    }

    private static String first(Part part, String field) throws MessagingException {
        var values = part.getHeader(field);
        return values == null ? null : values[0];
    }

    private static Instant date(String field) {
        try {
            return field == null ? null : new MailDateFormat().parse(field).toInstant();
        } catch (ParseException e) {
            return null;
        }
    }

    private static byte[] headerOf(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? bytes : Arrays.copyOf(bytes, end + 4);
    }
}
