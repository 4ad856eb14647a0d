package dev.valija.upstream.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** A socket beneath TLS that remembers the server's first octet, to tell plain text from a bad handshake. */
final class PlainSocket extends Socket {
    private int first = -1;

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                int octet = in.read();
                note(octet);
                return octet;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int count = in.read(into, offset, length);
                if (count > 0) {
                    note(into[offset] & 0xff);
                }
                return count;
            }
        };
    }

    private void note(int octet) {
        if (first < 0) {
            first = octet;
        }
    }

    /** Whatever was read so far is no matter for TLS. */
    void startTls() {
        first = -1;
    }

    /** Whether the first thing said is no TLS record (RFC 8446 5.1: content types 20 to 24). */
    boolean spokePlainText() {
        return first >= 0 && (first < 20 || first > 24);
    }
}
