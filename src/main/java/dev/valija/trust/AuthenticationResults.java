package dev.valija.trust;

import dev.valija.message.HeaderField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Authentication-Results (RFC 8601). Anybody can write such a field, so only those count that bear the name of a
 * server the operator trusts and stand where only the receiving side can have put them: see {@link Hops}. A server that
 * writes its own below its Received field is not believed; that a forged result never is, is worth it.
 */
final class AuthenticationResults {
    private static final Set<String> RESULTS =
            Set.of("pass", "fail", "softfail", "neutral", "policy", "none", "temperror", "permerror");
    private static final Pattern RESULT = Pattern.compile("(?i)^\\s*([a-z0-9-]+)(?:\\s*/\\s*\\d+)?\\s*=\\s*([a-z]+)");
    private static final Pattern FROM_DOMAIN =
            Pattern.compile("(?i)\\bheader\\.from\\s*=\\s*\"?(?:[^\\s@;\"]*@)?([^\\s;\"]+)");
    private static final Pattern SERVER = Pattern.compile("^\\s*\"?([^\\s;\"]+)\"?");
    private static final int MOST_FIELDS = 10;

    /** The results of the topmost trusted server; those of further fields of its add what is not told yet. */
    static Optional<Authentication> of(List<HeaderField> headers, Set<String> servers, @Nullable String fromDomain) {
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        @Nullable String server = null;
        var results = new HashMap<String, String>();
        var fields = Hops.own(headers).stream()
                .filter(field -> field.name().equalsIgnoreCase("Authentication-Results"))
                .limit(MOST_FIELDS)
                .map(field -> Comments.without(field.value()))
                .toList();
        for (String field : fields) {
            String name = server(field);
            if (servers.contains(name) && (server == null || server.equals(name))) {
                server = name;
                read(field, fromDomain).forEach(results::putIfAbsent);
            }
        }
        return server == null
                ? Optional.empty()
                : Optional.of(
                        new Authentication(server, results.get("spf"), results.get("dkim"), results.get("dmarc")));
    }

    private static String server(String field) {
        var match = SERVER.matcher(field);
        return match.find() ? match.group(1).toLowerCase(Locale.ROOT) : "";
    }

    /** Of several signatures one good one is enough (RFC 6376 6.1). */
    private static Map<String, String> read(String field, @Nullable String fromDomain) {
        var results = new HashMap<String, String>();
        var parts = parts(field);
        for (String part : parts.subList(Math.min(1, parts.size()), parts.size())) {
            var match = RESULT.matcher(part);
            if (!match.find()) {
                continue;
            }
            String method = match.group(1).toLowerCase(Locale.ROOT);
            String result = match.group(2).toLowerCase(Locale.ROOT);
            if (RESULTS.contains(result) && !isOfAnother(method, part, fromDomain)) {
                results.merge(method, result, (one, other) -> other.equals("pass") ? other : one);
            }
        }
        return results;
    }

    /** A DMARC result for another author domain than the one that is shown says nothing (RFC 7489 3.1). */
    private static boolean isOfAnother(String method, String part, @Nullable String fromDomain) {
        var match = FROM_DOMAIN.matcher(part);
        return method.equals("dmarc")
                && match.find()
                && !Objects.equals(
                        Domains.ascii(match.group(1)), fromDomain == null ? null : Domains.ascii(fromDomain));
    }

    /** Split at the semicolons outside of quoted strings. */
    private static List<String> parts(String field) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                parts.add(field.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(field.substring(from));
        return parts;
    }

    private AuthenticationResults() {}
}
