package dev.valija.message;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The elements and attributes that mail may keep: the layout of newsletters, nothing that acts. */
final class HtmlPolicy {
    private static final Set<String> SHOWN = words("a abbr address article aside b bdi bdo big blockquote br caption"
            + " center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6"
            + " header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong"
            + " sub sup table tbody td tfoot th thead time tr tt u ul var wbr");
    /** What is shown as something plainer. */
    private static final Map<String, String> PLAINER = Map.ofEntries(
            Map.entry("acronym", "abbr"),
            Map.entry("button", "span"),
            Map.entry("details", "div"),
            Map.entry("dir", "ul"),
            Map.entry("fieldset", "div"),
            Map.entry("form", "div"),
            Map.entry("hgroup", "div"),
            Map.entry("label", "span"),
            Map.entry("legend", "div"),
            Map.entry("listing", "pre"),
            Map.entry("menu", "ul"),
            Map.entry("nobr", "span"),
            Map.entry("plaintext", "pre"),
            Map.entry("search", "div"),
            Map.entry("summary", "div"),
            Map.entry("xmp", "pre"));
    /** What a browser would do with them, it does by default; an own style may say otherwise. */
    private static final Map<String, String> LOOKS =
            Map.of("button", "display:inline-block", "nobr", "white-space:nowrap");

    /** Left out with all that is in them; of any other unknown element the content is shown. */
    private static final Set<String> DROPPED = words("applet base basefont bgsound canvas datalist embed frame frameset"
            + " head iframe input link math meta noembed noframes noscript object optgroup option param script select"
            + " source style svg template title track xml");

    private static final Set<String> PARTS_OF_TABLES = words("table tbody thead tfoot tr td th col colgroup");
    private static final Set<String> SIZED = words("table td th tr img col colgroup hr");
    private static final Set<String> NUMBERED = words("table td th img col colgroup ol li");
    private static final Set<String> COLORED = words("table tbody thead tfoot tr td th font hr");
    private static final Set<String> ALIGNMENTS =
            words("left right center justify middle top bottom absmiddle baseline");
    private static final Set<String> VERTICALS = words("top middle bottom baseline");
    private static final Set<String> LIST_TYPES = words("1 a i disc circle square");

    private static final Pattern SIZE = Pattern.compile("[0-9]{1,4}(?:\\.[0-9]{1,3})?(?:%|px|\\*)?");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,5}");
    private static final Pattern SPAN = Pattern.compile("[0-9]{1,3}");
    private static final Pattern FONT_SIZE = Pattern.compile("[+-]?[0-9]{1,2}");
    private static final Pattern COLOR = Pattern.compile("#?[0-9a-zA-Z]{1,20}");
    private static final Pattern FACE = Pattern.compile("[\\p{L}0-9 ,'\"_-]{1,200}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z0-9-]{1,35}");
    private static final int LONGEST_WORDS = 4_000;
    private static final int LONGEST_LINK = 8_000;

    /** The element that stands for it, or null when only its content may be shown. */
    static @Nullable String shownAs(String element) {
        return SHOWN.contains(element) ? element : PLAINER.get(element);
    }

    /** Whether nothing of it is shown. */
    static boolean isDropped(String element) {
        return DROPPED.contains(element);
    }

    /** The looks that an element had before it became a plainer one. */
    static String looks(String element) {
        return LOOKS.getOrDefault(element, "");
    }

    /** The value that an attribute may have, or null when it has to go. */
    static @Nullable String attribute(String element, String name, String value) {
        String plain = value.strip();
        return switch (name) {
            case "alt", "title", "aria-label" -> value.length() <= LONGEST_WORDS ? value : null;
            case "lang" -> matching(LANGUAGE, plain);
            case "dir" -> oneOf(Set.of("ltr", "rtl", "auto"), plain);
            case "role" -> oneOf(Set.of("presentation", "none"), plain);
            case "aria-hidden" -> oneOf(Set.of("true"), plain);
            case "hidden" -> "";
            case "align" -> oneOf(ALIGNMENTS, plain);
            case "valign" -> PARTS_OF_TABLES.contains(element) ? oneOf(VERTICALS, plain) : null;
            case "width", "height" -> SIZED.contains(element) ? matching(SIZE, plain) : null;
            case "border", "cellpadding", "cellspacing", "hspace", "vspace", "start", "value" ->
                NUMBERED.contains(element) ? matching(NUMBER, plain) : null;
            case "colspan", "rowspan", "span" -> NUMBERED.contains(element) ? matching(SPAN, plain) : null;
            case "nowrap" -> element.equals("td") || element.equals("th") ? "" : null;
            case "bgcolor", "color" -> COLORED.contains(element) ? color(plain) : null;
            case "size" -> element.equals("font") || element.equals("hr") ? matching(FONT_SIZE, plain) : null;
            case "face" -> element.equals("font") ? matching(FACE, plain) : null;
            case "type" -> type(element, plain);
            default -> null;
        };
    }

    private static @Nullable String type(String element, String value) {
        return switch (element) {
            case "ol", "ul", "li" -> LIST_TYPES.contains(value.toLowerCase(Locale.ROOT)) ? value : null;
            case "blockquote" -> oneOf(Set.of("cite"), value);
            default -> null;
        };
    }

    static @Nullable String color(String value) {
        return matching(COLOR, value);
    }

    /** Where a link may lead, written as a browser reads it; null for anywhere else. */
    static @Nullable String link(String href) {
        var out = new StringBuilder();
        String plain = href.strip();
        for (int i = 0; i < plain.length() && out.length() <= LONGEST_LINK; i++) {
            char c = plain.charAt(i);
            boolean broken = Character.isSpaceChar(c) || (Character.isSurrogate(c) && lone(plain, i));
            if (c == ' ') {
                out.append("%20");
            } else if (c != '\t' && c != '\n' && c != '\r') { // URL Standard 4.4: these are as if not there
                if (Character.isISOControl(c) || broken) {
                    return null;
                }
                out.append(c);
            }
        }
        String link = out.toString();
        boolean allowed = link.length() <= LONGEST_LINK
                && (begins(link, "http://")
                        || begins(link, "https://")
                        || begins(link, "mailto:")
                        || begins(link, "tel:"));
        return allowed ? link : null;
    }

    private static boolean lone(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static boolean begins(String link, String scheme) {
        return link.regionMatches(true, 0, scheme, 0, scheme.length()) && link.length() > scheme.length();
    }

    private static @Nullable String matching(Pattern pattern, String value) {
        return pattern.matcher(value).matches() ? value : null;
    }

    private static @Nullable String oneOf(Set<String> values, String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return values.contains(lower) ? lower : null;
    }

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    private HtmlPolicy() {}
}
