package dev.valija.message;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Walks a mail's tree and writes what the policy allows of it. Images get addresses of ours or none, links open
 * elsewhere, the body becomes an element with its looks.
 */
final class MailElements {
    private static final Pattern DATA_IMAGE =
            Pattern.compile("(?i)data:image/(?:png|gif|jpe?g|webp|bmp);base64,[a-z0-9+/=\\s%]*");
    private static final Pattern TINY = Pattern.compile("[0-2](?:px)?");
    private static final Set<String> FETCHED = Set.of("background", "poster", "lowsrc", "dynsrc");
    /** Classes by which readers know what is quoted. */
    private static final Set<String> QUOTES = Set.of(
            "m-gmail_quote",
            "m-gmail_attr",
            "m-moz-cite-prefix",
            "m-yahoo_quoted",
            "m-protonmail_quote",
            "m-gmail_signature",
            "m-moz-signature");

    private final HtmlSanitizer.Options options;
    private final Remote remote;
    private final StyleSheet sheet;
    private final StringBuilder out = new StringBuilder();
    private final HtmlWriter writer = new HtmlWriter(out);

    /** The page's elements as a fragment, its style sheet first. */
    static String write(Document page, HtmlSanitizer.Options options, Remote remote) {
        var body = page.body();
        var elements = new MailElements(options, remote, names(body));
        elements.collectStyles(page);
        elements.body(page, body);
        return elements.out.toString();
    }

    private MailElements(HtmlSanitizer.Options options, Remote remote, Set<String> bodyClasses) {
        this.options = options;
        this.remote = remote;
        this.sheet = new StyleSheet(bodyClasses, remote);
    }

    private void collectStyles(Element parent) {
        for (Node child : parent.childNodes()) {
            if (!(child instanceof Element element) || !isHtml(element)) {
                continue;
            }
            String name = element.normalName();
            if (name.equals("style")) {
                sheet.add(element.data(), element.attr("media"));
            } else if (name.equals("head") || !HtmlPolicy.isDropped(name)) {
                collectStyles(element);
            }
        }
    }

    private void body(Document page, Element body) {
        if (!sheet.isEmpty()) {
            out.append("<style>\n").append(sheet).append("</style>");
        }
        String looks = bodyLooks(body);
        String direction =
                body.hasAttr("dir") ? body.attr("dir") : page.child(0).attr("dir");
        boolean speaks =
                !looks.isEmpty() || !direction.isEmpty() || !classes(body).isEmpty() || !sheet.isEmpty();
        if (!speaks || isOurs(body)) {
            children(body);
            return;
        }
        writer.open("div");
        attribute("div", "dir", direction);
        attribute(
                "div",
                "lang",
                body.hasAttr("lang") ? body.attr("lang") : page.child(0).attr("lang"));
        var classes = new LinkedHashSet<String>();
        classes.add(CssSelectors.ROOT);
        classes.addAll(classes(body));
        writer.attribute("class", String.join(" ", classes));
        if (!looks.isEmpty()) {
            writer.attribute("style", looks);
        }
        children(body);
        writer.close();
    }

    /** A page that was cleaned before has the element for its body already. */
    private static boolean isOurs(Element body) {
        var first = body.firstElementChild();
        return body.attributesSize() == 0 && first != null && first.classNames().contains(CssSelectors.ROOT);
    }

    private String bodyLooks(Element body) {
        countFetched(body);
        var style = new StringBuilder();
        String background = HtmlPolicy.color(body.attr("bgcolor").strip());
        if (background != null) {
            style.append("background-color:").append(background).append(';');
        }
        String color = HtmlPolicy.color(body.attr("text").strip());
        if (color != null) {
            style.append("color:").append(color).append(';');
        }
        return CssDeclarations.clean(style.append(body.attr("style")).toString(), remote);
    }

    private void children(Element parent) {
        CpuBudget.check();
        for (Node child : parent.childNodes()) {
            switch (child) {
                case TextNode text -> writer.text(text.getWholeText());
                case DataNode data -> writer.text(data.getWholeData());
                case Element element -> element(element);
                default -> {} // comments and the like
            }
        }
    }

    private void element(Element element) {
        String name = element.normalName();
        if (!isHtml(element) || HtmlPolicy.isDropped(name)) {
            return;
        }
        countFetched(element);
        if (name.equals("img")) {
            image(element);
            return;
        }
        if (name.equals("area")) {
            name = "a";
        }
        String shown = HtmlPolicy.shownAs(name);
        boolean broken = "p".equals(shown) && holdsBlock(element);
        shown = shown == null ? null : writer.fitting(broken ? "div" : shown);
        if (shown == null) {
            children(element);
            return;
        }
        writer.open(shown);
        if (shown.equals("a")) {
            link(element);
        }
        attributes(element, shown, broken ? "margin:1em 0" : HtmlPolicy.looks(name), classes(element));
        if (element.normalName().equals("area")) {
            writer.text(element.attr("alt"));
        }
        children(element);
        writer.close();
    }

