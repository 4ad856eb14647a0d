package dev.valija.support;

import dev.valija.message.Keyword;
import dev.valija.upstream.Changes;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.UpstreamException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** One mailbox of a {@link FakeMailStore}, with its history. Guarded by its store. */
final class FakeMailbox {

    /** One message it holds. */
    static final class Held {
        final byte[] bytes;
        final ParsedMail parsed;
        final Instant receivedAt;
        final Set<Keyword> keywords;
        long added;
        long marked;

        Held(byte[] bytes, Instant receivedAt, Set<Keyword> keywords) {
            this.bytes = bytes;
            this.parsed = new ParsedMail(bytes);
            this.receivedAt = receivedAt;
            this.keywords = new HashSet<>(keywords);
        }
    }

    private static final AtomicLong VALIDITIES = new AtomicLong();

    final MailboxRole role;
    boolean selectable = true;
    boolean subscribed = true;
    final TreeMap<RemoteId, Held> messages = new TreeMap<>();
    private final Map<RemoteId, Long> vanished = new LinkedHashMap<>();
    private long validity = VALIDITIES.incrementAndGet();
    private long clock = 1;
    private long nextId = 1;
    private long firstOfNumbering = 1;
    private long forgottenBefore;

    FakeMailbox(MailboxRole role) {
        this.role = role;
    }

    RemoteId add(Held message) {
        var id = new RemoteId(nextId++);
        message.added = message.marked = ++clock;
        messages.put(id, message);
        return id;
    }

    void remove(RemoteId id) {
        if (messages.remove(id) != null) {
            vanished.put(id, ++clock);
        }
    }

    void mark(RemoteId id, Set<Keyword> add, Set<Keyword> remove) {
        var message = messages.get(id);
        if (message != null && (message.keywords.addAll(add) | message.keywords.removeAll(remove))) {
            message.marked = ++clock;
        }
    }

    /** Every message gets a new id, as when UIDVALIDITY changes. */
    void renumber() {
        var all = List.copyOf(messages.values());
        messages.clear();
        vanished.clear();
        validity = VALIDITIES.incrementAndGet();
        nextId += 1000;
        firstOfNumbering = nextId;
        all.forEach(this::add);
    }

    void requireOfThisNumbering(Collection<RemoteId> ids) {
        if (ids.stream().anyMatch(id -> id.value() < firstOfNumbering)) {
            throw new UpstreamException.Renumbered("numbered anew");
        }
    }

    /** States given so far are answered with a snapshot from now on. */
    void forgetStates() {
        forgottenBefore = ++clock;
    }

    Changes changes(SyncState since) {
        var state = new SyncState(validity + "." + clock + "." + nextId);
        var parts = since == null ? null : since.value().split("\\.");
        if (parts == null || !parts[0].equals(Long.toString(validity)) || Long.parseLong(parts[1]) < forgottenBefore) {
            var all = messages.entrySet().stream()
                    .map(e -> new Changes.Entry(e.getKey(), Set.copyOf(e.getValue().keywords)))
                    .toList();
            // Made anew under its old name, it counts from the start again.
            boolean reused =
                    parts != null && !parts[0].equals(Long.toString(validity)) && nextId <= Long.parseLong(parts[2]);
            return new Changes.Snapshot(all, reused, state);
        }
        long then = Long.parseLong(parts[1]);
        var added = messages.entrySet().stream()
                .filter(e -> e.getValue().added > then)
                .map(Map.Entry::getKey)
                .toList();
        var changed = new HashMap<RemoteId, Set<Keyword>>();
        messages.forEach((id, m) -> {
            if (m.marked > then) {
                changed.put(id, Set.copyOf(m.keywords));
            }
        });
        var gone = new HashSet<RemoteId>();
        vanished.forEach((id, when) -> {
            if (when > then) {
                gone.add(id);
            }
        });
        return new Changes.Delta(added, changed, gone, messages.size(), state);
    }

    RemoteMessage row(RemoteId id) {
        return row(id, messages.get(id));
    }

    static RemoteMessage row(RemoteId id, Held message) {
        return new RemoteMessage(
                id,
                message.parsed.envelope,
                message.receivedAt,
                message.bytes.length,
                Set.copyOf(message.keywords),
                message.parsed.structure);
    }

    RemoteMailbox listed(String name) {
        int unread = (int) messages.values().stream()
                .filter(m -> !m.keywords.contains(Keyword.SEEN))
                .count();
        return new RemoteMailbox(
                name, '/', role, selectable, subscribed, messages.size(), unread, validity + "." + clock);
    }
}
