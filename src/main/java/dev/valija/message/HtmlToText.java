package dev.valija.message;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Reads HTML mail as plain text: for previews, quoting, search and the text alternative of what we send. */
public final class HtmlToText {
    private static final int LONGEST_INPUT = 2 * 1024 * 1024;
    /** Deeper elements are not looked into; real mail stays far below. */
    private static final int DEEPEST = 400;

    private static final Set<String> SILENT =
            Set.of("script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe", "object");
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "table",
            "tr",
            "ul",
            "ol",
            "li",
            "blockquote",
            "pre",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "section",
            "article",
            "header",
            "footer",
            "center",
            "dl",
            "dt",
            "dd",
            "address",
            "form",
            "figure");

    /** The text as a reader sees it, in lines; links and images lose their addresses, hidden elements are left out. */
    public static String of(String html) {
        var parser = org.jsoup.parser.Parser.htmlParser();
        parser.setMaxDepth(DEEPEST);
        Document document =
                Jsoup.parse(html.length() > LONGEST_INPUT ? html.substring(0, LONGEST_INPUT) : html, "", parser);
        var out = new Text();
        document.body().traverse(out);
        return out.toString().strip();
    }

    private static final class Text implements NodeVisitor {
        private final StringBuilder out = new StringBuilder();
        private int silentDepth = -1;
        private int quotes;
        private int verbatim;

        @Override
        public void head(Node node, int depth) {
            CpuBudget.check();
            if (silentDepth >= 0) {
                return;
            }
            if (node instanceof TextNode text) {
                words(text);
            } else if (node instanceof Element element) {
                open(element, depth);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (silentDepth == depth) {
                silentDepth = -1;
                return;
            }
            if (silentDepth >= 0 || !(node instanceof Element element)) {
                return;
            }
            switch (element.normalName()) {
                case "blockquote" -> {
                    line();
                    quotes--;
                }
                case "pre" -> {
                    verbatim--;
                    line();
                }
                case "td", "th" -> space();
                case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol" -> paragraph();
                default -> {
                    if (BLOCKS.contains(element.normalName())) {
                        line();
                    }
                }
            }
        }

        private void open(Element element, int depth) {
            String name = element.normalName();
            if (SILENT.contains(name) || isHidden(element)) {
                silentDepth = depth;
                return;
            }
            switch (name) {
                case "br" -> newLine();
                case "hr" -> {
                    line();
                    begin();
                    out.append("---");
                }
                case "img" -> {
                    String alt = element.attr("alt").strip();
                    if (!alt.isEmpty() && alt.length() < 200) {
                        append(alt);
                    }
                }
                case "li" -> {
                    line();
                    begin();
                    out.append("- ");
                }
                case "blockquote" -> {
                    line();
                    quotes++;
                }
                case "pre" -> {
                    line();
                    verbatim++;
                }
                default -> {
                    if (BLOCKS.contains(name)) {
                        line();
                    }
                }
            }
        }

        private static boolean isHidden(Element element) {
            if (element.hasAttr("hidden")) {
                return true;
            }
            String style = element.attr("style");
            if (style.isEmpty() || style.length() > 4000) {
                return false;
            }
            String squeezed = style.toLowerCase(java.util.Locale.ROOT).replaceAll("\\s+", "") + ";";
            return squeezed.contains("display:none")
                    || squeezed.contains("visibility:hidden")
                    || squeezed.contains("mso-hide:all")
                    || squeezed.contains("font-size:0;")
                    || squeezed.contains("font-size:0px")
                    || squeezed.contains("max-height:0;")
                    || squeezed.contains("max-height:0px");
        }

        private void words(TextNode node) {
            if (verbatim > 0) {
                String[] lines = node.getWholeText().split("\\r?\\n", -1);
                for (int i = 0; i < lines.length; i++) {
                    if (i > 0) {
                        newLine();
                    }
                    begin();
                    out.append(lines[i]);
                }
                return;
            }
            append(node.getWholeText());
        }

        /** Runs of blanks are one; a no-break space is one too. */
        private void append(String text) {
            boolean blank = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u00a0') {
                    blank = true;
                    continue;
                }
                if (blank) {
                    space();
                    blank = false;
                }
                begin();
                out.append(c);
            }
            if (blank) {
                space();
            }
        }

        private void begin() {
            if (quotes > 0 && (out.isEmpty() || out.charAt(out.length() - 1) == '\n')) {
                out.append(">".repeat(Math.min(quotes, 20))).append(' ');
            }
        }

        private void space() {
            if (!out.isEmpty() && !Character.isWhitespace(out.charAt(out.length() - 1))) {
                out.append(' ');
            }
        }

        private void line() {
            trim();
            if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
                out.append('\n');
            }
        }

        private void newLine() {
            trim();
            int end = out.length();
            if (end >= 2 && out.charAt(end - 1) == '\n' && out.charAt(end - 2) == '\n') {
                return;
            }
            out.append('\n');
        }

        private void paragraph() {
            line();
            newLine();
        }

        private void trim() {
            int end = out.length();
            while (end > 0 && out.charAt(end - 1) == ' ') {
                end--;
            }
            out.setLength(end);
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }

    private HtmlToText() {}
}
