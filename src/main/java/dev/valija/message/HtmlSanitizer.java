package dev.valija.message;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlStreamRenderer;

/**
 * The first wall between an HTML mail and its reader: an allow-list on the server (OWASP). What comes out holds no
 * script, no form, no frame, and no address that would be fetched by showing it, but those the caller made.
 */
public final class HtmlSanitizer {
    private static final int LONGEST_INPUT = 3 * 1024 * 1024;

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
     * @param html elements for a page's body
     * @param blockedRemote remote resources that were left out
     * @param cut the mail was longer than we care to clean
     */
    public record Clean(String html, int blockedRemote, boolean cut) {}

    /** Cleans a whole page or a fragment. Never throws; takes time in proportion to the length. */
    public static Clean clean(String html, Options options) {
        boolean cut = html.length() > LONGEST_INPUT;
        String page = cut ? html.substring(0, LONGEST_INPUT) : html;
        page = StyleInliner.inline(page.replace("\0", ""));
        var out = new StringBuilder(page.length());
        var renderer = HtmlStreamRenderer.create(out, problem -> {});
        var images = new MailElements.Remote();
        org.owasp.html.HtmlSanitizer.sanitize(
                page, HtmlPolicy.FACTORY.apply(renderer), receiver -> new MailElements(receiver, options, images));
        return new Clean(out.toString(), images.blocked(), cut);
    }

    private HtmlSanitizer() {}
}
