package dev.valija.upstream;

import dev.valija.message.BodyPart;
import dev.valija.message.Keyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One provider's mail, over one borrowed connection: see {@link Upstream#withStore}. Speaks RFC 8620 and 8621, not
 * IMAP. Used by one thread at a time. Every call may throw an {@link UpstreamException}; the connection is then
 * discarded unless the exception says the server merely refused.
 *
 * <p>{@code mailbox} is always a {@link RemoteMailbox#name()}. A mailbox that is not there throws
 * {@link UpstreamException.NotFound}. Message ids that are not there any more are passed over in silence
 * (RFC 9051 6.4.9), so answers may hold less than was asked for. Only changes to messages by ids from before a
 * renumbering throw {@link UpstreamException.Renumbered}: they are there, under other ids.
 */
public interface MailStore {

    /** What this store can do. */
    Set<Capability> capabilities();

    /** All mailboxes of the user with roles and counts, in one round trip where the server allows (RFC 5819). */
    List<RemoteMailbox> mailboxes();

    /** Makes a mailbox and subscribes to it. @throws UpstreamException.AlreadyExists when there is one of that name */
    void createMailbox(String mailbox);

    /** Renames or moves a mailbox with all beneath it, and carries the subscriptions over. */
    void renameMailbox(String from, String to);

    /** Deletes a mailbox and its messages for ever. Mailboxes beneath it stay. */
    void deleteMailbox(String mailbox);

    void subscribe(String mailbox, boolean subscribed);

    /**
     * What changed since a state this store gave earlier.
     *
     * @param since null for everything; a state the server has forgotten also gives a {@link Changes.Snapshot}
     */
    Changes changes(String mailbox, @Nullable SyncState since);

    /** Which messages the mailbox holds now, those of {@link Changes.Snapshot}, in a nutshell. */
    Fingerprint fingerprint(String mailbox);

    /**
     * The first look at a mailbox never seen: how many there are, and the last to arrive, in one SELECT and one FETCH.
     *
     * @param limit rows wanted, 1 to 500
     */
    Newest newest(String mailbox, int limit);

    /**
     * The first look.
     *
     * @param messages newest first by arrival
     */
    record Newest(int total, List<RemoteMessage> messages) {}

    /** Streams the rows of these messages, in any order, holding one at a time. */
    void fetch(String mailbox, Collection<RemoteId> ids, Consumer<RemoteMessage> row);

    /**
     * A window of a mailbox in an order of the server's making.
     *
     * @param query null for all messages
     * @return ids in order, at most {@code limit}, and how many there are in all
     * @throws UpstreamException.NotSupported where the server cannot sort so (no SORT): by arrival always works
     */
    Window search(String mailbox, @Nullable SearchQuery query, SortOrder order, int offset, int limit);

    record Window(List<RemoteId> ids, int total) {}

    /**
     * Looks through a stretch of a mailbox, the newest messages first: where a server has to read every message, the
     * first hits come long before it has read them all.
     *
     * @throws UpstreamException.NotFound also when the store calls the mailbox's messages by other ids since
     */
    LookedAt lookBack(String mailbox, SearchQuery query, Lookback stretch);

    /**
     * Which stretch to look through.
     *
     * @param before the messages that came in before that one; null for the newest of all
     * @param left how many messages are left, as {@link LookedAt} said
     * @param count how many of them to look at, about
     */
    record Lookback(@Nullable RemoteId before, int left, int count) {
        public static Lookback newest(int count) {
            return new Lookback(null, Integer.MAX_VALUE, count);
        }
    }

    /**
     * What was found.
     *
     * @param found in the order they came in
     * @param from the stretch began with that message; null at the beginning of the mailbox
     * @param left how many messages there are before it, about
     */
    record LookedAt(List<RemoteId> found, @Nullable RemoteId from, int left) {}

    /** All that is needed to show a message. @throws UpstreamException.NotFound when it is gone */
    default MessageSource open(String mailbox, RemoteId id) {
        return open(mailbox, id, null);
    }

    /**
     * The same in one round trip.
     *
     * @param structure as an earlier call told it: which parts are asked for at once; the answer has the server's
     */
    MessageSource open(String mailbox, RemoteId id, @Nullable BodyPart structure);

    /**
     * Writes one body part, decoded of its transfer encoding, as it arrives; memory stays constant.
     *
     * <p>Nothing has been written to {@code out} when this throws.
     *
     * @throws UpstreamException.NotFound when the message or the part is not there
     */
    void writePart(String mailbox, RemoteId id, BodyPart part, OutputStream out) throws IOException;

    /**
     * How body parts begin, decoded of their transfer encodings, in one round trip.
     *
     * @param octets how many at most, 1 to 65,536; fewer than there are may come of a part whose encoding is odd
     * @return by part id; parts that are not there are left out
     * @throws UpstreamException.NotFound when the message is not there
     */
    Map<String, byte[]> beginnings(String mailbox, RemoteId id, Collection<BodyPart> parts, int octets);

    /** Writes the message as the server holds it (RFC 5322, octet for octet), as it arrives. */
    void writeRaw(String mailbox, RemoteId id, OutputStream out) throws IOException;

    /** The first words of these messages for lists: at most 256 characters, white space folded; misses are left out. */
    Map<RemoteId, String> previews(String mailbox, Collection<RemoteId> ids);

    /** Adds and removes keywords, one command a direction for all the messages (RFC 9051 6.4.6). */
    void changeKeywords(String mailbox, Collection<RemoteId> ids, Set<Keyword> add, Set<Keyword> remove);

    /**
     * Moves messages. On a server without MOVE: journalled COPY, proof, STORE, UID EXPUNGE; never a bare EXPUNGE.
     *
     * @return new ids by old ones where the server tells (COPYUID); an empty map where it does not
     */
    Map<RemoteId, RemoteId> move(String mailbox, Collection<RemoteId> ids, String target);

    /** Copies messages. @return new ids by old ones where the server tells (COPYUID) */
    Map<RemoteId, RemoteId> copy(String mailbox, Collection<RemoteId> ids, String target);

    /** Deletes messages for ever, these and no others (RFC 4315 UID EXPUNGE). */
    void delete(String mailbox, Collection<RemoteId> ids);

    /**
     * Adds a message.
     *
     * @param size octets that {@code message} will give
     * @return its id where the server tells (APPENDUID), else null
     */
    @Nullable
    RemoteId append(String mailbox, InputStream message, long size, Set<Keyword> keywords, @Nullable Instant receivedAt)
            throws IOException;

    /** Messages of that Message-ID, for finding a copy that may be there already. */
    List<RemoteId> findByMessageId(String mailbox, String messageId);

    /** Messages redirected with that Resent-Message-ID (RFC 5322 3.6.6), for the same. */
    List<RemoteId> findByResentMessageId(String mailbox, String messageId);
}
