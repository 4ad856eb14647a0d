package dev.valija.upstream.net;

import dev.valija.upstream.UpstreamException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses a user may make us connect to. Users choose the host, so everything that is not plainly a public
 * unicast address is refused unless the operator allows that host.
 */
final class AddressPolicy {

    private static final List<Prefix> REFUSED = List.of(
            v4(0, 0, 0, 0, 8), // "this network", RFC 791
            v4(10, 0, 0, 0, 8), // private, RFC 1918
            v4(100, 64, 0, 0, 10), // carrier-grade NAT, RFC 6598
            v4(127, 0, 0, 0, 8), // loopback
            v4(169, 254, 0, 0, 16), // link-local, and the clouds' metadata services
            v4(172, 16, 0, 0, 12),
            v4(192, 0, 0, 0, 24), // IETF protocols, RFC 6890
            v4(192, 0, 2, 0, 24), // documentation
            v4(192, 88, 99, 0, 24), // 6to4 relays, RFC 7526
            v4(192, 168, 0, 0, 16),
            v4(198, 18, 0, 0, 15), // benchmarks, RFC 2544
            v4(198, 51, 100, 0, 24),
            v4(203, 0, 113, 0, 24),
            v4(224, 0, 0, 0, 3), // multicast, reserved, broadcast
            v6(0x2001, 0, 23), // IETF protocols: Teredo, ORCHID, benchmarks
            v6(0x2001, 0x0db8, 32), // documentation
            v6(0x2002, 0, 16), // 6to4 holds any IPv4 address, RFC 3056
            v6(0x3fff, 0, 20)); // documentation, RFC 9637

    /** The only IPv6 addresses in public use; outside are loopback, ULA, link-local, multicast, mapped, NAT64. */
    private static final Prefix GLOBAL_UNICAST = v6(0x2000, 0, 3);

    /**
     * Names that mean a place within: RFC 6761 and 6762, what ICANN left to private use, and what clouds call their
     * metadata services. They are refused as names, for what they resolve to is some router's or agent's say.
     */
    private static final List<String> LOCAL_NAMES = List.of(
            "localhost",
            "localdomain",
            "local",
            "internal",
            "intranet",
            "private",
            "corp",
            "home",
            "lan",
            "home.arpa",
            "svc");

    private final List<String> allowedHosts;

    AddressPolicy(List<String> allowedHosts) {
        this.allowedHosts = allowedHosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Refuses when any one address is bad: a name with a good and a bad one is an attempt, not a mistake. */
    void check(String host, List<InetAddress> addresses) {
        if (!allows(host) && addresses.stream().anyMatch(address -> refused(address.getAddress()))) {
            throw notPublic();
        }
    }

    /** Refuses names of places within before anybody is asked for them. */
    void check(String host) {
        if (!allows(host) && isLocal(host.toLowerCase(Locale.ROOT))) {
            throw notPublic();
        }
    }

    /** A name without a dot is completed by the machine's search list: nothing public is called so (RFC 7085). */
    private static boolean isLocal(String name) {
        return (name.indexOf('.') < 0 && name.indexOf(':') < 0)
                || LOCAL_NAMES.stream().anyMatch(local -> name.endsWith("." + local));
    }

    private static UpstreamException.HostRefused notPublic() {
        return new UpstreamException.HostRefused(
                "This server is not on the public Internet, and the operator has not allowed it.");
    }

    private boolean allows(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return allowedHosts.stream()
                .anyMatch(allowed -> allowed.startsWith("*.")
                        ? name.endsWith(allowed.substring(1)) && name.length() > allowed.length() - 1
                        : name.equals(allowed));
    }

    /** Whether an address, in network order, is anything but public unicast. */
    static boolean refused(byte[] address) {
        if (address.length == 16 && !GLOBAL_UNICAST.holds(address)) {
            return true;
        }
        return REFUSED.stream().anyMatch(prefix -> prefix.holds(address));
    }

    private static Prefix v4(int a, int b, int c, int d, int bits) {
        return new Prefix(4, (long) a << 24 | b << 16 | c << 8 | d, bits);
    }

    private static Prefix v6(int first, int second, int bits) {
        return new Prefix(16, (long) first << 16 | second, bits);
    }

    /** A network; {@code head} holds its first 32 bits, and no prefix here is longer. */
    private record Prefix(int length, long head, int bits) {
        boolean holds(byte[] address) {
            if (address.length != length) {
                return false;
            }
            long own = 0;
            for (int i = 0; i < 4; i++) {
                own = own << 8 | (address[i] & 0xff);
            }
            return own >>> (32 - bits) == head >>> (32 - bits);
        }
    }
}
