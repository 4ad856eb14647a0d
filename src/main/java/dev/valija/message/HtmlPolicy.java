package dev.valija.message;

import java.util.Set;
import java.util.regex.Pattern;
import org.owasp.html.CssSchema;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/** The elements, attributes and styles that mail may keep: the layout of newsletters, nothing that acts. */
final class HtmlPolicy {
    private static final Pattern SIZE = Pattern.compile("\\s*[0-9]{1,5}(?:\\.[0-9]{1,3})?(?:%|px|\\*)?\\s*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,5}");
    private static final Pattern FONT_SIZE = Pattern.compile("[+-]?[0-9]{1,2}");
    private static final Pattern COLOR = Pattern.compile("#?[0-9a-zA-Z]{1,20}");
    private static final Pattern FACE = Pattern.compile("[\\p{L}0-9 ,'\"_-]{1,200}");
    static final Pattern LINK = Pattern.compile("(?i)(?:https?://|mailto:|tel:)[^\\s\\p{Cntrl}]{1,4000}");
    private static final Pattern ANY_IMAGE =
            Pattern.compile("(?is)(?:https?://|/|data:image/(?:png|gif|jpe?g|webp|bmp);base64,).*");

    /** Properties that the library's own list lacks and mail needs; none of them can place an element or fetch. */
    private static final Set<String> LAYOUT =
            Set.of("clear", "display", "float", "opacity", "overflow", "overflow-wrap", "visibility", "word-break");

    static final PolicyFactory FACTORY = new HtmlPolicyBuilder()
            .allowElements(
                    "a",
                    "abbr",
                    "address",
                    "article",
                    "aside",
                    "b",
                    "bdi",
                    "bdo",
                    "big",
                    "blockquote",
                    "br",
                    "caption",
                    "center",
                    "cite",
                    "code",
                    "col",
                    "colgroup",
                    "dd",
                    "del",
                    "dfn",
                    "div",
                    "dl",
                    "dt",
                    "em",
                    "figcaption",
                    "figure",
                    "font",
                    "footer",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "header",
                    "hr",
                    "i",
                    "img",
                    "ins",
                    "kbd",
                    "li",
                    "main",
                    "mark",
                    "nav",
                    "ol",
                    "p",
                    "pre",
                    "q",
                    "s",
                    "samp",
                    "section",
                    "small",
                    "span",
                    "strike",
                    "strong",
                    "sub",
                    "sup",
                    "table",
                    "tbody",
                    "td",
                    "tfoot",
                    "th",
                    "thead",
                    "time",
                    "tr",
                    "tt",
                    "u",
                    "ul",
                    "var",
                    "wbr")
            .allowWithoutAttributes("a", "font", "img", "span")
            .allowUrlProtocols("http", "https", "mailto", "tel", "data")
            .allowAttributes("href")
            .matching(LINK)
            .onElements("a")
            .allowAttributes("target")
            .matching(false, "_blank")
            .onElements("a")
            .requireRelsOnLinks("noopener", "noreferrer", "nofollow")
            .allowAttributes("src")
            .matching(ANY_IMAGE)
            .onElements("img")
            .allowAttributes("class")
            .matching(false, HtmlSanitizer.BLOCKED_IMAGE)
            .onElements("img")
            .allowAttributes("alt", "title", "lang")
            .globally()
            .allowAttributes("dir")
            .matching(true, "ltr", "rtl", "auto")
            .globally()
            .allowAttributes("align")
            .matching(true, "left", "right", "center", "justify", "middle", "top", "bottom", "absmiddle", "baseline")
            .globally()
            .allowAttributes("valign")
            .matching(true, "top", "middle", "bottom", "baseline")
            .onElements("table", "tbody", "thead", "tfoot", "tr", "td", "th", "col", "colgroup")
            .allowAttributes("width", "height")
            .matching(SIZE)
            .onElements("table", "td", "th", "tr", "img", "col", "colgroup", "hr")
            .allowAttributes(
                    "border",
                    "cellpadding",
                    "cellspacing",
                    "hspace",
                    "vspace",
                    "colspan",
                    "rowspan",
                    "span",
                    "start",
                    "value")
            .matching(NUMBER)
            .onElements("table", "td", "th", "img", "col", "colgroup", "ol", "li")
            .allowAttributes("nowrap")
            .matching(true, "", "nowrap", "true")
            .onElements("td", "th")
            .allowAttributes("type")
            .matching(true, "1", "a", "i", "disc", "circle", "square")
            .onElements("ol", "ul", "li")
            .allowAttributes("bgcolor", "color")
            .matching(COLOR)
            .onElements("table", "tbody", "thead", "tfoot", "tr", "td", "th", "font", "hr")
            .allowAttributes("size")
            .matching(FONT_SIZE)
            .onElements("font", "hr")
            .allowAttributes("face")
            .matching(FACE)
            .onElements("font")
            .allowStyling(styles())
            .toFactory();

    private static CssSchema styles() {
        return CssSchema.union(CssSchema.DEFAULT, CssSchema.withProperties(LAYOUT));
    }

    private HtmlPolicy() {}
}
