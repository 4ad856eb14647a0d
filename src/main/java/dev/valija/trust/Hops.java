package dev.valija.trust;

import dev.valija.message.Comments;
import dev.valija.message.RawField;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in a header the receiving side's own fields end. Every server puts its Received field above what it was given
 * (RFC 5321 4.4), so that the first one, from the top, which tells of a connection from outside parts what the receiving
 * servers wrote from what the sender may have made up.
 */
final class Hops {
    /** Anything that may be an IP address, in brackets or without. */
    private static final Pattern ADDRESS = Pattern.compile(
            "\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b|(?<![\\w.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:\\d{1,3}(?:\\.\\d{1,3}){3})?");

    private static final Pattern LMTP = Pattern.compile("(?i)\\bwith\\s+LMTPS?A?\\b");
    private static final Pattern FROM = Pattern.compile("(?i)^\\s*from\\b");

    /** The fields above the border; none where there is no border, for then nobody knows who wrote what. */
    static List<RawField> own(List<RawField> headers) {
        for (int i = 0; i < headers.size(); i++) {
            var field = headers.get(i);
            if (field.name().equalsIgnoreCase("Received") && !isInternal(field.body())) {
                return headers.subList(0, i);
            }
        }
        return List.of();
    }

    /**
     * Whether a Received field tells of a hop within one site: it names nobody it got the message from, it is a delivery
     * by LMTP, or all of its addresses are private. A sender chooses the name in it, never the address.
     */
    private static boolean isInternal(String received) {
        var addresses = ADDRESS.matcher(received)
                .results()
                .map(found -> address(found.group()))
                .flatMap(Optional::stream)
                .toList();
        if (addresses.stream().anyMatch(address -> !isPrivate(address))) {
            return false;
        }
        return !addresses.isEmpty()
                || !FROM.matcher(received).find()
                || LMTP.matcher(Comments.without(received)).find();
    }

    /** Nothing for what only looks like one: a time of day, an id. */
    private static Optional<InetAddress> address(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean shared = octets.length == 4 && octets[0] == 100 && (octets[1] & 0xc0) == 64;
        boolean local = address instanceof Inet6Address && (octets[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || shared
                || local;
    }

    private Hops() {}
}
