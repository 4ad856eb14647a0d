package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/** What must hold of every cleaned mail, said again without the sanitiser's own code. */
public final class SafeHtml {
    private static final Set<String> ELEMENTS = words("a abbr address article aside b bdi bdo big blockquote br caption"
            + " center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6"
            + " header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong"
            + " style sub sup table tbody td tfoot th thead time tr tt u ul var wbr");
    private static final Set<String> ATTRIBUTES = words("alt title aria-label lang dir role aria-hidden hidden align"
            + " valign width height border cellpadding cellspacing hspace vspace start value colspan rowspan span"
            + " nowrap bgcolor color size face type href target rel src class style");
    private static final Pattern CLASS = Pattern.compile("valija-blocked-image|m-[A-Za-z0-9_-]*");
    private static final Pattern STYLE = Pattern.compile("[A-Za-z0-9 :;,.!%#()'+*/&_\\-\\p{L}\\p{Nd}\\p{So}]*");
    private static final Pattern SHEET = Pattern.compile("[A-Za-z0-9 :;,.!%#()'+*/&_@{}>~\\n\\-\\p{L}\\p{Nd}]*");
    private static final Pattern FUNCTION = Pattern.compile("([a-zA-Z-]*)\\(");
    private static final Set<String> FUNCTIONS = words("rgb rgba hsl hsla hwb lab lch oklab oklch linear-gradient"
            + " radial-gradient calc min max clamp repeat minmax");

    public static void assertHarmless(String clean) {
        Document page = parse(clean);
        for (Element element : page.getAllElements()) {
            if (element instanceof Document || Set.of("html", "head", "body").contains(element.normalName())) {
                assertThat(element.attributesSize()).isZero();
                continue;
            }
            assertThat(element.tag().namespace()).isEqualTo(Parser.NamespaceHtml);
            assertThat(ELEMENTS).contains(element.normalName());
            element.attributes().forEach(attribute -> {
                assertThat(ATTRIBUTES).contains(attribute.getKey());
                assertHarmless(attribute.getKey(), attribute.getValue());
            });
            if (element.normalName().equals("style")) {
                assertThat(element.data()).matches(SHEET);
                assertCss(element.data().replaceAll("\\([a-z-]+:[a-z0-9./-]*\\)", ""));
            }
        }
    }

    private static void assertHarmless(String name, String value) {
        switch (name) {
            case "href" -> assertThat(value).matches("(?i)(https?://|mailto:|tel:)[^\\s\\p{Cntrl}]*");
            case "src" -> assertThat(value).matches("(?is)data:image/(png|gif|jpe?g|webp|bmp);base64,.*");
            case "style" -> {
                assertThat(value).matches(STYLE);
                assertCss(value);
            }
            case "class" ->
                assertThat(value.split(" ")).allMatch(one -> CLASS.matcher(one).matches());
            default -> {}
        }
    }

    private static void assertCss(String css) {
        String lower = css.toLowerCase(Locale.ROOT);
        assertThat(lower)
                .doesNotContain(
                        "position:", "url(", "expression(", "behavior:", "binding:", "@import", "@font", "content:")
                .doesNotContain("transform:", "z-index", "inset", "\\", "//", "/*")
                .doesNotMatch("(?s).*[: ,(][0-9.]+vh.*");
        assertThat(FUNCTION.matcher(lower).results().map(found -> found.group(1)))
                .allMatch(name -> name.isEmpty() || name.equals("and") || FUNCTIONS.contains(name));
    }

    /** Read again it is the same tree, and cleaned again the same text. */
    public static void assertFixed(String clean) {
        assertThat(again(clean)).as("cleaned again").isEqualTo(clean);
        assertThat(written(parse(clean))).as("read again").isEqualTo(clean);
    }

    public static String again(String html) {
        return HtmlSanitizer.clean(html, HtmlSanitizer.Options.blocked(cid -> null))
                .html();
    }

    private static Document parse(String html) {
        return Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(1000));
    }

    /** The tree as text, by a writer that knows nothing of what may stand where. */
    private static String written(Document page) {
        var out = new StringBuilder();
        page.head().childNodes().forEach(node -> write(node, out));
        page.body().childNodes().forEach(node -> write(node, out));
        return out.toString();
    }

    private static void write(Node node, StringBuilder out) {
        switch (node) {
            case DataNode data -> out.append(data.getWholeData());
            case TextNode text -> {
                var parent = text.parent();
                boolean first = parent != null && parent.normalName().equals("pre") && text.siblingIndex() == 0;
                out.append(first && text.getWholeText().startsWith("\n") ? "\n" : "");
                out.append(escaped(text.getWholeText()));
            }
            case Element element -> {
                out.append('<').append(element.normalName());
                element.attributes()
                        .forEach(attribute -> out.append(' ')
                                .append(attribute.getKey())
                                .append("=\"")
                                .append(escaped(attribute.getValue()))
                                .append('"'));
                out.append('>');
                element.childNodes().forEach(child -> write(child, out));
                if (!Set.of("br", "col", "hr", "img", "wbr").contains(element.normalName())) {
                    out.append("</").append(element.normalName()).append('>');
                }
            }
            default -> out.append("<!>");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    private SafeHtml() {}
}
