package dev.valija.message;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks into S/MIME of one piece (RFC 8551 3): what kind it is and what was signed. Nothing is verified. Reads just as
 * much BER (X.690) as that takes, within the octets there are.
 */
final class SignedData {
    private static final int DEEPEST = 8;
    private static final int OID = 0x06;
    private static final int OCTETS = 0x04;
    private static final int OCTETS_IN_PIECES = 0x24;
    private static final int SEQUENCE = 0x30;
    private static final int FIRST_TAGGED = 0xa0;
    /** The last arc of 1.2.840.113549.1.7 (PKCS #7). */
    private static final int SIGNED = 2;

    private static final byte[] PKCS7 = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x07};

    private final byte[] ber;

    private SignedData(byte[] ber) {
        this.ber = ber;
    }

    /**
     * The content that was signed, or null where it is not of that kind or has none.
     *
     * @param ber a ContentInfo (RFC 5652 3)
     */
    static byte @Nullable [] content(byte[] ber) {
        return new SignedData(ber).content();
    }

    /** Whether it is a ContentInfo of another kind than signed data: enveloped, encrypted or authenticated. */
    static boolean isEncrypted(byte[] ber) {
        var data = new SignedData(ber);
        Node type = data.type();
        return type != null && !data.isSigned(type);
    }

    /** One element: its tag, and where its content lies. An indefinite one ends where what it is in does. */
    private record Node(int tag, int from, int to, boolean indefinite) {}

    private @Nullable Node type() {
        Node info = node(0, ber.length);
        Node type = info == null || info.tag != SEQUENCE ? null : node(info.from, info.to);
        return type != null && type.tag == OID ? type : null;
    }

    private boolean isSigned(Node type) {
        int length = type.to - type.from;
        if (length != PKCS7.length + 1) {
            return false;
        }
        for (int i = 0; i < PKCS7.length; i++) {
            if (ber[type.from + i] != PKCS7[i]) {
                return false;
            }
        }
        return ber[type.to - 1] == SIGNED;
    }

    private byte @Nullable [] content() {
        Node type = type();
        if (type == null || !isSigned(type)) {
            return null;
        }
        // SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo SEQUENCE { type, [0] content } … }
        Node explicit = node(type.to, ber.length);
        Node signed = explicit == null ? null : node(explicit.from, explicit.to);
        Node version = signed == null ? null : node(signed.from, signed.to);
        Node digests = version == null || signed == null ? null : node(version.to, signed.to);
        Node inner = digests == null || signed == null ? null : node(end(digests), signed.to);
        Node innerType = inner == null || inner.tag != SEQUENCE ? null : node(inner.from, inner.to);
        Node content = innerType == null || inner == null ? null : node(innerType.to, inner.to);
        if (content == null || content.tag != FIRST_TAGGED) {
            return null;
        }
        var out = new ByteArrayOutputStream(content.to - content.from);
        octets(content.from, content.to, out, 0);
        return out.size() == 0 ? null : out.toByteArray();
    }

    /** Collects octet strings, which may be cut into pieces. @return where it ended */
    private int octets(int from, int to, ByteArrayOutputStream out, int depth) {
        int at = from;
        while (at < to && depth < DEEPEST) {
            Node node = node(at, to);
            if (node == null || node.tag == 0) {
                return node == null ? to : node.to;
            }
            if (node.tag == OCTETS) {
                out.write(ber, node.from, node.to - node.from);
                at = node.to;
            } else if (node.tag == OCTETS_IN_PIECES) {
                int end = octets(node.from, node.to, out, depth + 1);
                at = node.indefinite ? end : node.to;
            } else {
                return to;
            }
        }
        return at;
    }

    /** Where an element ends; one of indefinite length (a set of algorithms) is walked through. */
    private int end(Node node) {
        if (!node.indefinite) {
            return node.to;
        }
        int at = node.from;
        for (Node child = node(at, node.to); child != null && child.tag != 0; child = node(at, node.to)) {
            at = child.indefinite ? node.to : child.to;
        }
        return Math.min(node.to, at + 2);
    }

    private @Nullable Node node(int from, int to) {
        if (from < 0 || from + 2 > to) {
            return null;
        }
        int tag = ber[from] & 0xff;
        int first = ber[from + 1] & 0xff;
        int at = from + 2;
        if (first == 0x80) {
            return new Node(tag, at, to, true);
        }
        long length = first;
        if (first > 0x80) {
            int octets = first & 0x7f;
            if (octets > 4 || at + octets > to) {
                return null;
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (ber[at++] & 0xff);
            }
        }
        // What was cut off on the way still has a beginning.
        return new Node(tag, at, (int) Math.min(to, at + length), false);
    }
}
