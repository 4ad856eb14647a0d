package dev.valija.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A header taken apart into fields (RFC 5322 2.2), within bounds and without complaint. */
final class HeaderBlock {
    static final int MOST_OCTETS = 256 * 1024;
    static final int MOST_FIELDS = 1000;

    private static final Pattern FOLD = Pattern.compile("\\r?\\n(?=[ \\t])");
    private static final Pattern CHARSET =
            Pattern.compile("(?im)^(?:content-type:|[ \\t]).{0,400}?charset\\s*=\\s*[\"']?([a-z0-9_.:-]{1,40})");

    private final List<Field> fields;

    /**
     * A field whose body is unfolded, not decoded.
     *
     * @param body its octets as text, in the likely charset
     * @param raw the same, read in no charset that the message names itself
     */
    record Field(String name, String body, String raw) {}

    private HeaderBlock(List<Field> fields) {
        this.fields = fields;
    }

    /** Reads up to the first empty line, the end or the bounds. A line that is no field belongs to the one before. */
    static HeaderBlock parse(byte[] raw) {
        var fields = new ArrayList<Field>();
        int end = Math.min(raw.length, MOST_OCTETS);
        Charset likely = Charsets.isUtf8(raw) ? null : charset(raw);
        int fieldStart = -1;
        int at = 0;
        while (at < end) {
            int lineEnd = lineEnd(raw, at, end);
            int next = nextLine(raw, lineEnd, end);
            if (lineEnd == at) {
                break;
            }
            boolean starts = raw[at] != ' ' && raw[at] != '\t' && colon(raw, at, lineEnd) > 0;
            if (starts) {
                add(fields, raw, fieldStart, at, likely);
                fieldStart = at;
            }
            at = next;
        }
        add(fields, raw, fieldStart, at, likely);
        return new HeaderBlock(fields);
    }

    /** The body of the first field of that name, or null. */
    @Nullable
    String first(String name) {
        return all(name).findFirst().orElse(null);
    }

    Stream<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::body);
    }

    List<Field> fields() {
        return fields;
    }

    /** Whether a line that begins here looks like a field. */
    static boolean isField(byte[] raw, int from, int to) {
        return colon(raw, from, lineEnd(raw, from, to)) > 0;
    }

    /** The charset of the text: raw octets in the header, against RFC 5322 2.2, are mostly in the same. */
    private static @Nullable Charset charset(byte[] raw) {
        var match = CHARSET.matcher(new String(raw, 0, Math.min(raw.length, MOST_OCTETS), StandardCharsets.ISO_8859_1));
        return match.find() ? Charsets.find(match.group(1)) : null;
    }

    private static void add(List<Field> fields, byte[] raw, int from, int to, @Nullable Charset likely) {
        int colon = from < 0 ? -1 : from + colon(raw, from, to);
        if (colon <= from || fields.size() >= MOST_FIELDS) {
            return;
        }
        // Names are ASCII: in a charset that the message names, one that is not wanted would be another.
        String name = new String(raw, from, colon - from, StandardCharsets.ISO_8859_1).strip();
        byte[] octets = Arrays.copyOfRange(raw, colon + 1, to);
        String body = unfolded(Charsets.decodeHeader(octets, likely));
        boolean same = likely == null || Charsets.isUtf8(octets);
        fields.add(new Field(name, body, same ? body : unfolded(Charsets.decodeHeader(octets, null))));
    }

    private static String unfolded(String text) {
        String body = text.strip();
        return body.indexOf('\n') >= 0 ? FOLD.matcher(body).replaceAll("") : body;
    }

    /** Where the field's name ends, or -1 when the line does not begin with one (RFC 5322 3.6.8). */
    private static int colon(byte[] raw, int from, int to) {
        for (int i = from; i < to && i - from < 200; i++) {
            int c = raw[i];
            if (c == ':') {
                return i - from;
            }
            boolean blankBeforeColon = (c == ' ' || c == '\t') && onlyBlanksTillColon(raw, i, to);
            if ((c <= ' ' || c >= 0x7f) && !blankBeforeColon) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean onlyBlanksTillColon(byte[] raw, int from, int to) {
        int i = from;
        while (i < to && (raw[i] == ' ' || raw[i] == '\t')) {
            i++;
        }
        return i < to && raw[i] == ':';
    }

    private static int lineEnd(byte[] raw, int from, int end) {
        int i = from;
        while (i < end && raw[i] != '\n' && raw[i] != '\r') {
            i++;
        }
        return i;
    }

    private static int nextLine(byte[] raw, int lineEnd, int end) {
        int i = lineEnd;
        if (i < end && raw[i] == '\r') {
            i++;
        }
        return i < end && raw[i] == '\n' ? i + 1 : i;
    }
}
