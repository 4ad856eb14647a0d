package dev.valija.upstream.pop3;

import java.io.IOException;
import java.io.OutputStream;

/** Takes the dots off that stand before those that begin a line, and finds the end (RFC 1939 3). */
final class Unstuffed {
    private enum State {
        LINE_START,
        TEXT,
        CR,
        DOT,
        DOT_CR,
        END
    }

    private final OutputStream out;
    private final byte[] plain = new byte[16 << 10];
    private int filled;
    private State state = State.LINE_START;

    Unstuffed(OutputStream out) {
        this.out = out;
    }

    boolean ended() {
        return state == State.END;
    }

    /** Takes octets up to the end of the message. @return how many */
    int write(byte[] octets, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            state = next(octets[i]);
            if (state == State.END) {
                return i + 1 - from;
            }
        }
        return to - from;
    }

    private State next(byte octet) throws IOException {
        return switch (state) {
            case LINE_START -> octet == '.' ? State.DOT : text(octet);
            case TEXT -> text(octet);
            case CR -> octet == '\n' ? lineEnd() : text(octet);
            case DOT -> octet == '\r' ? State.DOT_CR : text(octet);
            case DOT_CR -> octet == '\n' ? State.END : afterCr(octet);
            case END -> throw new IllegalStateException("the message has ended");
        };
    }

    private State lineEnd() throws IOException {
        put((byte) '\n');
        return State.LINE_START;
    }

    private State afterCr(byte octet) throws IOException {
        put((byte) '\r');
        return text(octet);
    }

    private State text(byte octet) throws IOException {
        put(octet);
        return octet == '\r' ? State.CR : State.TEXT;
    }

    private void put(byte octet) throws IOException {
        if (filled == plain.length) {
            flush();
        }
        plain[filled++] = octet;
    }

    void flush() throws IOException {
        int count = filled;
        filled = 0;
        out.write(plain, 0, count);
    }
}
