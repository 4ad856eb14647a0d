package dev.valija.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a message into its parts (RFC 2046 5.1) by offsets alone: nothing is copied, nothing can throw, and hostile
 * nesting ends at a budget, where what is left becomes one leaf. Section numbers are those of RFC 9051 6.4.5.1.
 */
final class MimeTree {
    private static final int MOST_DEPTH = 50;
    private static final int MOST_PARTS = 2000;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}");

    private final byte[] raw;
    private final Map<String, Range> ranges;
    private final HeaderBlock header;
    private final int bodyStart;
    private int parts;

    /** A part's body within the message. */
    record Range(int from, int to) {}

    MimeTree(byte[] raw, Map<String, Range> ranges) {
        this.raw = raw;
        this.ranges = ranges;
        int start = messageStart();
        this.bodyStart = bodyStart(start, raw.length);
        this.header = HeaderBlock.parse(Arrays.copyOfRange(raw, start, bodyStart));
    }

    HeaderBlock header() {
        return header;
    }

    BodyPart root() {
        return part(header, bodyStart, raw.length, "", 0, "text/plain");
    }

    private BodyPart part(HeaderBlock header, int from, int to, String id, int depth, String defaultType) {
        parts++;
        var contentType = ContentField.parse(header.first("Content-Type"));
        String type = type(contentType, defaultType);
        if (type.startsWith("multipart/")) {
            if (depth < MOST_DEPTH && parts < MOST_PARTS) {
                var children = children(contentType, type, from, to, id, depth);
                if (!children.isEmpty() || isBlank(from, to)) {
                    return new BodyPart(id, type, null, null, null, null, "7bit", 0, children);
                }
            }
            // A multipart nobody can split is shown as it stands.
            return leaf(header, contentType, "text/plain", from, to, id);
        }
        return leaf(header, contentType, type, from, to, id);
    }

    private List<BodyPart> children(ContentField type, String name, int from, int to, String id, int depth) {
        String boundary = type.parameter("boundary");
        if (boundary == null || boundary.isBlank()) {
            boundary = guessBoundary(from, to);
        }
        if (boundary == null) {
            return List.of();
        }
        String childType = name.equals("multipart/digest") ? "message/rfc822" : "text/plain";
        var children = new ArrayList<BodyPart>();
        for (Range range : split(boundary.getBytes(StandardCharsets.UTF_8), from, to)) {
            if (parts >= MOST_PARTS) {
                break;
            }
            int body = bodyStart(range.from, range.to);
            var childHeader = HeaderBlock.parse(Arrays.copyOfRange(raw, range.from, body));
            String childId = (id.isEmpty() ? "" : id + ".") + (children.size() + 1);
            children.add(part(childHeader, body, range.to, childId, depth + 1, childType));
        }
        return children;
    }

    private BodyPart leaf(HeaderBlock header, ContentField contentType, String type, int from, int to, String id) {
        var disposition = ContentField.parse(header.first("Content-Disposition"));
        String name = disposition.parameter("filename");
        if (name == null || name.isBlank()) {
            name = contentType.parameter("name");
        }
        String encoding = header.first("Content-Transfer-Encoding");
        String partId = id.isEmpty() ? "1" : id;
        ranges.put(partId, new Range(from, to));
        return new BodyPart(
                partId,
                type,
                contentType.parameter("charset"),
                disposition.value().isEmpty() ? null : disposition.value(),
                FileNames.clean(name),
                MimeReader.messageId(header.first("Content-ID")),
                encoding == null ? "7bit" : encoding(encoding),
                Math.max(0, to - from),
                List.of());
    }

    private static String encoding(String field) {
        String value = ContentField.parse(field).value();
        return value.isEmpty() ? "7bit" : value;
    }

    private static String type(ContentField field, String defaultType) {
        String type = field.value();
        if (type.isEmpty() || type.equals("text")) {
            return defaultType;
        }
        if (TYPE.matcher(type).matches()) {
            return type;
        }
        // RFC 2045 5.2 wants text/plain here; but what names itself wrongly is rarely text.
        return type.startsWith("text") ? "text/plain" : "application/octet-stream";
    }

    /** The bodies between delimiter lines. A missing close delimiter is forgiven; the last line break is not theirs. */
    private List<Range> split(byte[] boundary, int from, int to) {
        var found = new ArrayList<Range>();
        int open = -1;
        for (int line = from; line < to && found.size() < MOST_PARTS; line = nextLine(line, to)) {
            int after = afterDelimiter(line, to, boundary);
            if (after < 0) {
                continue;
            }
            if (open >= 0) {
                found.add(new Range(open, beforeBreak(line, open)));
            }
            if (after + 1 < to && raw[after] == '-' && raw[after + 1] == '-') {
                return found;
            }
            open = nextLine(line, to);
        }
        if (open >= 0 && open <= to) {
            found.add(new Range(open, to));
        }
        return found;
    }

    private int afterDelimiter(int line, int to, byte[] boundary) {
        int end = line + 2 + boundary.length;
        if (end > to || raw[line] != '-' || raw[line + 1] != '-') {
            return -1;
        }
        if (!Arrays.equals(raw, line + 2, end, boundary, 0, boundary.length)) {
            return -1;
        }
        int rest = end;
        if (rest + 1 < to && raw[rest] == '-' && raw[rest + 1] == '-') {
            rest += 2;
        }
        // RFC 2046 5.1.1: only white space may follow, else it is the delimiter of another multipart.
        while (rest < to && (raw[rest] == ' ' || raw[rest] == '\t')) {
            rest++;
        }
        return rest >= to || raw[rest] == '\r' || raw[rest] == '\n' ? end : -1;
    }

    /** The first line that begins with two dashes, as most mailers' parsers do without a boundary parameter. */
    private @Nullable String guessBoundary(int from, int to) {
        for (int line = from; line < to; line = nextLine(line, to)) {
            if (line + 3 < to && raw[line] == '-' && raw[line + 1] == '-' && raw[line + 2] > ' ') {
                int end = line;
                while (end < to && raw[end] != '\r' && raw[end] != '\n') {
                    end++;
                }
                if (end - line <= 202) {
                    return new String(raw, line + 2, end - line - 2, StandardCharsets.UTF_8).stripTrailing();
                }
            }
        }
        return null;
    }

    /** Behind the first empty line; when there is none and the first line is no field, all of it is body. */
    private int bodyStart(int from, int to) {
        int line = from;
        if (line < to && raw[line] > ' ' && !HeaderBlock.isField(raw, line, to)) {
            return from;
        }
        while (line < to) {
            if (raw[line] == '\n') {
                return line + 1;
            }
            if (raw[line] == '\r') {
                return line + 1 < to && raw[line + 1] == '\n' ? line + 2 : line + 1;
            }
            line = nextLine(line, to);
        }
        return to;
    }

    /** Past an mbox "From " line and past empty lines that something put before the header. */
    private int messageStart() {
        int at = 0;
        while (at < raw.length && at < 16 && (raw[at] == '\r' || raw[at] == '\n')) {
            at++;
        }
        boolean mbox = startsWith(at, "From ") || startsWith(at, ">From ");
        return mbox ? nextLine(at, raw.length) : at;
    }

    private boolean startsWith(int at, String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return at + octets.length <= raw.length && Arrays.equals(raw, at, at + octets.length, octets, 0, octets.length);
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (raw[i] > ' ' || raw[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private int nextLine(int from, int to) {
        int i = from;
        while (i < to && raw[i] != '\n' && raw[i] != '\r') {
            i++;
        }
        if (i < to && raw[i] == '\r') {
            i++;
            return i < to && raw[i] == '\n' ? i + 1 : i;
        }
        return i < to ? i + 1 : to;
    }

    private int beforeBreak(int line, int least) {
        int end = line;
        if (end > least && raw[end - 1] == '\n') {
            end--;
        }
        if (end > least && raw[end - 1] == '\r') {
            end--;
        }
        return end;
    }
}
