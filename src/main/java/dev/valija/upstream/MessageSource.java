package dev.valija.upstream;

import dev.valija.message.BodyPart;
import dev.valija.message.ParsedMessage;
import dev.valija.message.Unpacked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What it takes to show a message: its header, its structure, its texts and what is to be looked into; no attachment
 * otherwise.
 *
 * @param header the raw header block, with the blank line at its end
 * @param structure the MIME tree
 * @param parts the encoded octets of the {@link Sections} there are, by their names; texts of at most the store's
 *     limit, longer ones are cut
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, read once
public record MessageSource(byte[] header, BodyPart structure, Map<String, byte[]> parts) {
    /** Octets of a text, encoded, that a store gives at least. */
    public static final int LONGEST_TEXT = 1 << 20;

    private static final int MOST_TEXTS = 50;
    private static final int MOST_MESSAGES = 10;
    private static final int MOST_CONTAINERS = 5;

    /**
     * The sections that are needed of a message of that structure.
     *
     * @param texts text leaves and reports, by part id, and headers of messages within ({@code 2.HEADER}): small
     * @param containers leaves to be unpacked, of at most {@link Unpacked#LARGEST} octets
     */
    public record Sections(List<String> texts, List<String> containers) {

        public static Sections of(BodyPart structure) {
            var sections = new Sections(new ArrayList<>(), new ArrayList<>());
            sections.collect(structure, new int[1]);
            return sections;
        }

        private void collect(BodyPart part, int[] messages) {
            if (part.isMultipart()) {
                part.children().forEach(child -> collect(child, messages));
            } else if (part.isContainer()) {
                if (containers.size() < MOST_CONTAINERS && part.size() <= Unpacked.LARGEST) {
                    containers.add(part.partId());
                }
            } else if (part.isMessage() && !part.children().isEmpty()) {
                if (messages[0]++ < MOST_MESSAGES) {
                    texts.add(part.partId() + ".HEADER");
                    collect(part.children().getFirst(), messages);
                }
            } else if ((part.isText() || part.isReport()) && texts.size() < MOST_TEXTS) {
                texts.add(part.partId());
            }
        }
    }

    /** Of a message that we have taken apart ourselves. */
    public static MessageSource of(ParsedMessage message) {
        var parts = new LinkedHashMap<String, byte[]>();
        var sections = Sections.of(message.structure());
        sections.texts().forEach(id -> message.encoded(id).ifPresent(octets -> parts.put(id, octets)));
        sections.containers().forEach(id -> message.encoded(id).ifPresent(octets -> parts.put(id, octets)));
        return new MessageSource(message.rawHeader(), message.structure(), parts);
    }
}
