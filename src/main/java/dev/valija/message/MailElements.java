package dev.valija.message;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlStreamEventReceiver;
import org.owasp.html.HtmlStreamEventReceiverWrapper;

/**
 * Prepares a mail's elements for the policy that comes after: images get addresses of ours or none, links open
 * elsewhere, the body's looks survive. It decides nothing about safety alone; the policy checks what it made.
 */
@SuppressWarnings("try") // the library's close() is declared to throw anything
final class MailElements extends HtmlStreamEventReceiverWrapper {
    private static final Pattern REMOTE = Pattern.compile("(?i)^\\s*(?:https?:|ftp:)?//\\S.*", Pattern.DOTALL);
    private static final Pattern STYLE_URL =
            Pattern.compile("(?i)(?:url\\(|src\\(|@import)\\s*[\"']?\\s*((?:https?:)?//[^\"')\\s]{1,2000})");
    private static final Pattern DATA_IMAGE =
            Pattern.compile("(?i)^data:image/(?:png|gif|jpe?g|webp|bmp);base64,[a-z0-9+/=\\s%]*$");
    private static final Set<String> FETCHED =
            Set.of("src", "background", "poster", "data", "lowsrc", "dynsrc", "srcset", "longdesc");

    private final HtmlSanitizer.Options options;
    private final Remote remote;
    private boolean title;

    /** The remote addresses left out; each counts once, and the count has an end. */
    static final class Remote {
        private static final int MOST = 10_000;
        private final Set<String> addresses = new HashSet<>();

        void add(String address) {
            if (addresses.size() < MOST) {
                addresses.add(address.strip());
            }
        }

        int blocked() {
            return addresses.size();
        }
    }

    MailElements(HtmlStreamEventReceiver underlying, HtmlSanitizer.Options options, Remote remote) {
        super(underlying);
        this.options = options;
        this.remote = remote;
    }

    @Override
    public void openTag(String element, List<String> attributes) {
        String name = element.toLowerCase(Locale.ROOT);
        title = name.equals("title");
        switch (name) {
            case "img", "image" -> image(attributes);
            case "a", "area" -> super.openTag("a", link(attributes));
            case "body" -> super.openTag("div", body(attributes));
            default -> {
                count(name, attributes);
                super.openTag(element, attributes);
            }
        }
    }

    @Override
    public void closeTag(String element) {
        title = false;
        super.closeTag(
                switch (element.toLowerCase(Locale.ROOT)) {
                    case "body" -> "div";
                    case "area" -> "a";
                    default -> element;
                });
    }

    @Override
    public void text(String text) {
        if (!title) {
            super.text(text);
        }
    }

    private void image(List<String> attributes) {
        countStyle(attributes);
        String source = value(attributes, "src");
        var kept = without(attributes, Set.of("src", "srcset", "class", "longdesc", "lowsrc", "dynsrc"));
        String shown = source == null ? null : shownAs(source.strip());
        if (shown != null) {
            kept.add("src");
            kept.add(shown);
        } else if (isPixel(attributes)) {
            return;
        } else {
            kept.add("class");
            kept.add(HtmlSanitizer.BLOCKED_IMAGE);
        }
        super.openTag("img", kept);
    }

    private @Nullable String shownAs(String source) {
        if (source.regionMatches(true, 0, "cid:", 0, 4)) {
            return options.inlineImage().apply(contentId(source.substring(4)));
        }
        if (DATA_IMAGE.matcher(source).matches()) {
            return source;
        }
        if (!REMOTE.matcher(source).matches()) {
            return null; // relative to nothing, or a scheme that shows no image
        }
        String ours = options.remoteImage().apply(source.startsWith("//") ? "https:" + source : source);
        if (ours == null) {
            remote.add(source);
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

    /** Images that are there to be fetched, not seen. */
    private static boolean isPixel(List<String> attributes) {
        return isTiny(value(attributes, "width")) || isTiny(value(attributes, "height"));
    }

    private static boolean isTiny(@Nullable String size) {
        return size != null && size.strip().matches("[0-2](?:px)?");
    }

    private List<String> link(List<String> attributes) {
        countStyle(attributes);
        var kept = without(attributes, Set.of("target", "rel", "href"));
        String href = value(attributes, "href");
        if (href != null && HtmlPolicy.LINK.matcher(href.strip()).matches()) {
            kept.add("href");
            kept.add(href.strip());
            kept.add("target");
            kept.add("_blank");
        }
        return kept;
    }

    /** A page's own looks, on the element that stands for it. */
    private List<String> body(List<String> attributes) {
        count("body", attributes);
        var style = new StringBuilder();
        String background = value(attributes, "bgcolor");
        if (background != null && background.matches("#?[0-9a-zA-Z]{1,20}")) {
            style.append("background-color:").append(background).append(';');
        }
        String color = value(attributes, "text");
        if (color != null && color.matches("#?[0-9a-zA-Z]{1,20}")) {
            style.append("color:").append(color).append(';');
        }
        String own = value(attributes, "style");
        style.append(own == null ? "" : own);
        var kept = new ArrayList<String>();
        if (!style.isEmpty()) {
            kept.add("style");
            kept.add(style.toString());
        }
        String direction = value(attributes, "dir");
        if (direction != null) {
            kept.add("dir");
            kept.add(direction);
        }
        return kept;
    }

    private void count(String element, List<String> attributes) {
        countStyle(attributes);
        for (int i = 0; i + 1 < attributes.size(); i += 2) {
            String name = attributes.get(i).toLowerCase(Locale.ROOT);
            boolean fetched = FETCHED.contains(name) || (element.equals("link") && name.equals("href"));
            if (fetched && REMOTE.matcher(attributes.get(i + 1)).matches()) {
                remote.add(attributes.get(i + 1));
            }
        }
    }

    private void countStyle(List<String> attributes) {
        String style = value(attributes, "style");
        if (style != null) {
            STYLE_URL.matcher(style).results().forEach(match -> remote.add(match.group(1)));
        }
    }

    private static @Nullable String value(List<String> attributes, String name) {
        for (int i = 0; i + 1 < attributes.size(); i += 2) {
            if (attributes.get(i).equalsIgnoreCase(name)) {
                return attributes.get(i + 1);
            }
        }
        return null;
    }

    private static List<String> without(List<String> attributes, Set<String> names) {
        var kept = new ArrayList<String>();
        for (int i = 0; i + 1 < attributes.size(); i += 2) {
            if (!names.contains(attributes.get(i).toLowerCase(Locale.ROOT))) {
                kept.add(attributes.get(i));
                kept.add(attributes.get(i + 1));
            }
        }
        return kept;
    }
}
