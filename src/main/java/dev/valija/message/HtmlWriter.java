package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree of HTML so that every parser that follows the standard reads the same tree again: an element goes only
 * where the standard's tree construction (HTML 13.2.6) leaves it, everything else is escaped.
 */
final class HtmlWriter {
    private static final int DEEPEST = 250;
    private static final Set<String> VOID = Set.of("br", "col", "hr", "img", "wbr");
    /** Where a table's parts may stand; nothing else may stand there. */
    private static final Map<String, Set<String>> PARENTS = Map.of(
            "caption", Set.of("table"),
            "colgroup", Set.of("table"),
            "col", Set.of("colgroup"),
            "thead", Set.of("table"),
            "tbody", Set.of("table"),
            "tfoot", Set.of("table"),
            "tr", Set.of("thead", "tbody", "tfoot"),
            "td", Set.of("tr"),
            "th", Set.of("tr"));

    private static final Set<String> STRUCTURE = Set.of("table", "thead", "tbody", "tfoot", "tr", "colgroup");
    private static final Set<String> CELLS = Set.of("td", "th", "caption");
    private static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h4", "h5", "h6");
    /** Elements that a parser does not close to end a list's item; the standard calls the others special. */
    private static final Set<String> SEEN_THROUGH = Set.of(
            "address", "div", "p", "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
            "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
            "sup", "time", "tt", "u", "var");
    /** Their start ends a paragraph. */
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "ul");

    private final StringBuilder out;
    private final List<String> open = new ArrayList<>();
    private boolean inTag;
    private boolean afterPre;

    HtmlWriter(StringBuilder out) {
        this.out = out;
    }

    /** Whether a parser ends a paragraph at the element's start. */
    static boolean isBlock(String element) {
        return BLOCKS.contains(element);
    }

    /** The element as which it may stand here, or null when it may not. */
    @Nullable
    String fitting(String element) {
        String parent = open.isEmpty() ? "" : open.getLast();
        boolean part = PARENTS.containsKey(element);
        if (open.size() >= DEEPEST || part != STRUCTURE.contains(parent)) {
            return null;
        }
        if (part) {
            return PARENTS.getOrDefault(element, Set.of()).contains(parent) ? element : null;
        }
        return switch (element) {
            case "a" -> isWithin("a") ? null : "a";
            case "rt", "rp" -> parent.equals("ruby") ? element : null;
            case "li" -> isItemOf(Set.of("li")) ? "div" : element;
            case "dd", "dt" -> isItemOf(Set.of("dd", "dt")) ? "div" : element;
            default -> HEADINGS.contains(element) && HEADINGS.contains(parent) ? "div" : element;
        };
    }

    private boolean isWithin(String element) {
        for (String one : open.reversed()) {
            if (one.equals(element)) {
                return true;
            }
            if (CELLS.contains(one)) {
                return false;
            }
        }
        return false;
    }

    private boolean isItemOf(Set<String> items) {
        for (String one : open.reversed()) {
            if (items.contains(one)) {
                return true;
            }
            if (!SEEN_THROUGH.contains(one)) {
                return false;
            }
        }
        return false;
    }

    /** Begins an element; its attributes come next. */
    void open(String element) {
        endTag();
        out.append('<').append(element);
        open.add(element);
        inTag = true;
    }

    void attribute(String name, String value) {
        out.append(' ').append(name).append("=\"");
        escape(plain(value));
        out.append('"');
    }

    void close() {
        endTag();
        afterPre = false;
        String element = open.removeLast();
        if (!VOID.contains(element)) {
            out.append("</").append(element).append('>');
        }
    }

    void text(String text) {
        if (!open.isEmpty() && STRUCTURE.contains(open.getLast())) {
            return; // a parser would put it before the table
        }
        String shown = out.isEmpty() ? plain(text).stripLeading() : plain(text);
        if (shown.isEmpty()) {
            return;
        }
        endTag();
        if (afterPre && shown.charAt(0) == '\n') {
            out.append('\n'); // a parser leaves the first one out
        }
        afterPre = false;
        escape(shown);
    }

    private void endTag() {
        if (inTag) {
            out.append('>');
            afterPre = open.getLast().equals("pre");
            inTag = false;
        } else {
            afterPre = false;
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.append(c);
            }
        }
    }

    /** Without what no text holds: controls and halves of characters. */
    private static String plain(String text) {
        int i = 0;
        while (i < text.length() && isPlain(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        var plain = new StringBuilder(text.substring(0, i));
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\r' || c == '\f') {
                plain.append('\n');
            } else if (c > Character.MAX_VALUE || isPlain((char) c)) {
                plain.appendCodePoint(c);
            }
        }
        return plain.toString();
    }

    private static boolean isPlain(char c) {
        return c == '\n' || c == '\t' || !(Character.isISOControl(c) || Character.isSurrogate(c));
    }
}
