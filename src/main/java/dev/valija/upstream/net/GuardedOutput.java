package dev.valija.upstream.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** What we send. A peer that stops reading would block a write for ever, so each has its deadline, and all together. */
final class GuardedOutput extends OutputStream {
    private final OutputStream out;
    private final Closeable connection;
    private final Duration patience;
    private final Pace pace;

    GuardedOutput(OutputStream out, Closeable connection, Duration patience) {
        this.out = out;
        this.connection = connection;
        this.patience = patience;
        this.pace = new Pace(patience);
    }

    void begin() {
        pace.begin();
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        long start = System.nanoTime();
        var deadline = new Deadline(connection, patience);
        try (deadline) {
            out.write(octets, offset, length);
        } catch (IOException e) {
            throw deadline.passed() ? Deadline.timeout("the server does not read what we send", e) : e;
        }
        pace.waited(start, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
