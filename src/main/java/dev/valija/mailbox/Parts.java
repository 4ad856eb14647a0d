package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.message.BodyPart;
import dev.valija.message.Unpacked;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        // What the index does not know, of old or because it is within another part, the opened message may.
        return find(message.structure(), partId)
                .or(() -> find(opened.open(message).structure(), partId))
                .map(leaf -> new FoundPart(message, leaf))
                .orElseThrow(() -> ProblemException.notFound("part"));
    }

    private static Optional<BodyPart> find(BodyPart structure, String partId) {
        return structure
                .allLeaves()
                .filter(leaf -> leaf.partId().equals(partId))
                .findFirst();
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
        if (Unpacked.isWithin(found.part().partId())) {
            out.write(opened.unpacked(found.message(), found.part().partId()));
            return;
        }
        write(found.message(), (store, mailbox, id) -> store.writePart(mailbox, id, found.part(), out));
    }

    /** How parts of one message begin, decoded, by part id, with as many octets at most. */
    Map<String, byte[]> beginnings(List<FoundPart> parts, int octets) {
        var message = parts.getFirst().message();
        var beginnings = new HashMap<>(unpacked(parts, octets));
        var own = parts.stream()
                .map(FoundPart::part)
                .filter(part -> !Unpacked.isWithin(part.partId()))
                .toList();
        if (!own.isEmpty()) {
            beginnings.putAll(messages.at(message, (store, mailbox, id) -> store.beginnings(mailbox, id, own, octets)));
        }
        return beginnings;
    }

    /** Those parts of one message that we have unpacked ourselves, decoded, by part id: all of them at once. */
    Map<String, byte[]> unpacked(List<FoundPart> parts) {
        return unpacked(parts, Integer.MAX_VALUE);
    }

    private Map<String, byte[]> unpacked(List<FoundPart> parts, int octets) {
        var within = parts.stream()
                .map(found -> found.part().partId())
                .filter(Unpacked::isWithin)
                .toList();
        return within.isEmpty() ? Map.of() : opened.unpacked(parts.getFirst().message(), within, octets);
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
