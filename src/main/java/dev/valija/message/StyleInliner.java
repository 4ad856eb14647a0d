package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.select.Selector;

/**
 * Moves the plain rules of style blocks to the elements they mean, since the sanitiser drops the blocks. Only looks
 * depend on it: what it writes is cleaned afterwards like everything else. Rules it does not understand, media queries
 * among them, are left out.
 */
final class StyleInliner {
    private static final Pattern SELECTOR = Pattern.compile("[a-zA-Z0-9.#_*>+~\\s-]{1,200}");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?(?:\\*/|$)|<!--|-->", Pattern.DOTALL);
    private static final int LONGEST_CSS = 200_000;
    private static final int LONGEST_PAGE = 1_000_000;
    private static final int LONGEST_STYLE = 8_000;
    /** Rules times elements: what keeps hostile pages from costing seconds. */
    private static final long MOST_WORK = 3_000_000;

    private static final int DEEPEST = 250;

    private record Rule(String selector, String declarations) {}

    /** The page with its rules inlined; the page itself where there is nothing to do or too much. */
    static String inline(String html) {
        if (!containsStyle(html) || html.length() > LONGEST_PAGE) {
            return html;
        }
        Document page = Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(DEEPEST));
        page.outputSettings().prettyPrint(false);
        var css = new StringBuilder();
        for (Element style : page.select("style")) {
            css.append(style.data()).append('\n');
        }
        if (css.length() > LONGEST_CSS) {
            return html;
        }
        var rules = rules(COMMENT.matcher(css).replaceAll(" "));
        long work = (long) rules.size() * page.getAllElements().size();
        if (rules.isEmpty() || work > MOST_WORK) {
            return html;
        }
        // Later rules win, and what an element says itself wins over all: so each goes before what is there already.
        for (Rule rule : rules.reversed()) {
            apply(rule, page);
        }
        return page.outerHtml();
    }

    private static boolean containsStyle(String html) {
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
            if (html.regionMatches(true, at, "<style", 0, 6)) {
                return true;
            }
        }
        return false;
    }

    private static void apply(Rule rule, Document page) {
        try {
            for (Element element : page.select(rule.selector)) {
                String own = element.attr("style");
                if (own.length() + rule.declarations.length() < LONGEST_STYLE) {
                    element.attr("style", rule.declarations + ";" + own);
                }
            }
        } catch (Selector.SelectorParseException | IllegalArgumentException e) {
            return; // a selector of a kind we do not know changes nothing
        }
    }

    /** The rules outside of any at-rule. */
    private static List<Rule> rules(String css) {
        var rules = new ArrayList<Rule>();
        int at = 0;
        while (at < css.length()) {
            int open = css.indexOf('{', at);
            if (open < 0) {
                break;
            }
            String before = css.substring(at, open).strip();
            int statementEnd = before.lastIndexOf(';'); // @import and @charset end so
            String prelude =
                    statementEnd >= 0 ? before.substring(statementEnd + 1).strip() : before;
            int close = closing(css, open);
            if (!prelude.startsWith("@")) {
                for (String selector : prelude.split(",", 50)) {
                    if (SELECTOR.matcher(selector.strip()).matches()) {
                        rules.add(new Rule(
                                selector.strip(),
                                css.substring(open + 1, close).strip().replace("\"", "'")));
                    }
                }
            }
            at = close + 1;
        }
        return rules;
    }

    private static int closing(String css, int open) {
        int depth = 0;
        for (int i = open; i < css.length(); i++) {
            char c = css.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return css.length();
    }

    private StyleInliner() {}
}
