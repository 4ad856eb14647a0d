package dev.valija.collection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** What is the same for a message before and after a server has stored it: its octets, but for how its lines end. */
final class Likeness extends OutputStream {
    private final MessageDigest digest = DigestUtils.getSha256Digest();
    private long lineEnds;

    static byte[] of(InputStream message) throws IOException {
        var likeness = new Likeness();
        message.transferTo(likeness);
        return likeness.digest();
    }

    byte[] digest() {
        return digest.digest();
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (octets[i] == '\r' || octets[i] == '\n') {
                take(octets, from, i);
                from = i + 1;
                lineEnds += octets[i] == '\n' ? 1 : 0;
            }
        }
        take(octets, from, offset + length);
    }

    /** Lines that end are told once another begins: those at the end of a message come and go. */
    private void take(byte[] octets, int from, int to) {
        if (from < to) {
            for (; lineEnds > 0; lineEnds--) {
                digest.update((byte) '\n');
            }
            digest.update(octets, from, to - from);
        }
    }
}
