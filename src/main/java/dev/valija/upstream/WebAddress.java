package dev.valija.upstream;

import dev.valija.upstream.net.HostName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a web server: an address of HTTPS, in the one form in which it goes over the wire.
 *
 * @param host a DNS name in ASCII or an IP address without brackets
 * @param port 443, or 1024 to 65535: the others below are of protocols that must not be spoken to in HTTP
 * @param target path and query, printable ASCII (RFC 9112 3.2.1); never a fragment
 */
public record WebAddress(String host, int port, String target) {
    private static final int LONGEST = 4000;
    private static final int HTTPS = 443;
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?i)(https?)://(\\[[^\\]/?#\\\\]*\\]|[^/?#\\\\:@\\[\\]]+)(?::([0-9]{0,5}))?([/?#].*)?");
    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");

    /** What RFC 3986 lets stand as it is; a percent sign is believed to have been meant. */
    private static final String PLAIN = "-._~:/?@!$&'()*+,;=%";

    public WebAddress {
        if (!target.startsWith("/") || !target.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("not a request target");
        }
        if (!isAllowed(port)) {
            throw new IllegalArgumentException("not a port of a web server");
        }
    }

    /**
     * Reads an address of a mail. One of plain HTTP is taken for the same in HTTPS: we speak nothing else.
     *
     * @return nothing where it is none, names a user, or holds control characters
     */
    public static Optional<WebAddress> of(String url) {
        String text = url.strip();
        if (text.length() > LONGEST || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return Optional.empty();
        }
        Matcher parts = ABSOLUTE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = port(parts);
        if (!isAllowed(port)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new WebAddress(
                    HostName.canonical(parts.group(2)).toLowerCase(Locale.ROOT), port, target(parts.group(4))));
        } catch (UpstreamException.UnknownHost e) {
            return Optional.empty();
        }
    }

    /** Where that {@code Location} leads from here (RFC 9110 10.2.2). */
    public Optional<WebAddress> resolve(String location) {
        String text = location.strip();
        if (text.startsWith("//")) {
            return of("https:" + text);
        }
        if (SCHEME.matcher(text).matches()) {
            return of(text);
        }
        String path = target.indexOf('?') < 0 ? target : target.substring(0, target.indexOf('?'));
        if (text.startsWith("/")) {
            return of(origin() + text);
        }
        return of(
                origin() + (text.startsWith("?") ? path + text : path.substring(0, path.lastIndexOf('/') + 1) + text));
    }

    /** The value of the {@code Host} field (RFC 9110 7.2). */
    public String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == HTTPS ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return origin() + target;
    }

    private String origin() {
        return "https://" + authority();
    }

    private static int port(Matcher parts) {
        String port = parts.group(3);
        boolean usual = port == null
                || port.isEmpty()
                || (parts.group(1).equalsIgnoreCase("http") && Integer.parseInt(port) == 80);
        return usual ? HTTPS : Integer.parseInt(port);
    }

    private static boolean isAllowed(int port) {
        return port == HTTPS || (port >= 1024 && port <= 65_535);
    }

    private static String target(@Nullable String rest) {
        if (rest == null) {
            return "/";
        }
        int fragment = rest.indexOf('#');
        String kept = fragment < 0 ? rest : rest.substring(0, fragment);
        var target = new StringBuilder(kept.startsWith("/") ? "" : "/");
        for (byte octet : kept.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letterOrDigit || PLAIN.indexOf(c) >= 0) {
                target.append(c);
            } else {
                target.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return target.toString();
    }
}
