package dev.valija.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a message into its parts (RFC 2046 5.1), and those of the messages within, by offsets alone: nothing is copied
 * and nothing can throw. One with more parts or deeper ones than the budget is not cut at all: it is one plain text.
 * Section numbers are those of RFC 9051 6.4.5.1.
 */
final class MimeTree {
    private static final int MOST_DEPTH = 50;
    private static final int MOST_PARTS = 2000;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}");

    private final byte[] raw;
    private final Map<String, Range> ranges;
    private final HeaderBlock header;
    private final int start;
    private final int bodyStart;
    private int parts;
    private boolean overBudget;

    /** A part's body within the message. */
    record Range(int from, int to) {}

    MimeTree(byte[] raw, Map<String, Range> ranges) {
        this.raw = raw;
        this.ranges = ranges;
        this.start = messageStart();
        this.bodyStart = bodyStart(start, raw.length);
        this.header = header(start, bodyStart);
    }

    HeaderBlock header() {
        return header;
    }

    Range headerRange() {
        return new Range(start, bodyStart);
    }

    /** What is left of it when it is over budget is one text, of everything behind the header. */
    BodyPart root() {
        var root = part(header, bodyStart, raw.length, "", 0, "text/plain");
        if (!overBudget) {
            return root;
        }
        ranges.clear();
        return leaf(header, ContentField.parse(null), "text/plain", bodyStart, raw.length, "", 0);
    }

    boolean isOverBudget() {
        return overBudget;
    }

    private BodyPart part(HeaderBlock header, int from, int to, String id, int depth, String defaultType) {
        parts++;
        CpuBudget.check();
        var contentType = ContentField.parse(header.first("Content-Type"));
        String type = type(contentType, defaultType);
        if (type.startsWith("multipart/")) {
            if (depth >= MOST_DEPTH) {
                overBudget = true;
                return leaf(header, contentType, "text/plain", from, to, id, depth);
            }
            var children = children(contentType, type, from, to, id, depth);
            if (!children.isEmpty() || isBlank(from, to)) {
                return new BodyPart(multipartId(id), type, null, null, null, null, "7bit", 0, children);
            }
            // A multipart nobody can split is shown as it stands.
            return leaf(header, contentType, "text/plain", from, to, id, depth);
        }
        return leaf(header, contentType, type, from, to, id, depth);
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
            if (parts >= MOST_PARTS || overBudget) {
                overBudget = true;
                break;
            }
            int body = bodyStart(range.from, range.to);
            var childHeader = header(range.from, body);
            String childId = (id.isEmpty() || id.endsWith(".") ? id : id + ".") + (children.size() + 1);
            children.add(part(childHeader, body, range.to, childId, depth + 1, childType));
        }
        return children;
    }

    /** RFC 9051 6.4.5.1: the multipart of a message within goes by the number of that message. */
    private static String multipartId(String id) {
        return id.endsWith(".") ? id.substring(0, id.length() - 1) : id;
    }

    private HeaderBlock header(int from, int to) {
        return HeaderBlock.parse(Arrays.copyOfRange(raw, from, Math.min(to, from + HeaderBlock.MOST_OCTETS)));
    }

    private BodyPart leaf(
            HeaderBlock header, ContentField contentType, String type, int from, int to, String id, int depth) {
        var disposition = ContentField.parse(header.first("Content-Disposition"));
        String name = disposition.parameter("filename");
        if (name == null || name.isBlank()) {
            name = contentType.parameter("name");
        }
        String encoding = header.first("Content-Transfer-Encoding");
        String partId = id.isEmpty() || id.endsWith(".") ? id + "1" : id;
        ranges.put(partId, new Range(from, to));
        var leaf = new BodyPart(
                partId,
                type,
                contentType.parameter("charset"),
                disposition(disposition.value()),
                FileNames.clean(name),
                MimeReader.messageId(header.first("Content-ID")),
                encoding == null ? "7bit" : encoding(encoding),
                Math.max(0, to - from),
                List.of(),
                BodyPart.Flow.of(contentType.parameter("format"), contentType.parameter("delsp")));
        return leaf.isMessage() && !leaf.isEncoded() ? lookedInto(leaf, from, to, depth) : leaf;
    }

    /** A message within, with the tree of its own; its header is a section of that name. */
    private BodyPart lookedInto(BodyPart message, int from, int to, int depth) {
        if (depth >= MOST_DEPTH || parts >= MOST_PARTS) {
            overBudget = true;
            return message;
        }
        int body = bodyStart(from, to);
        if (body == from) {
            return message; // no header, no message
        }
        ranges.put(message.partId() + ".HEADER", new Range(from, body));
        var root = part(header(from, body), body, to, message.partId() + ".", depth + 1, "text/plain");
        return message.holding(root);
    }

    private static @Nullable String disposition(String said) {
        // RFC 2183 2.8: a disposition nobody knows is treated as an attachment.
        return said.isEmpty() ? null : said.equals("inline") ? said : "attachment";
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

    /** Past a byte order mark, an mbox "From " line and empty lines that something put before the header. */
    private int messageStart() {
        int at = startsWith(0, "\ufeff") ? 3 : 0;
        while (at < raw.length && at < 16 && (raw[at] == '\r' || raw[at] == '\n')) {
            at++;
        }
        boolean mbox = startsWith(at, "From ") || startsWith(at, ">From ");
        return mbox ? nextLine(at, raw.length) : at;
    }

    private boolean startsWith(int at, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
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
