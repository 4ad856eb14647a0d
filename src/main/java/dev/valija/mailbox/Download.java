package dev.valija.mailbox;

import dev.valija.problem.CutShort;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The body of an answer that streams what a mail brought along. Its header is decided by the first octets and sent with
 * them, so that until then an error can still be told as a problem.
 */
final class Download extends OutputStream {
    private static final String POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'";

    private final HttpServletResponse response;
    private final Heading heading;
    private final byte[] first;
    private int held;
    private boolean begun;

    /** @param octets how many the heading wants to see */
    Download(HttpServletResponse response, int octets, Heading heading) {
        this.response = response;
        this.heading = heading;
        this.first = new byte[octets];
    }

    /** Something of that type, whatever is in it. */
    static Download attachment(HttpServletResponse response, String type, String name) {
        var head = new Head(type, DownloadNames.disposition("attachment", name));
        return new Download(response, 1, ignored -> head);
    }

    /** The reader hung up. */
    static final class ReaderGone extends IOException {
        ReaderGone(IOException cause) {
            super("the reader hung up", cause);
        }
    }

    /** What the answer's header says of its body. */
    record Head(String type, String disposition) {
        void set(HttpServletResponse response) {
            response.setContentType(type);
            response.setHeader("Content-Disposition", disposition);
            response.setHeader("Content-Security-Policy", POLICY);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("Referrer-Policy", "no-referrer");
        }
    }

    /** Decides that by how the body begins. */
    @FunctionalInterface
    interface Heading {
        Head of(byte[] first);
    }

    /** Writes the answer to its end, if anybody is there to read it. */
    void run(Source source) throws IOException {
        try {
            source.writeTo(this);
            begin();
            response.flushBuffer();
        } catch (ReaderGone e) {
            // Nobody to tell.
        } catch (IOException | RuntimeException e) {
            if (begun) {
                throw new CutShort(e);
            }
            throw e;
        }
    }

    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        int taken = 0;
        if (!begun) {
            taken = Math.min(length, first.length - held);
            System.arraycopy(octets, from, first, held, taken);
            held += taken;
            if (held < first.length) {
                return;
            }
            begin();
        }
        send(octets, from + taken, length - taken);
    }

    private void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        heading.of(Arrays.copyOf(first, held)).set(response);
        send(first, 0, held);
    }

    private void send(byte[] octets, int from, int length) throws IOException {
        try {
            response.getOutputStream().write(octets, from, length);
        } catch (IOException e) {
            throw new ReaderGone(e);
        }
    }
}
