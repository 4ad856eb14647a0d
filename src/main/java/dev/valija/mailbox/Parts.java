package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** The parts of messages, and the way to their octets. */
@Component
class Parts {
    private final StoredMessages messages;
    private final OpenedMessages opened;

    Parts(StoredMessages messages, OpenedMessages opened) {
        this.messages = messages;
        this.opened = opened;
    }

    /** The leaf of that id. @throws ProblemException not-found */
    FoundPart find(UserId user, MessageKey key, String partId) {
        var message = messages.require(user, key);
        return message.structure()
                .leaves()
                .filter(leaf -> leaf.partId().equals(partId))
                .findFirst()
                .map(leaf -> new FoundPart(message, leaf))
                .orElseThrow(() -> ProblemException.notFound("part"));
    }

    /** What comes with a message, in order. */
    List<FoundPart> attachments(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        return opened.open(message).attachments().stream()
                .map(part -> new FoundPart(message, part))
                .toList();
    }

    /**
     * Writes a part, decoded, as it arrives.
     *
     * @throws ProblemException before anything is written
     * @throws IOException from {@code out}
     */
    void write(FoundPart found, OutputStream out) throws IOException {
        write(found.message(), (store, mailbox, id) -> store.writePart(mailbox, id, found.part(), out));
    }

    /** Writes the message as the provider holds it. */
    void writeRaw(StoredMessage message, OutputStream out) throws IOException {
        write(message, (store, mailbox, id) -> store.writeRaw(mailbox, id, out));
    }

    @FunctionalInterface
    private interface Writing {
        void write(MailStore store, String mailbox, RemoteId id) throws IOException;
    }

    private void write(StoredMessage message, Writing writing) throws IOException {
        try {
            messages.at(message, (store, mailbox, id) -> {
                try {
                    writing.write(store, mailbox, id);
                    return id;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
