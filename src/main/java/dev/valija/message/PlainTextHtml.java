package dev.valija.message;

import java.util.regex.Pattern;

/** Plain text as safe HTML: every token is escaped, links can be followed, quotes are nested blocks. */
public final class PlainTextHtml {
    private static final int DEEPEST_QUOTE = 20;
    private static final int LONGEST_LINK = 8_000;
    private static final Pattern LINK = Pattern.compile(
            "(?i)\\b(?:https?://|www\\.)[^\\s<>\"\\p{Cntrl}]+|[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,8}");

    /** A fragment that shows the text as it was written. */
    public static String render(String text) {
        var out = new StringBuilder(text.length() * 5 / 4 + 100);
        out.append("<div class=\"valija-text\" style=\"white-space:pre-wrap;overflow-wrap:anywhere\">");
        int depth = 0;
        boolean fresh = true;
        for (String line : text.split("\\r\\n|[\\r\\n]", -1)) {
            CpuBudget.check();
            int quoted = quoteDepth(line);
            if (quoted != depth) {
                for (; depth < quoted; depth++) {
                    out.append("<blockquote class=\"valija-quote\" type=\"cite\">");
                }
                for (; depth > quoted; depth--) {
                    out.append("</blockquote>");
                }
                fresh = true;
            }
            if (!fresh) {
                out.append('\n');
            }
            fresh = false;
            line(line.substring(quotePrefix(line, quoted)), out);
        }
        out.append("</blockquote>".repeat(depth)).append("</div>");
        return out.toString();
    }

    private static int quoteDepth(String line) {
        int depth = 0;
        for (int i = 0; i < line.length() && depth < DEEPEST_QUOTE; i++) {
            char c = line.charAt(i);
            if (c == '>') {
                depth++;
            } else if (c != ' ' || depth == 0 || i + 1 >= line.length() || line.charAt(i + 1) != '>') {
                break;
            }
        }
        return depth;
    }

    private static int quotePrefix(String line, int depth) {
        if (depth == 0) {
            return 0;
        }
        int at = 0;
        for (int seen = 0; seen < depth; at++) {
            if (line.charAt(at) == '>') {
                seen++;
            }
        }
        return at < line.length() && line.charAt(at) == ' ' ? at + 1 : at;
    }

    private static void line(String line, StringBuilder out) {
        var link = LINK.matcher(line);
        int from = 0;
        while (link.find(from)) {
            if (link.end() - link.start() > LONGEST_LINK) {
                escape(line.substring(from, link.end()), out); // the beginning of it would lead nowhere
                from = link.end();
                continue;
            }
            int end = withoutPunctuation(line, link.start(), link.end());
            escape(line.substring(from, link.start()), out);
            String shown = line.substring(link.start(), end);
            out.append("<a href=\"");
            escape(target(shown), out);
            out.append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
            escape(shown, out);
            out.append("</a>");
            from = end;
        }
        escape(line.substring(from), out);
    }

    private static String target(String shown) {
        if (shown.regionMatches(true, 0, "http", 0, 4)) {
            return shown;
        }
        return shown.regionMatches(true, 0, "www.", 0, 4) ? "http://" + shown : "mailto:" + shown;
    }

    /** A full stop or a bracket after a link belongs to the sentence, unless the link opened the bracket. */
    private static int withoutPunctuation(String line, int from, int to) {
        int end = to;
        for (int tries = 0; tries < 20 && end > from + 1; tries++) {
            char last = line.charAt(end - 1);
            boolean closing = last == ')' && count(line, '(', from, end) < count(line, ')', from, end);
            if (!closing && ".,;:!?'*]}|".indexOf(last) < 0) {
                break;
            }
            end--;
        }
        return end;
    }

    private static long count(String text, char wanted, int from, int to) {
        return text.substring(from, to).chars().filter(c -> c == wanted).count();
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\t' -> out.append('\t');
                default -> {
                    if (c >= ' ' && (c < 0x7f || c > 0x9f) && (c < 0xd800 || c > 0xdfff)) {
                        out.appendCodePoint(c);
                    }
                }
            }
        }
    }

    private PlainTextHtml() {}
}
