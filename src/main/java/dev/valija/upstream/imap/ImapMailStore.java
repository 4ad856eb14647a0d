package dev.valija.upstream.imap;

import dev.valija.message.BodyPart;
import dev.valija.message.Keyword;
import dev.valija.upstream.Capability;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Fingerprint;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SyncState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The port over one borrowed connection. The commands are in the classes it hands on to; here it is only said what may
 * be done again when a connection turns out to be dead.
 */
final class ImapMailStore implements MailStore {
    private final Lease lease;

    ImapMailStore(Lease lease) {
        this.lease = lease;
    }

    @Override
    public Set<Capability> capabilities() {
        return lease.repeatable(null, ImapMailStore::capabilities);
    }

    private static Set<Capability> capabilities(ImapSession session) {
        var capabilities = EnumSet.noneOf(Capability.class);
        if (session.can("CONDSTORE") || session.can("QRESYNC")) {
            capabilities.add(Capability.INCREMENTAL_CHANGES);
        }
        if (session.can("SORT")) {
            capabilities.add(Capability.SORT);
        }
        if (session.can("IDLE")) {
            capabilities.add(Capability.IDLE);
        }
        if (session.can("MOVE")) {
            capabilities.add(Capability.MOVE);
        }
        if (session.can("PREVIEW")) {
            capabilities.add(Capability.PREVIEW);
        }
        Selected selected = session.selected();
        if (selected == null || selected.keepsAnyKeyword()) {
            capabilities.add(Capability.ANY_KEYWORD);
        }
        return capabilities;
    }

    @Override
    public List<RemoteMailbox> mailboxes() {
        return lease.overview(session -> new ImapMailboxList(session).all());
    }

    @Override
    public void createMailbox(String mailbox) {
        lease.onceAction(null, session -> new ImapMailboxes(session).create(mailbox));
    }

    @Override
    public void renameMailbox(String from, String to) {
        lease.onceAction(null, session -> new ImapMailboxes(session).rename(from, to));
        lease.mailboxesMoved();
    }

    @Override
    public void deleteMailbox(String mailbox) {
        lease.onceAction(null, session -> new ImapMailboxes(session).delete(mailbox));
        lease.mailboxesMoved();
    }

    @Override
    public void subscribe(String mailbox, boolean subscribed) {
        lease.repeatableAction(null, session -> new ImapMailboxes(session).subscribe(mailbox, subscribed));
    }

    @Override
    public Changes changes(String mailbox, @Nullable SyncState since) {
        return lease.repeatable(
                mailbox,
                session -> new ImapChanges(session, validity -> lease.renumbered(mailbox, validity))
                        .since(mailbox, since));
    }

    @Override
    public Fingerprint fingerprint(String mailbox) {
        return lease.repeatable(mailbox, session -> new ImapSearch(session).fingerprint(mailbox));
    }

    @Override
    public Newest newest(String mailbox, int limit) {
        return lease.repeatable(mailbox, session -> new ImapRows(session).newest(mailbox, limit));
    }

    @Override
    public void fetch(String mailbox, Collection<RemoteId> ids, Consumer<RemoteMessage> row) {
        lease.repeatableAction(mailbox, session -> new ImapRows(session).fetch(mailbox, ids, row));
    }

    @Override
    public Window search(String mailbox, @Nullable SearchQuery query, SortOrder order, int offset, int limit) {
        return lease.repeatable(
                mailbox, session -> new ImapSearch(session).window(mailbox, query, order, offset, limit));
    }

    @Override
    public LookedAt lookBack(String mailbox, SearchQuery query, Lookback stretch) {
        return lease.repeatable(mailbox, session -> new ImapSearch(session).lookBack(mailbox, query, stretch));
    }

    @Override
    public MessageSource open(String mailbox, RemoteId id, @Nullable BodyPart structure) {
        return lease.repeatable(mailbox, session -> new ImapBodies(session).open(mailbox, id, structure));
    }

    @Override
    public void writePart(String mailbox, RemoteId id, BodyPart part, OutputStream out) throws IOException {
        lease.repeatableAction(mailbox, session -> new ImapBodies(session).writePart(mailbox, id, part, out));
    }

    @Override
    public Map<String, byte[]> beginnings(String mailbox, RemoteId id, Collection<BodyPart> parts, int octets) {
        return lease.repeatable(mailbox, session -> new ImapBodies(session).beginnings(mailbox, id, parts, octets));
    }

    @Override
    public void writeRaw(String mailbox, RemoteId id, OutputStream out) throws IOException {
        lease.repeatableAction(mailbox, session -> new ImapBodies(session).writeRaw(mailbox, id, out));
    }

    @Override
    public Map<RemoteId, String> previews(String mailbox, Collection<RemoteId> ids) {
        return lease.repeatable(mailbox, session -> new ImapPreviews(session).of(mailbox, ids));
    }

    @Override
    public void changeKeywords(String mailbox, Collection<RemoteId> ids, Set<Keyword> add, Set<Keyword> remove) {
        lease.repeatableChange(mailbox, session -> new ImapEdits(session).changeKeywords(mailbox, ids, add, remove));
    }

    @Override
    public Map<RemoteId, RemoteId> move(String mailbox, Collection<RemoteId> ids, String target) {
        return lease.transfer(mailbox, session -> new ImapEdits(session).move(mailbox, ids, target));
    }

    @Override
    public Map<RemoteId, RemoteId> copy(String mailbox, Collection<RemoteId> ids, String target) {
        return lease.transfer(mailbox, session -> new ImapEdits(session).copy(mailbox, ids, target));
    }

    @Override
    public void delete(String mailbox, Collection<RemoteId> ids) {
        lease.repeatableChange(mailbox, session -> new ImapEdits(session).delete(mailbox, ids));
    }

    @Override
    public @Nullable RemoteId append(
            String mailbox, InputStream message, long size, Set<Keyword> keywords, @Nullable Instant receivedAt)
            throws IOException {
        return lease.<Optional<RemoteId>, IOException>once(
                        null,
                        session -> Optional.ofNullable(
                                new ImapEdits(session).append(mailbox, message, size, keywords, receivedAt)))
                .orElse(null);
    }

    @Override
    public List<RemoteId> findByMessageId(String mailbox, String messageId) {
        return lease.repeatable(mailbox, session -> new ImapSearch(session).byId(mailbox, "MESSAGE-ID", messageId));
    }

    @Override
    public List<RemoteId> findByResentMessageId(String mailbox, String messageId) {
        return lease.repeatable(
                mailbox, session -> new ImapSearch(session).byId(mailbox, "RESENT-MESSAGE-ID", messageId));
    }
}
