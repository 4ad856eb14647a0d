package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.message.AddressParser;
import dev.valija.message.BodyPart;
import dev.valija.message.DeliveryReport;
import dev.valija.message.Envelope;
import dev.valija.message.HeaderField;
import dev.valija.message.MimeReader;
import dev.valija.message.MimeWriter;
import dev.valija.message.RawField;
import dev.valija.message.TransferEncoding;
import dev.valija.message.Unpacked;
import dev.valija.upstream.MessageSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message made ready to be shown.
 *
 * @param envelope null where the header could not be had
 * @param headers for the eye
 * @param fields the same header for whoever judges it: nothing is decoded
 * @param structure with what was unpacked
 * @param report what a mail server says of a message sent, or null
 * @param embedded the messages within
 * @param isSource whether its content is its source, as nobody can make sense of it
 */
record Opened(
        @Nullable Envelope envelope,
        List<HeaderField> headers,
        List<RawField> fields,
        Content content,
        BodyPart structure,
        Protection protection,
        @Nullable DeliveryReport report,
        List<Embedded> embedded,
        boolean isSource) {

    /** Who wants to be told that it was read, the first of several (RFC 8098 2.1): nobody without a usable address. */
    Optional<Address> receiptTo() {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase("Disposition-Notification-To"))
                .flatMap(field -> AddressParser.parse(field.body()).stream())
                .filter(MimeWriter::isWritable)
                .findFirst();
    }

    /** RFC 3834 5: whatever is not written by hand says so; older programs in words of their own. */
    boolean isAutomatic() {
        return fields.stream().anyMatch(field -> switch (field.name().toLowerCase(Locale.ROOT)) {
            case "auto-submitted" ->
                !field.body().strip().toLowerCase(Locale.ROOT).matches("no\\b.*");
            case "x-autoreply", "x-autorespond" -> true;
            case "precedence" -> field.body().strip().equalsIgnoreCase("auto_reply");
            default -> false;
        });
    }

    static Opened of(MessageKey key, MessageSource source) {
        return of(key, source, url -> null);
    }

    /** @param remoteImage the address that shows a remote image, or null to leave it out */
    static Opened of(MessageKey key, MessageSource source, Function<String, @Nullable String> remoteImage) {
        var mail = Unpacked.of(source.structure(), source.parts());
        var structure = mail.structure();
        var content = Content.of(key, structure, mail.parts(), remoteImage);
        return new Opened(
                MimeReader.envelope(source.header()),
                MimeReader.headers(source.header()),
                MimeReader.rawFields(source.header()),
                content,
                structure,
                Protection.of(mail, content.text()),
                report(mail),
                Embedded.of(key, mail),
                false);
    }

    /** A message nobody can make sense of: its source is shown. */
    static Opened raw(FirstOctets source, BodyPart structure) {
        var none = new Protection(null, null);
        return new Opened(null, List.of(), List.of(), Content.source(source), structure, none, null, List.of(), true);
    }

    @Nullable
    String text() {
        return content.text();
    }

    String html() {
        return content.html();
    }

    boolean hasHtml() {
        return content.hasHtml();
    }

    int blockedRemote() {
        return content.blockedRemote();
    }

    List<BodyPart> attachments() {
        return content.attachments();
    }

    /** About how many octets it takes in memory. */
    int weight() {
        long characters = headers.stream()
                .mapToLong(h -> h.name().length() + h.value().length() + 80L)
                .sum();
        characters += fields.stream()
                .mapToLong(field -> field.name().length() + field.body().length() + 80L)
                .sum();
        characters += content.weight();
        characters += embedded.stream()
                .mapToLong(one -> 1_000 + one.content().weight())
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, 4_000 + characters * 2);
    }

    private static @Nullable DeliveryReport report(Unpacked mail) {
        byte[] status = null;
        byte[] original = null;
        String type = "";
        for (var part : mail.structure().leaves().toList()) {
            var encoded = mail.parts().get(part.isMessage() ? part.partId() + ".HEADER" : part.partId());
            if (encoded == null || !(part.isReport() || part.isMessage())) {
                continue;
            }
            var octets = part.isMessage() ? encoded : TransferEncoding.decode(encoded, part.encoding());
            if (part.type().endsWith("-status") || part.type().endsWith("-notification")) {
                status = octets;
                type = part.type();
            } else if (original == null) {
                original = octets;
            }
        }
        return status == null ? null : DeliveryReport.read(type, status, original);
    }
}
