package dev.valija.message;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a message says that one leaves its list (RFC 2369 3.2, RFC 8058).
 *
 * @param oneClick the https URL that takes us off by a POST, as the mail has it; null where none is offered and signed
 * @param page a web page where the reader may do it, to be opened by the reader alone; null where there is none
 * @param mail a mail that does it; null where there is none
 */
public record ListUnsubscribe(
        @Nullable String oneClick,
        @Nullable String page,
        @Nullable Mail mail) {
    private static final String FIELD = "List-Unsubscribe";
    private static final String POST = "List-Unsubscribe-Post";
    private static final Pattern ONE_CLICK = Pattern.compile("(?i)\\s*List-Unsubscribe\\s*=\\s*One-Click\\s*");
    private static final Pattern ANGLED = Pattern.compile("<([^<>]{1,4000})>");
    private static final Pattern HTTPS = Pattern.compile("(?i)https://\\S+");
    private static final Pattern HTTP = Pattern.compile("(?i)https?://\\S+");
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s\\p{Cntrl}@<>,;\"]{1,250}@(?:[\\p{L}\\p{N}._-]{1,250}|\\[[0-9A-Fa-f.:]{1,250}])");
    /** The tag of a signature that names the fields it covers (RFC 6376 3.5). */
    private static final Pattern SIGNED = Pattern.compile("(?:^|;)\\s*h\\s*=([^;]*)");

    private static final int LONGEST_TEXT = 1_000;

    /**
     * A mail that leaves the list.
     *
     * @param subject on one line; may be empty
     * @param body may be empty
     */
    public record Mail(String address, String subject, String body) {}

    /** What the header of a message offers; nothing when it offers nothing that can be used. */
    public static Optional<ListUnsubscribe> of(List<RawField> header) {
        var offers = values(header, FIELD);
        if (offers.size() != 1) {
            return Optional.empty(); // RFC 2369 3: no more than one; of two, who knows whose
        }
        var urls = new ArrayList<String>();
        // RFC 2369 2: white space within the brackets, from folding, is no part of it.
        ANGLED.matcher(offers.getFirst())
                .results()
                .limit(20)
                .forEach(found -> urls.add(found.group(1).replaceAll("\\s", "")));
        urls.removeIf(url -> !HeaderDecoder.clean(url, url.length()).equals(url)); // controls and what reorders
        var posts = values(header, POST);
        boolean posted =
                posts.size() == 1 && ONE_CLICK.matcher(posts.getFirst()).matches() && areSigned(header);
        var found = new ListUnsubscribe(
                posted ? first(urls, HTTPS) : null,
                first(urls, HTTP),
                urls.stream()
                        .map(ListUnsubscribe::mail)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(null));
        return found.page == null && found.mail == null ? Optional.empty() : Optional.of(found);
    }

    /** The same, but for what we would do of ourselves: by a page or a mail the reader may still leave. */
    public ListUnsubscribe withoutOneClick() {
        return new ListUnsubscribe(null, page, mail);
    }

    /**
     * RFC 8058 4: a signature must cover both fields, else anybody on the way may have written them. Whether it holds, the
     * receiving server knows.
     */
    private static boolean areSigned(List<RawField> header) {
        return values(header, "DKIM-Signature").stream()
                .map(SIGNED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).replaceAll("\\s", "").toLowerCase(Locale.ROOT))
                .map(names -> List.of(names.split(":")))
                .anyMatch(names -> names.contains("list-unsubscribe") && names.contains("list-unsubscribe-post"));
    }

    private static List<String> values(List<RawField> header, String name) {
        return header.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(RawField::body)
                .toList();
    }

    private static @Nullable String first(List<String> urls, Pattern form) {
        return urls.stream()
                .filter(url -> form.matcher(url).matches())
                .findFirst()
                .orElse(null);
    }

    /** RFC 6068. Recipients beside the first, and fields beside subject and body, are not the sender's to choose. */
    private static Optional<Mail> mail(String url) {
        if (!url.regionMatches(true, 0, "mailto:", 0, 7)) {
            return Optional.empty();
        }
        int query = url.indexOf('?');
        var address = decoded(url.substring(7, query < 0 ? url.length() : query));
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        var subject = "";
        var body = "";
        for (var field : query < 0 ? new String[0] : url.substring(query + 1).split("&", 50)) {
            int equals = field.indexOf('=');
            var name = equals < 0 ? field : field.substring(0, equals);
            var value = equals < 0 ? "" : cut(decoded(field.substring(equals + 1)));
            switch (name.toLowerCase(Locale.ROOT)) {
                case "subject" ->
                    subject = value.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
                case "body" -> body = value.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "");
                default -> {
                    // cc, bcc and whatever else
                }
            }
        }
        return Optional.of(new Mail(address, subject, body));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // not encoded at all, as many have it
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
