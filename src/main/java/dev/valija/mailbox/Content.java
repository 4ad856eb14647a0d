package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.CpuBudget;
import dev.valija.message.HtmlSanitizer;
import dev.valija.message.HtmlToText;
import dev.valija.message.MimeReader;
import dev.valija.message.PlainTextHtml;
import dev.valija.upstream.MessageSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a reader sees of a message, or of one within another.
 *
 * @param text the plain text, or the page's; null where it has neither
 * @param html safe elements for a page's body, inline images as addresses of parts
 * @param hasHtml whether the mail itself has a page
 * @param blockedRemote remote resources left out
 * @param attachments what comes with it
 * @param images those of them that its pages show, by part id
 * @param cut whether it is longer than what is here
 */
record Content(
        @Nullable String text,
        String html,
        boolean hasHtml,
        int blockedRemote,
        List<BodyPart> attachments,
        Set<String> images,
        boolean cut) {

    /**
     * Makes it.
     *
     * @param parts encoded octets by part id
     * @param remoteImage the address that shows a remote image, or null to leave it out
     */
    static Content of(
            MessageKey key,
            BodyPart structure,
            Map<String, byte[]> parts,
            Function<String, @Nullable String> remoteImage) {
        var shown = ShownParts.of(structure);
        var images = new PageImages(key, structure);
        var options = new HtmlSanitizer.Options(images::address, remoteImage);
        var pieces = new ArrayList<String>();
        int blocked = 0;
        boolean cut = Stream.concat(shown.text().stream(), shown.html().stream())
                .anyMatch(part -> isCut(part, parts.get(part.partId())));
        for (var part : shown.html()) {
            var text = text(parts, part);
            if (text == null) {
                continue;
            }
            CpuBudget.check();
            if (part.type().equals("text/html")) {
                var clean = HtmlSanitizer.clean(text, options);
                blocked += clean.blockedRemote();
                cut |= clean.cut();
                pieces.add(clean.html());
            } else {
                pieces.add(PlainTextHtml.render(text));
            }
        }
        return new Content(
                plain(parts, shown),
                String.join("<hr>", pieces),
                shown.hasHtml(),
                blocked,
                shown.attachments(),
                images.shown(),
                cut);
    }

    /** Of a text that is too long there is the beginning, of too many the others are not there at all. */
    private static boolean isCut(BodyPart part, byte @Nullable [] encoded) {
        return encoded == null
                ? part.size() > 0
                : encoded.length >= MessageSource.LONGEST_TEXT && encoded.length < part.size();
    }

    /** The source of a message that nobody can make sense of. */
    static Content source(FirstOctets octets) {
        var source = octets.toString(StandardCharsets.UTF_8);
        return new Content(source, PlainTextHtml.render(source), false, 0, List.of(), Set.of(), octets.overflown());
    }

    /** About how many characters it takes in memory. */
    long weight() {
        return html.length() + (text == null ? 0L : text.length());
    }

    private static @Nullable String plain(Map<String, byte[]> parts, ShownParts shown) {
        var texts = new ArrayList<String>();
        for (var part : shown.text()) {
            var text = text(parts, part);
            if (text != null) {
                texts.add(part.type().equals("text/html") ? HtmlToText.of(text) : text);
            }
        }
        return texts.isEmpty() ? null : String.join("\n\n", texts);
    }

    private static @Nullable String text(Map<String, byte[]> parts, BodyPart part) {
        var encoded = parts.get(part.partId());
        return encoded == null ? null : MimeReader.decodeText(encoded, part);
    }
}
