package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The word of a reader that a message was shown to them (RFC 8098 3.1): it goes as a report, with a text for people.
 *
 * @param reader whom it was shown to
 * @param messageId of the message, without angle brackets, or null where it has none that can be named
 */
public record OutgoingDisposition(String reader, @Nullable String messageId) implements OutgoingObject {
    /** In ASCII, whatever the address is in (RFC 6533 3). */
    private static String recipient(String address) {
        if (address.chars().allMatch(c -> c < 0x80)) {
            return "rfc822;" + address;
        }
        return address.codePoints()
                .mapToObj(c ->
                        c < 0x80 && c != '\\' && c != '+' && c != '=' ? Character.toString(c) : "\\x{%X}".formatted(c))
                .collect(Collectors.joining("", "utf-8;", ""));
    }

    /** The report's fields. @throws IllegalArgumentException when a value would not stay within its field */
    String text() {
        var out = new ByteArrayOutputStream();
        var header = new HeaderWriter(out);
        header.literal("Reporting-UA", "Valija");
        header.literal("Final-Recipient", recipient(HeaderWriter.addrSpec("Final-Recipient", reader)));
        if (messageId != null) {
            header.ids("Original-Message-ID", List.of(messageId));
        }
        header.literal("Disposition", "manual-action/MDN-sent-manually; displayed");
        return out.toString(StandardCharsets.US_ASCII);
    }
}
