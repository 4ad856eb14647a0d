package dev.valija.upload;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What a caller sends. That the caller was lost is told only when what had come before has been taken. */
final class Arriving {
    private final InputStream body;
    private boolean ended;
    private @Nullable IOException loss;

    Arriving(InputStream body) {
        this.body = body;
    }

    /** Reads until the buffer is filled that far, or nothing more comes. @return how far it is filled */
    int fill(byte[] buffer, int from, int to) {
        int filled = from;
        try {
            while (filled < to && !ended) {
                int read = body.read(buffer, filled, to - filled);
                ended = read < 0;
                filled += Math.max(read, 0);
            }
        } catch (IOException e) {
            loss = e;
            ended = true;
        }
        return filled;
    }

    /** Nothing more comes. */
    boolean ended() {
        return ended;
    }

    /** Whether there is more where there should be none. */
    boolean goesOn() {
        try {
            return !ended && body.read() >= 0;
        } catch (IOException e) {
            return false; // all that was announced has come
        }
    }

    /** @throws IOException that ended it, if one did */
    void tellLoss() throws IOException {
        if (loss != null) {
            throw loss;
        }
    }
}
