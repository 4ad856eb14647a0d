package dev.valija.upstream.imap;

import dev.valija.upstream.net.GuardException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.ResponseInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads responses off the wire within bounds. Angus allocates whatever length a server announces and knows no longest
 * line; here a response that is too long is cut and said to be so, one that is absurd ends the connection, and a body
 * can be streamed past memory altogether.
 */
final class WireReader extends ResponseInputStream {
    /** A SEARCH of a million messages is one line of 8 MB. */
    private static final int LONGEST_LINE = 8 << 20;
    /** What is kept of a literal within a response; a text part is asked for in this size at most. */
    static final int LONGEST_LITERAL = 1 << 20;
    /** What is left of a longer one: enough for a header field, so that a subject of 10 MB costs nothing. */
    private static final int CUT_LITERAL = 64 << 10;

    private static final int LONGEST_RESPONSE = 32 << 20;
    private static final long LONGEST_DROPPED = 256L << 20;
    /** No mail server takes a message of this size. */
    static final long LONGEST_STREAMED = 4L << 30;
    /** Of a response so much is not counted as memory held: every row of a list would have to be. */
    static final int UNCOUNTED = 64 << 10;

    private static final int TAIL = 32;

    /** TLS hands out no more at a time. */
    private static final int LARGEST_BUFFER = 16 << 10;
    /** Most connections do nothing but wait, and a large one would be much of what each costs. */
    private static final int SMALLEST_BUFFER = 512;

    private final InputStream in;
    private final MemoryBudget.Held held;
    private byte[] buffer = new byte[SMALLEST_BUFFER];

    private int position;
    private int limit;

    private byte[] response = new byte[256];
    private int length;
    private long counted;
    private long dropped;
    private final byte[] tail = new byte[TAIL];
    private @Nullable OutputStream bodies;
    private @Nullable IOException bodiesFailure;
    private long streamed;
    private boolean bodySeen;

    WireReader(InputStream in, MemoryBudget.Held held) {
        super(in);
        this.in = in;
        this.held = held;
    }

    /** From now on the literals of body sections go there and are empty in the response; null ends it. */
    void streamBodies(@Nullable OutputStream out) {
        bodies = out;
        streamed = out == null ? streamed : 0;
        bodiesFailure = null;
        bodySeen = false;
    }

    boolean streamsBodies() {
        return bodies != null;
    }

    /** How many octets the last streaming wrote. */
    long streamed() {
        return streamed;
    }

    /** Why a body could not be written: the reader went away, not the server. */
    @Nullable
    IOException bodiesFailure() {
        return bodiesFailure;
    }

    /** Whether something of the last response was dropped because it was too long. */
    boolean lastWasCut() {
        return dropped > 0;
    }

    @Override
    public ByteArray readResponse() throws IOException {
        return readResponse(null);
    }

    @Override
    public ByteArray readResponse(@Nullable ByteArray ignored) throws IOException {
        forget();
        length = 0;
        dropped = 0;
        long literal;
        do {
            readLine();
            literal = announced();
            if (literal >= 0) {
                readLiteral(literal);
            }
        } while (literal >= 0);
        var done = new ByteArray(response, 0, length);
        response = new byte[256];
        return done;
    }

    /** The last response is done with. */
    void forget() {
        if (counted > 0) {
            held.giveBack(counted);
            counted = 0;
        }
    }

    @Override
    public int available() throws IOException {
        return limit - position + in.available();
    }

    /** Whether some of what comes next is here already. */
    boolean holdsInput() {
        return position < limit;
    }

    /** Waits for the first octet of the next response; a timeout here loses nothing. */
    void awaitInput() throws IOException {
        if (position == limit) {
            resize(SMALLEST_BUFFER);
        }
        fill();
    }

    /** Only what has been read through can be replaced. */
    private void resize(int size) {
        if (buffer.length != size) {
            buffer = new byte[size];
            position = 0;
            limit = 0;
        }
    }

    private void readLine() throws IOException {
        int start = length;
        byte last = 0;
        while (true) {
            fill();
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean found = end < limit;
            int count = (found ? end + 1 : end) - position;
            keep(position, count, start);
            boolean ended = found && (end > position ? buffer[end - 1] : last) == '\r';
            last = buffer[position + count - 1];
            position += count;
            if (ended) {
                return;
            }
        }
    }

