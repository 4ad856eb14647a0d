package dev.valija.message;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message read from its octets: envelope, header, MIME tree and parts. */
public final class ParsedMessage {
    private final byte[] raw;
    private final Envelope envelope;
    private final List<HeaderField> headers;
    private final BodyPart structure;
    private final Map<String, MimeTree.Range> ranges;
    private final MimeTree.Range headerRange;
    private final boolean overBudget;

    private ParsedMessage(byte[] raw) {
        this.raw = raw;
        var ranges = new LinkedHashMap<String, MimeTree.Range>();
        var tree = new MimeTree(raw, ranges);
        this.structure = tree.root();
        this.envelope = MimeReader.envelope(tree.header());
        this.headers = MimeReader.headers(tree.header());
        this.ranges = ranges;
        this.headerRange = tree.headerRange();
        this.overBudget = tree.isOverBudget();
    }

    static ParsedMessage of(byte[] raw) {
        return new ParsedMessage(raw);
    }

    public Envelope envelope() {
        return envelope;
    }

    public List<HeaderField> headers() {
        return headers;
    }

    public BodyPart structure() {
        return structure;
    }

    /** Whether it has too many parts or too deep ones, so that it was not taken apart. */
    public boolean isOverBudget() {
        return overBudget;
    }

    /** The header as it stands in the message, with the blank line at its end. */
    public byte[] rawHeader() {
        return Arrays.copyOfRange(raw, headerRange.from(), headerRange.to());
    }

    /** A part's octets as they stand in the message, still encoded; the header of a message within by "2.HEADER". */
    public Optional<byte[]> encoded(String partId) {
        return Optional.ofNullable(ranges.get(partId)).map(range -> Arrays.copyOfRange(raw, range.from(), range.to()));
    }

    /** A part's octets, its transfer encoding taken off. */
    public Optional<byte[]> decoded(BodyPart part) {
        return encoded(part.partId()).map(octets -> TransferEncoding.decode(octets, part.encoding()));
    }

    /** A part's text; empty when there is no such part. */
    public String text(BodyPart part) {
        return encoded(part.partId())
                .map(octets -> MimeReader.decodeText(octets, part))
                .orElse("");
    }
}