    /** A paragraph ends where a block begins, unless another element was between them that is not shown. */
    private static boolean holdsBlock(Element parent) {
        for (Node child : parent.childNodes()) {
            if (child instanceof Element element && !HtmlPolicy.isDropped(element.normalName())) {
                String shown = HtmlPolicy.shownAs(element.normalName());
                if ((shown != null && HtmlWriter.isBlock(shown)) || holdsBlock(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isHtml(Element element) {
        return element.tag().namespace().equals(Parser.NamespaceHtml);
    }

    private void attributes(Element element, String shown, String looks, Set<String> classes) {
        for (var attribute : element.attributes()) {
            attribute(shown, attribute.getKey(), attribute.getValue());
        }
        if (!classes.isEmpty()) {
            writer.attribute("class", String.join(" ", classes));
        }
        String own = element.hasAttr("style") ? CssDeclarations.clean(element.attr("style"), remote) : "";
        String style = looks.isEmpty() || own.isEmpty() ? looks + own : looks + ";" + own;
        if (!style.isEmpty()) {
            writer.attribute("style", style);
        }
    }

    private void attribute(String shown, String name, String value) {
        String kept = value.isEmpty() && !name.equals("alt") && !name.equals("hidden") && !name.equals("nowrap")
                ? null
                : HtmlPolicy.attribute(shown, name, value);
        if (kept != null) {
            writer.attribute(name, kept);
        }
    }

    /** The classes that mean something: to the mail's own style sheet, or as a mark of what is quoted. */
    private Set<String> classes(Element element) {
        var kept = new LinkedHashSet<String>();
        for (String name : names(element)) {
            if (sheet.classes().contains(name) || QUOTES.contains(name) || name.equals(CssSelectors.ROOT)) {
                kept.add(name);
            }
        }
        return kept;
    }

    private static Set<String> names(Element element) {
        if (!element.hasAttr("class") && !element.hasAttr("id")) {
            return Set.of();
        }
        var names = new LinkedHashSet<String>();
        for (String name : element.classNames()) {
            names.add(CssSelectors.className(name));
        }
        if (!element.id().isBlank()) {
            names.add(CssSelectors.idName(element.id()));
        }
        return names;
    }

    private void image(Element image) {
        String source = image.attr("src").strip();
        boolean pixel = isPixel(image);
        String shown = shownAs(source, pixel);
        if ((shown == null && pixel) || writer.fitting("img") == null) {
            return; // there to be fetched, not seen
        }
        writer.open("img");
        var classes = new LinkedHashSet<String>();
        if (shown == null) {
            classes.add(HtmlSanitizer.BLOCKED_IMAGE);
        } else {
            writer.attribute("src", shown);
        }
        classes.addAll(classes(image));
        attributes(image, "img", "", classes);
        writer.close();
    }

    private @Nullable String shownAs(String source, boolean pixel) {
        if (source.regionMatches(true, 0, "cid:", 0, 4)) {
            return options.inlineImage().apply(contentId(source.substring(4)));
        }
        if (DATA_IMAGE.matcher(source).matches()) {
            return source;
        }
        if (!Remote.isRemote(source)) {
            return null; // relative to nothing, or a scheme that shows no image
        }
        if (pixel) {
            remote.addIfRemote(source);
            return null; // whatever the reader wants to see, this is not for seeing
        }
        String ours = options.remoteImage().apply(source.startsWith("//") ? "https:" + source : source);
        if (ours == null) {
            remote.addIfRemote(source);
        }
        return ours;
    }

    /** RFC 2392 2: the id is percent-encoded in the address. */
    private static String contentId(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded; // not encoded at all, as many have it
        }
    }

    private static boolean isPixel(Element image) {
        return TINY.matcher(image.attr("width").strip()).matches()
                || TINY.matcher(image.attr("height").strip()).matches();
    }

    private void link(Element element) {
        String target = HtmlPolicy.link(element.attr("href"));
        if (target != null) {
            writer.attribute("href", target);
            writer.attribute("target", "_blank");
            writer.attribute("rel", "noopener noreferrer nofollow");
        }
    }

    private void countFetched(Element element) {
        for (String name : FETCHED) {
            if (element.hasAttr(name)) {
                remote.addIfRemote(element.attr(name));
            }
        }
    }
}