    /** Keeps a piece of a line, or only its end (which may announce a literal) when the line is too long. */
    private void keep(int from, int count, int lineStart) throws GuardException {
        if (count >= TAIL) {
            System.arraycopy(buffer, from + count - TAIL, tail, 0, TAIL);
        } else {
            System.arraycopy(tail, count, tail, 0, TAIL - count);
            System.arraycopy(buffer, from, tail, TAIL - count, count);
        }
        if (length - lineStart + count > LONGEST_LINE || length + count > LONGEST_RESPONSE) {
            drop(count);
        } else {
            append(from, count);
        }
    }

    private void append(int from, int count) {
        ensure(count);
        System.arraycopy(buffer, from, response, length, count);
        length += count;
    }

    private void ensure(int more) {
        if (length + more > response.length) {
            int size = Math.max(length + more + 64, response.length * 2);
            if (size > UNCOUNTED) {
                held.take(size - counted);
                counted = size;
            }
            response = Arrays.copyOf(response, size);
        }
    }

    private void drop(long count) throws GuardException {
        dropped += count;
        if (dropped > LONGEST_DROPPED) {
            throw new GuardException("a response of the server does not end");
        }
    }

    /** The size of the literal that the line just read announces (RFC 9051 4.3), or -1. */
    private long announced() throws GuardException {
        int i = TAIL - 3; // before CRLF
        if (length < 5 || tail[i] != '}') {
            return -1;
        }
        i--;
        if (tail[i] == '+') {
            i--;
        }
        long size = 0;
        long place = 1;
        int digits = 0;
        for (; i >= 0 && tail[i] >= '0' && tail[i] <= '9'; i--, digits++) {
            size += (tail[i] - '0') * place;
            place *= 10;
            if (digits > 17) {
                throw new GuardException("the server announces an absurd literal");
            }
        }
        return digits > 0 && i >= 0 && tail[i] == '{' ? size : -1;
    }

    private void readLiteral(long size) throws IOException {
        OutputStream sink = bodies;
        if (sink != null && ofBodySection()) {
            // One body was asked for: a second would be written behind it.
            if (size > LONGEST_STREAMED || bodySeen) {
                throw new GuardException("the server announces an absurd literal");
            }
            bodySeen = true;
            announce(0);
            stream(size, sink);
        } else if (dropped > 0 || length + size > LONGEST_RESPONSE) {
            announce(0);
            drop(size);
            skip(size);
        } else if (size > LONGEST_LITERAL) {
            drop(size - CUT_LITERAL);
            announce(CUT_LITERAL);
            take(CUT_LITERAL);
            skip(size - CUT_LITERAL);
        } else {
            ensure((int) size);
            take((int) size);
        }
    }

    /** Whether the literal is the value of {@code BODY[…]} or {@code BODY[…]<…>}. */
    private boolean ofBodySection() {
        int before = lastBrace() - 1;
        if (before > 0 && response[before] == ' ') {
            before--;
        }
        return before > 0 && (response[before] == ']' || response[before] == '>');
    }

    /** Rewrites the announcement, which is the end of what is kept, to what will really follow. */
    private void announce(int size) {
        int brace = lastBrace();
        if (brace < 0) {
            return; // the announcement itself was dropped
        }
        length = brace;
        byte[] announcement = ("{" + size + "}\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ensure(announcement.length);
        System.arraycopy(announcement, 0, response, length, announcement.length);
        length += announcement.length;
    }

    private int lastBrace() {
        int i = length - 1;
        while (i >= 0 && response[i] != '{') {
            i--;
        }
        return i;
    }

    private void take(int size) throws IOException {
        for (int left = size; left > 0; ) {
            fill();
            int count = Math.min(left, limit - position);
            append(position, count);
            position += count;
            left -= count;
        }
    }

    private void skip(long size) throws IOException {
        for (long left = size; left > 0; ) {
            fill();
            int count = (int) Math.min(left, limit - position);
            position += count;
            left -= count;
        }
    }

    private void stream(long size, OutputStream sink) throws IOException {
        for (long left = size; left > 0; ) {
            fill();
            int count = (int) Math.min(left, limit - position);
            try {
                sink.write(buffer, position, count);
                streamed += count;
            } catch (IOException e) {
                bodiesFailure = e;
                throw e;
            }
            position += count;
            left -= count;
        }
    }

    private void fill() throws IOException {
        if (position < limit) {
            return;
        }
        if (limit == buffer.length) {
            resize(Math.min(4 * limit, LARGEST_BUFFER));
        }
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new java.io.EOFException("the server closed the connection");
        }
        position = 0;
        limit = count;
    }
}
