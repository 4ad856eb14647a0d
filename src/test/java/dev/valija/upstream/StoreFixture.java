package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What the parts of {@link MailStoreContract} share: a user with an empty INBOX, seen from two clients. */
interface StoreFixture {
    String INBOX = "INBOX";

    Upstream upstream();

    /** The client under test. */
    ServerLogin mine();

    /** Another client of the same user, with connections of its own. */
    ServerLogin theirs();

    default <T> T store(Upstream.StoreWork<T, IOException> work) {
        return with(mine(), work);
    }

    default void run(StoreAction action) {
        store(store -> {
            action.with(store);
            return null;
        });
    }

    default void elsewhere(StoreAction action) {
        with(theirs(), store -> {
            action.with(store);
            return null;
        });
    }

    private <T> T with(ServerLogin login, Upstream.StoreWork<T, IOException> work) {
        try {
            return upstream().withStore(login, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a message there and says what it is called. */
    default RemoteId put(String mailbox, Mail mail, Keyword... keywords) {
        return put(mailbox, mail, Mails.NOON, keywords);
    }

    default RemoteId put(String mailbox, Mail mail, Instant receivedAt, Keyword... keywords) {
        return store(store -> {
            var id = store.append(mailbox, mail.stream(), mail.size(), Set.of(keywords), receivedAt);
            return id != null
                    ? id
                    : store.findByMessageId(mailbox, mail.messageId()).getLast();
        });
    }

    default RemoteMessage row(String mailbox, RemoteId id) {
        var rows = rows(mailbox, List.of(id));
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    default List<RemoteMessage> rows(String mailbox, Collection<RemoteId> ids) {
        var rows = new ArrayList<RemoteMessage>();
        run(store -> store.fetch(mailbox, ids, rows::add));
        return rows;
    }

    /** All ids of a mailbox, oldest first, as a client sees it that knows nothing yet. */
    default List<RemoteId> ids(String mailbox) {
        return List.copyOf(everything(mailbox).keySet());
    }

    default Map<RemoteId, Set<Keyword>> everything(String mailbox) {
        var mirror = new Mirror();
        mirror.apply(store(store -> store.changes(mailbox, null)));
        return mirror.messages;
    }

    default RemoteMailbox listed(String name) {
        return store(MailStore::mailboxes).stream()
                .filter(mailbox -> mailbox.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not listed: " + name));
    }

    default List<String> names() {
        return store(MailStore::mailboxes).stream().map(RemoteMailbox::name).toList();
    }

    /** A name with the server's own separator. */
    default String path(String... segments) {
        var separator = store(MailStore::mailboxes).stream()
                .map(RemoteMailbox::separator)
                .filter(found -> found != null)
                .findFirst()
                .orElseThrow();
        return String.join(separator.toString(), segments);
    }

    default boolean can(Capability capability) {
        return store(MailStore::capabilities).contains(capability);
    }

    default byte[] written(Writer writer) {
        var out = new ByteArrayOutputStream();
        run(store -> writer.write(store, out));
        return out.toByteArray();
    }

    @FunctionalInterface
    interface StoreAction {
        void with(MailStore store) throws IOException;
    }

    @FunctionalInterface
    interface Writer {
        void write(MailStore store, ByteArrayOutputStream out) throws IOException;
    }

    /** What a caller makes of changes: the simplest index there can be. */
    final class Mirror {
        final Map<RemoteId, Set<Keyword>> messages = new java.util.TreeMap<>();
        SyncState state;
        Changes last;

        void apply(Changes changes) {
            switch (changes) {
                case Changes.Snapshot all -> {
                    messages.clear();
                    all.all().forEach(entry -> messages.put(entry.id(), entry.keywords()));
                }
                case Changes.Delta delta -> {
                    delta.added().forEach(id -> messages.put(id, null));
                    messages.putAll(known(delta.changed()));
                    messages.keySet().removeAll(delta.vanished());
                }
            }
            assertThat(messages).hasSize(changes.total());
            state = changes.state();
            last = changes;
        }

        /** Fetches what a delta leaves to be fetched. */
        void complete(Consumer<Consumer<RemoteMessage>> fetch) {
            fetch.accept(row -> messages.put(row.id(), row.keywords()));
        }

        private Map<RemoteId, Set<Keyword>> known(Map<RemoteId, Set<Keyword>> changed) {
            var known = new HashMap<>(changed);
            known.keySet().retainAll(messages.keySet());
            return known;
        }
    }
}
