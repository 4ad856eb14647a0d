package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.HeaderField;
import dev.valija.message.HtmlSanitizer;
import dev.valija.message.HtmlToText;
import dev.valija.message.MimeReader;
import dev.valija.message.PlainTextHtml;
import dev.valija.upstream.MessageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message made ready to be shown.
 *
 * @param envelope null where the header could not be had
 * @param text the plain text, or the page's; null where it has neither
 * @param html safe elements for a page's body, inline images as addresses of parts
 * @param hasHtml whether the mail itself has a page
 * @param blockedRemote remote resources left out
 */
record Opened(
        @Nullable Envelope envelope,
        List<HeaderField> headers,
        @Nullable String text,
        String html,
        boolean hasHtml,
        int blockedRemote,
        BodyPart structure,
        List<BodyPart> attachments) {

    static Opened of(MessageKey key, MessageSource source) {
        return of(key, source, url -> null);
    }

    /** @param remoteImage the address that shows a remote image, or null to leave it out */
    static Opened of(MessageKey key, MessageSource source, Function<String, @Nullable String> remoteImage) {
        var shown = ShownParts.of(source.structure());
        var pieces = new ArrayList<String>();
        int blocked = 0;
        for (var part : shown.html()) {
            var text = text(source, part);
            if (text == null) {
                continue;
            }
            if (part.type().equals("text/html")) {
                var options = new HtmlSanitizer.Options(
                        cid -> InlineImages.address(key, source.structure(), cid), remoteImage);
                var clean = HtmlSanitizer.clean(text, options);
                blocked += clean.blockedRemote();
                pieces.add(clean.html());
            } else {
                pieces.add(PlainTextHtml.render(text));
            }
        }
        return new Opened(
                MimeReader.envelope(source.header()),
                MimeReader.headers(source.header()),
                plain(source, shown),
                String.join("<hr>", pieces),
                shown.hasHtml(),
                blocked,
                source.structure(),
                shown.attachments());
    }

    /** A message nobody can make sense of: its source is shown. */
    static Opened raw(String source, BodyPart structure) {
        return new Opened(null, List.of(), source, PlainTextHtml.render(source), false, 0, structure, List.of());
    }

    /** About how many octets it takes in memory. */
    int weight() {
        long headerLength = headers.stream()
                .mapToLong(h -> h.name().length() + h.value().length() + 80L)
                .sum();
        long length = headerLength * 2 + html.length() + (text == null ? 0 : text.length());
        return (int) Math.min(Integer.MAX_VALUE, 4_000 + length * 2);
    }

    private static @Nullable String plain(MessageSource source, ShownParts shown) {
        var texts = new ArrayList<String>();
        for (var part : shown.text()) {
            var text = text(source, part);
            if (text != null) {
                texts.add(part.type().equals("text/html") ? HtmlToText.of(text) : text);
            }
        }
        return texts.isEmpty() ? null : texts.stream().collect(Collectors.joining("\n\n"));
    }

    private static @Nullable String text(MessageSource source, BodyPart part) {
        var encoded = source.parts().get(part.partId());
        return encoded == null ? null : MimeReader.decodeText(encoded, part);
    }
}
