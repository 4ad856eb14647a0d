package dev.valija.submission;

import static dev.valija.submission.SubmissionRequest.addresses;

import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.message.Address;
import dev.valija.message.MimeWriter;
import dev.valija.message.OutgoingDisposition;
import dev.valija.message.OutgoingMessage;
import dev.valija.problem.ProblemException;
import dev.valija.submission.SubmissionRequest.Person;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes the octets of what a user wants sent. */
@Component
class Writer {
    private final MessagePlaces places;
    private final AttachmentReader attachments;

    Writer(MessagePlaces places, AttachmentReader attachments) {
        this.places = places;
        this.attachments = attachments;
    }

    /**
     * Freezes a request into a message: Message-ID and Date are fixed here, once.
     *
     * @param sender who writes in the name of that identity, which is another's; null where it is the user's own
     * @param date when it is to go, for a message that lies here for days is not of today
     * @throws ProblemException invalid-request naming the field that will not do
     */
    Letter write(UserId user, Identity identity, @Nullable Address sender, SubmissionRequest request, Instant date) {
        var recipients = Recipients.of(request.to(), request.cc(), request.bcc());
        Recipients.check("/replyTo", request.replyTo());
        var answered = key(user, request.inReplyTo(), "/inReplyTo");
        var forwarded = key(user, request.forwardOf(), "/forwardOf");
        var parent = place(user, answered);
        var thread = parent.or(() -> place(user, forwarded));
        String messageId = MimeWriter.newMessageId(identity.email());
        String subject = request.subject() == null ? "" : request.subject();
        var from = from(identity, request.from());
        var bcc = addresses(request.bcc());
        try {
            byte[] message = MimeWriter.write(new OutgoingMessage(
                    from,
                    sender,
                    addresses(request.to()),
                    addresses(request.cc()),
                    bcc,
                    addresses(request.replyTo()),
                    subject,
                    request.text(),
                    request.html(),
                    attachments.read(user, request.attachments()),
                    parent.map(Place::messageId).filter(MimeWriter::isMessageId).orElse(null),
                    thread.map(Writer::references).orElse(List.of()),
                    Boolean.TRUE.equals(request.readReceipt()) ? from : null,
                    messageId,
                    date.truncatedTo(ChronoUnit.SECONDS)));
            return new Letter(
                    LetterKind.MESSAGE,
                    MimeWriter.wireAddress(identity.email()),
                    recipients,
                    addresses(request.to()),
                    subject,
                    messageId,
                    message,
                    AttachmentReader.uploads(request.attachments()),
                    new String(MimeWriter.bccField(bcc), StandardCharsets.UTF_8),
                    answered,
                    forwarded);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("", "The message cannot be written: %s.".formatted(e.getMessage()));
        }
    }

    /**
     * Freezes what another module wants sent.
     *
     * @throws ProblemException invalid-request when it cannot be written
     */
    Letter write(UserId user, OutgoingAnswer answer) {
        var parent = places.find(user, answer.parent());
        var identity = answer.identity();
        String messageId = MimeWriter.newMessageId(identity.email());
        try {
            byte[] message = MimeWriter.write(
                    new OutgoingMessage(
                            new Address(identity.name(), identity.email()),
                            null,
                            List.of(answer.to()),
                            List.of(),
                            List.of(),
                            List.of(),
                            answer.subject(),
                            answer.text(),
                            null,
                            List.of(),
                            parent.map(Place::messageId)
                                    .filter(MimeWriter::isMessageId)
                                    .orElse(null),
                            parent.map(Writer::references).orElse(List.of()),
                            null,
                            messageId,
                            Instant.now().truncatedTo(ChronoUnit.SECONDS)),
                    answer.object());
            boolean receipt = answer.object() instanceof OutgoingDisposition;
            return new Letter(
                    receipt ? LetterKind.RECEIPT : LetterKind.MESSAGE,
                    // RFC 8098 2.1: whatever becomes of a receipt, nobody is to be told.
                    receipt ? "" : MimeWriter.wireAddress(identity.email()),
                    List.of(MimeWriter.wireAddress(answer.to().email())),
                    List.of(answer.to()),
                    answer.subject(),
                    messageId,
                    message,
                    List.of(),
                    "",
                    receipt ? answer.parent() : null,
                    null);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("", "The message cannot be written: %s.".formatted(e.getMessage()));
        }
    }

    private static Address from(Identity identity, Person from) {
        var given = from.address();
        return new Address(given.name() == null ? identity.name() : given.name(), identity.email());
    }

    private Optional<Place> place(UserId user, @Nullable MessageKey message) {
        return message == null ? Optional.empty() : places.find(user, message);
    }

    /** A parent that is gone meanwhile stops no answer; one in an account of somebody else is refused. */
    private @Nullable MessageKey key(UserId user, @Nullable String id, String pointer) {
        if (id == null) {
            return null;
        }
        try {
            var key = MessageKey.parse(id);
            places.find(user, key);
            return key;
        } catch (ProblemException e) {
            throw ProblemException.invalid(pointer, "There is no such message.");
        }
    }

    /** RFC 5322 3.6.4: the parent's references and the parent. */
    static List<String> references(Place parent) {
        var references = new ArrayList<>(parent.references());
        String messageId = parent.messageId();
        if (messageId != null) {
            references.remove(messageId);
            references.add(messageId);
        }
        references.removeIf(id -> !MimeWriter.isMessageId(id));
        return references;
    }
}
