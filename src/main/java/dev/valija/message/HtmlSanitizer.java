package dev.valija.message;

import java.util.function.Function;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * The first wall between an HTML mail and its reader: the tree that a browser would see, rewritten by allow-lists of
 * elements, attributes and styles. What comes out holds no script, no form, no frame, and no address that would be
 * fetched by showing it, but those the caller made. Cleaned again, it stays the same.
 */
public final class HtmlSanitizer {
    private static final int LONGEST_INPUT = 3 * 1024 * 1024;
    /** Tags, which cost a hundred times what text does; the largest newsletters have some thousands. */
    private static final int MOST_TAGS = 100_000;
    /** Of elements within one another, as a parser holds them. */
    private static final int DEEPEST = 400;

    /** The class of an image that was left out; a page may style it as a placeholder. */
    public static final String BLOCKED_IMAGE = "valija-blocked-image";

    /**
     * What may be shown.
     *
     * @param inlineImage the address of an inline part by its Content-ID, or null for one that is not there
     * @param remoteImage the address that shows a remote image safely, or null to leave it out
     */
    public record Options(
            Function<String, @Nullable String> inlineImage, Function<String, @Nullable String> remoteImage) {

        /** Inline parts only: nothing is fetched from anywhere. */
        public static Options blocked(Function<String, @Nullable String> inlineImage) {
            return new Options(inlineImage, url -> null);
        }
    }

    /**
     * A safe fragment of HTML.
     *
     * @param html a style element, where the mail brings rules of its own, and elements for a page's body
     * @param blockedRemote remote images that were left out
     * @param cut the mail was longer than we care to clean
     */
    public record Clean(String html, int blockedRemote, boolean cut) {}

    /** Cleans a whole page or a fragment. Never throws; takes time in proportion to the length. */
    public static Clean clean(String html, Options options) {
        int end = end(html);
        Document page = Jsoup.parse(
                html.substring(0, end).replace("\0", ""),
                "",
                Parser.htmlParser().setMaxDepth(DEEPEST));
        var remote = new Remote();
        String clean = MailElements.write(page, options, remote);
        return new Clean(clean, remote.blocked(), end < html.length());
    }

    private static int end(String html) {
        int longest = Math.min(html.length(), LONGEST_INPUT);
        int tags = 0;
        for (int at = html.indexOf('<'); at >= 0 && at < longest; at = html.indexOf('<', at + 1)) {
            if (++tags > MOST_TAGS) {
                return at;
            }
        }
        return longest;
    }

    private HtmlSanitizer() {}
}
