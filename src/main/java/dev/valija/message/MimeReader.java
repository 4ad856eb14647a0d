package dev.valija.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads messages and parts of messages, whatever state they are in. Never throws on bad mail. */
public final class MimeReader {
    private static final Pattern ID = Pattern.compile("<([^<>]{1,2000})>");
    private static final Pattern META_CHARSET =
            Pattern.compile("(?i)<meta[^>]{0,200}charset\\s*=\\s*[\"']?\\s*([a-z0-9_.:-]{1,40})");
    private static final int LONGEST_ID = 900;
    private static final int MOST_IDS = 1000;

    /** Reads a whole message. */
    public static ParsedMessage read(byte[] raw) {
        return ParsedMessage.of(raw);
    }

    /** Reads a whole message into memory and closes the stream. */
    public static ParsedMessage read(InputStream raw) throws IOException {
        try (raw) {
            return read(raw.readAllBytes());
        }
    }

    /** The envelope of a raw header block; what follows an empty line is not looked at. */
    public static Envelope envelope(byte[] headerBlock) {
        return envelope(HeaderBlock.parse(headerBlock));
    }

    /** All fields of a raw header block, in order, decoded for the eye. */
    public static List<HeaderField> headers(byte[] headerBlock) {
        return headers(HeaderBlock.parse(headerBlock));
    }

    /** The same as they were written, for those who judge them. */
    public static List<RawField> rawFields(byte[] headerBlock) {
        return HeaderBlock.parse(headerBlock).fields().stream()
                .map(field -> new RawField(field.name(), field.raw()))
                .toList();
    }

    /** The text of a part: its transfer encoding taken off, its charset understood, its flowed lines joined. */
    public static String decodeText(byte[] encoded, BodyPart part) {
        byte[] octets = isPlainAfterAll(encoded, part) ? encoded : TransferEncoding.decode(encoded, part.encoding());
        String charset = part.charset();
        if (charset == null && part.type().equals("text/html")) {
            charset = declaredInHtml(octets);
        }
        String text = Charsets.decode(octets, charset);
        if (text.indexOf('\0') >= 0) {
            text = text.replace("\0", "");
        }
        return part.type().equals("text/plain") ? FlowedText.joined(text, part.flow()) : text;
    }

    /** Some say base64 and send words: what is made of those is nothing to read. */
    private static boolean isPlainAfterAll(byte[] encoded, BodyPart part) {
        if (!part.encoding().equals("base64")) {
            return false;
        }
        int start = Math.min(encoded.length, 4096);
        int foreign = 0;
        for (int i = 0; i < start; i++) {
            int c = encoded[i];
            boolean alphabet =
                    Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=' || c == '\r' || c == '\n';
            foreign += alphabet && c > 0 ? 0 : 1;
        }
        return foreign * 10 > start;
    }

    static Envelope envelope(HeaderBlock header) {
        return new Envelope(
                ids(header.all("Message-ID")).findFirst().orElse(null),
                ids(header.all("In-Reply-To")).limit(MOST_IDS).toList(),
                references(header),
                HeaderDecoder.decode(header.first("Subject")),
                addresses(header, "From"),
                addresses(header, "Sender"),
                addresses(header, "Reply-To"),
                addresses(header, "To"),
                addresses(header, "Cc"),
                addresses(header, "Bcc"),
                MessageDates.parse(header.first("Date")));
    }

    static List<HeaderField> headers(HeaderBlock header) {
        return header.fields().stream()
                .map(field ->
                        new HeaderField(HeaderDecoder.clean(field.name(), 200), HeaderDecoder.decode(field.body())))
                .toList();
    }

    /** A Message-ID as we write it everywhere: without angle brackets and blanks, or null for what is none. */
    public static @Nullable String messageId(@Nullable String raw) {
        return raw == null ? null : ids(Stream.of(raw)).findFirst().orElse(null);
    }

    private static List<Address> addresses(HeaderBlock header, String name) {
        // RFC 5322 3.6 allows one such field; mail with more exists, and all of them were meant.
        return header.all(name)
                .flatMap(body -> AddressParser.parse(body).stream())
                .toList();
    }

    /** Oldest first; of a chain that never ends the root and the newest are what threads need. */
    private static List<String> references(HeaderBlock header) {
        var all = new ArrayList<>(
                new LinkedHashSet<>(ids(header.all("References")).toList()));
        if (all.size() <= MOST_IDS) {
            return all;
        }
        var kept = new ArrayList<String>(MOST_IDS);
        kept.add(all.getFirst());
        kept.addAll(all.subList(all.size() - MOST_IDS + 1, all.size()));
        return kept;
    }

    private static Stream<String> ids(Stream<String> bodies) {
        return bodies.flatMap(body -> {
            var found = ID.matcher(body)
                    .results()
                    .map(match ->
                            HeaderDecoder.clean(match.group(1), LONGEST_ID).replace(" ", ""))
                    .filter(id -> !id.isEmpty())
                    .toList();
            if (!found.isEmpty()) {
                return found.stream();
            }
            // Some leave the angle brackets out.
            return Stream.of(HeaderDecoder.clean(body, LONGEST_ID).split("[ ,;]+", MOST_IDS))
                    .filter(word -> word.indexOf('@') > 0 || (bareToken(body) && !word.isEmpty()));
        });
    }

    private static boolean bareToken(String body) {
        return body.strip().chars().noneMatch(c -> c <= ' ' || c == '<' || c == '>');
    }

    private static @Nullable String declaredInHtml(byte[] octets) {
        String start = new String(octets, 0, Math.min(octets.length, 4096), StandardCharsets.ISO_8859_1);
        var match = META_CHARSET.matcher(start);
        if (!match.find()) {
            return null;
        }
        String label = match.group(1);
        // A page that was readable enough to say so is not in a charset of two octets each.
        return label.toLowerCase(java.util.Locale.ROOT).startsWith("utf-16") ? null : label;
    }

    private MimeReader() {}
}
