package dev.valija.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mail that a POP3 server has for somebody, over one session: see {@link Upstream#withMaildrop}. Used by one thread.
 * After an {@link UpstreamException} that does not leave the connection usable nothing more can be asked for.
 */
public interface Maildrop {
    /** Octets of a message that is not taken any more. */
    long LARGEST = 128L << 20;

    /**
     * A message.
     *
     * @param number its name for as long as this session lasts
     * @param uidl its name for ever; null where the server gives it none, or one that other messages have too
     * @param octets as the server counts them
     */
    record Entry(int number, @Nullable String uidl, long octets) {}

    /**
     * Whether mail can be collected here, without a list of it.
     *
     * @throws UpstreamException.NotSupported as {@link #list}
     */
    void check();

    /**
     * All messages, by number.
     *
     * @throws UpstreamException.NotSupported where the server has no UIDL, or more messages than can be looked after
     */
    List<Entry> list();

    /**
     * Writes the message octet for octet, as it arrives; memory stays constant. Where this throws, part of it may have
     * been written.
     *
     * @throws UpstreamException.NotFound when the server does not give it
     * @throws UpstreamException.NotSupported when it is larger than {@link #LARGEST}
     * @throws IOException only what {@code out} throws; the session is over then
     */
    void retrieve(Entry message, OutputStream out) throws IOException;

    /** Has the message deleted when the session ends with {@link #quit}, and not otherwise. */
    void delete(Entry message);

    /** Ends the session. When this returns, the server has deleted what it was told to (RFC 1939 6). */
    void quit();
}
