package dev.valija.collection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * SHA-256 of a message, without the fields in which servers that keep mail in mbox files write down what became of it: they
 * are others each time it is fetched, and it is the same message.
 */
final class MessageHash {
    private static final Set<String> BOOKKEEPING = Set.of(
            "status", "x-status", "x-keywords", "x-uid", "x-uidl", "x-imap", "x-imapbase", "content-length", "lines");
    private static final int LONGEST_NAME = 16;

    private final MessageDigest digest = DigestUtils.getSha256Digest();
    /** How the line begins, until it is known whose it is. */
    private final byte[] start = new byte[LONGEST_NAME];

    private int started;
    private boolean isHeader = true;
    private boolean isDecided;
    private boolean isPassedOver;

    void update(byte[] octets, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end && isHeader) {
            at = isDecided ? rest(octets, at, end) : begin(octets, at, end);
        }
        digest.update(octets, at, end - at);
    }

    /** To be asked once, at the end of the message. */
    byte[] digest() {
        digest.update(start, 0, started);
        return digest.digest();
    }

    private int begin(byte[] octets, int from, int end) {
        for (int at = from; at < end; at++) {
            byte octet = octets[at];
            if (started == 0 && (octet == ' ' || octet == '\t')) {
                return decide(isPassedOver, at); // the field goes on
            }
            if (octet == '\n' || octet == ':' || started == LONGEST_NAME) {
                isHeader = octet != '\n' || !isEmpty();
                return decide(octet == ':' && isBookkeeping(), at);
            }
            start[started++] = octet;
        }
        return end;
    }

    private int decide(boolean passOver, int next) {
        isPassedOver = passOver;
        isDecided = true;
        if (!passOver) {
            digest.update(start, 0, started);
        }
        started = 0;
        return next;
    }

    private boolean isEmpty() {
        return started == 0 || (started == 1 && start[0] == '\r');
    }

    private boolean isBookkeeping() {
        var name = new String(start, 0, started, StandardCharsets.US_ASCII);
        return BOOKKEEPING.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** Up to the end of the line, and with it. */
    private int rest(byte[] octets, int from, int end) {
        int at = from;
        while (at < end && octets[at] != '\n') {
            at++;
        }
        int next = Math.min(at + 1, end);
        if (!isPassedOver) {
            digest.update(octets, from, next - from);
        }
        isDecided = at == end;
        return next;
    }
}
