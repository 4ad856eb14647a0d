package dev.valija.upstream.net;

import dev.valija.upstream.UpstreamException;
import java.net.IDN;
import java.net.Inet6Address;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts as DNS and certificates have them. The grammar is strict, for what is no plain name reaches the system's
 * resolver, which reads {@code 0x7f.1}, {@code 0177.1} and {@code 2130706433} as addresses (inet_aton) while others do
 * not, and two readers of one host are how a check is passed by.
 */
public final class HostName {
    private static final int LONGEST = 253;
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    /** RFC 1123 2.1, and the underscore that some hosts have all the same. */
    private static final Pattern NAME = Pattern.compile(
            "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");

    /** What resolvers take for a number, so that the whole is an address (URL Standard, "ends in a number"). */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /**
     * RFC 5892 2: letters, marks and digits, and what separates labels. The JDK follows the older IDNA of RFC 3490, which
     * takes other signs for letters, for slashes and colons, or for nothing at all.
     */
    private static final Pattern INTERNATIONAL = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}._\\-\u3002\uff0e\uff61]+");

    /** Digits of other scripts are letters to DNS; a number made of them is there to be misread. */
    private static final Pattern FOREIGN_NUMBER = Pattern.compile("(?:^|.*\\.)[\\p{Nd}&&[^0-9]]+(?:\\..*|$)");

    private HostName() {}

    /**
     * The name in ASCII, or the address, without brackets or a final dot.
     *
     * @throws UpstreamException.UnknownHost when it is neither a DNS name nor an IP address in its one plain form
     */
    public static String canonical(String host) {
        if (host.startsWith("[") && host.endsWith("]") && host.length() > 2) {
            return ipv6(host.substring(1, host.length() - 1));
        }
        if (host.indexOf(':') >= 0) {
            return ipv6(host);
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean plain = name.chars().allMatch(c -> c < 0x80);
        String ascii = plain ? name : ascii(name);
        if (ascii.length() > LONGEST || !NAME.matcher(ascii).matches()) {
            throw noName(null);
        }
        if (NUMBER.matcher(ascii.substring(ascii.lastIndexOf('.') + 1)).matches()) {
            return ipv4(ascii, plain && name.equals(host));
        }
        return ascii;
    }

    /** IDNA maps full-width and enclosed digits to plain ones: an address so written means to be overlooked. */
    private static String ipv4(String ascii, boolean asItIs) {
        if (!asItIs || !IPV4.matcher(ascii).matches()) {
            throw noName(null);
        }
        for (String octet : ascii.split("\\.", -1)) {
            if (Integer.parseInt(octet) > 255) {
                throw noName(null);
            }
        }
        return ascii;
    }

    private static String ipv6(String literal) {
        // Zones name interfaces of ours (RFC 4007 11): nobody else has business with them.
        if (!IPV6.matcher(literal).matches()) {
            throw noName(null);
        }
        try {
            Inet6Address.ofLiteral(literal); // looks nothing up
            return literal;
        } catch (IllegalArgumentException e) {
            throw noName(e);
        }
    }

    private static String ascii(String name) {
        if (!INTERNATIONAL.matcher(name).matches()
                || FOREIGN_NUMBER.matcher(name).matches()) {
            throw noName(null);
        }
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException e) {
            throw noName(e);
        }
    }

    private static UpstreamException.UnknownHost noName(@Nullable Throwable cause) {
        return new UpstreamException.UnknownHost("This is not a server's name.", cause);
    }
}
