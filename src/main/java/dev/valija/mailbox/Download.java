package dev.valija.mailbox;

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
    private final String type;
    private final String name;
    private final boolean inlineImage;
    private final byte[] first = new byte[ImageType.OCTETS];
    private int held;
    private boolean begun;

    private Download(HttpServletResponse response, String type, String name, boolean inlineImage) {
        this.response = response;
        this.type = type;
        this.name = name;
        this.inlineImage = inlineImage;
    }

    /** To be saved under that name. */
    static Download attachment(HttpServletResponse response, String type, String name) {
        return new Download(response, type, name, false);
    }

    /** To be shown if it is an image, else to be saved. */
    static Download imageOrAttachment(HttpServletResponse response, String type, String name) {
        return new Download(response, type, name, true);
    }

    /** The reader hung up. */
    static final class ReaderGone extends IOException {
        ReaderGone(IOException cause) {
            super("the reader hung up", cause);
        }
    }

    /** Something failed when part of the answer was on its way: all that is left is to break off visibly. */
    static final class Torn extends IOException {
        Torn(Exception cause) {
            super("an answer was cut short", cause);
        }
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
                throw new Torn(e);
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
        var image = inlineImage ? ImageType.of(Arrays.copyOf(first, held)) : null;
        response.setContentType(image == null ? safe(type) : image);
        response.setHeader(
                "Content-Disposition", DownloadNames.disposition(image == null ? "attachment" : "inline", name));
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        send(first, 0, held);
    }

    private void send(byte[] octets, int from, int length) throws IOException {
        try {
            response.getOutputStream().write(octets, from, length);
        } catch (IOException e) {
            throw new ReaderGone(e);
        }
    }

    /** What a mail says of its part, unless a browser could be brought to run it. */
    private static String safe(String type) {
        boolean plain = type.matches("[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}");
        boolean active = type.contains("html")
                || type.contains("xml")
                || type.contains("script")
                || type.contains("svg")
                || type.startsWith("multipart/");
        return plain && !active ? type : "application/octet-stream";
    }
}
