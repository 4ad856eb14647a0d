package dev.valija.trust;

import dev.valija.message.Comments;
import dev.valija.message.RawField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    static Optional<Authentication> of(List<RawField> headers, Set<String> servers, @Nullable String fromDomain) {
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        @Nullable String server = null;
        var results = new HashMap<String, String>();
        for (String field : in(Hops.own(headers)).limit(MOST_FIELDS).toList()) {
            String name = server(field);
            if (servers.contains(name) && (server == null || server.equals(name))) {
                server = name;
                byMethod(read(field).filter(result -> !result.isOfAnother(fromDomain)))
                        .forEach(results::putIfAbsent);
            }
        }
        return server == null
                ? Optional.empty()
                : Optional.of(
                        new Authentication(server, results.get("spf"), results.get("dkim"), results.get("dmarc")));
    }

    /**
     * Whether some server, any of them, says that the address in From is not whose the message is: a forger could write
     * that it is, but would hardly write that it is not. DMARC judges the address itself (RFC 7489); without it a
     * signature that does not hold is the next best.
     */
    static boolean sayForged(List<RawField> headers) {
        return in(headers).map(field -> byMethod(read(field))).anyMatch(results -> {
            boolean failed = "fail".equals(results.get("dkim")) || "fail".equals(results.get("spf"));
            return results.containsKey("dmarc")
                    ? "fail".equals(results.get("dmarc"))
                    : failed && !"pass".equals(results.get("dkim"));
        });
    }

    private static Stream<String> in(List<RawField> headers) {
        return headers.stream()
                .filter(field -> field.name().equalsIgnoreCase("Authentication-Results"))
                .map(field -> Comments.without(field.body()));
    }

    private static String server(String field) {
        var match = SERVER.matcher(field);
        return match.find() ? match.group(1).toLowerCase(Locale.ROOT) : "";
    }

    /** What a server found by one method, with all that it says of it. */
    private record Result(String method, String value, String text) {

        /** A DMARC result for another author domain than the one that is shown says nothing (RFC 7489 3.1). */
        boolean isOfAnother(@Nullable String fromDomain) {
            var match = FROM_DOMAIN.matcher(text);
            return method.equals("dmarc")
                    && match.find()
                    && !Objects.equals(
                            Domains.ascii(match.group(1)), fromDomain == null ? null : Domains.ascii(fromDomain));
        }
    }

    private static Stream<Result> read(String field) {
        return parts(field).stream().skip(1).flatMap(part -> {
            var match = RESULT.matcher(part);
            if (!match.find()) {
                return Stream.empty();
            }
            var value = match.group(2).toLowerCase(Locale.ROOT);
            return RESULTS.contains(value)
                    ? Stream.of(new Result(match.group(1).toLowerCase(Locale.ROOT), value, part))
                    : Stream.empty();
        });
    }

    /** Of several signatures one good one is enough (RFC 6376 6.1). */
    private static Map<String, String> byMethod(Stream<Result> results) {
        return results.collect(
                Collectors.toMap(Result::method, Result::value, (one, other) -> other.equals("pass") ? other : one));
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
