package dev.valija.submission;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.message.Address;
import dev.valija.message.MimeWriter;
import dev.valija.message.OutgoingMessage;
import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftContent.Person;
import dev.valija.submission.SubmissionRequest.NewAttachment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes the octets of a draft's copy, for other mail programs. What in it is not right yet is left out. */
@Component
class CopyWriter {
    private final Accounts accounts;
    private final MessagePlaces places;
    private final AttachmentReader attachments;

    CopyWriter(Accounts accounts, MessagePlaces places, AttachmentReader attachments) {
        this.accounts = accounts;
        this.places = places;
        this.attachments = attachments;
    }

    /** A message, with a Message-ID that no other has. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Copy(String messageId, byte[] octets) {
        byte[] hash() {
            return DigestUtils.sha256(octets);
        }
    }

    /** @throws ProblemException when a part of another message cannot be had just now */
    Copy write(UserId user, long accountId, DraftContent content, Instant changedAt) {
        var from = from(accountId, content.from());
        String messageId = MimeWriter.newMessageId(from.email());
        var parent = place(user, content.inReplyTo());
        var thread = parent.or(() -> place(user, content.forwardOf()));
        String subject = content.subject();
        byte[] octets = MimeWriter.writeDraft(new OutgoingMessage(
                from,
                null,
                written(content.to()),
                written(content.cc()),
                written(content.bcc()),
                written(content.replyTo()),
                subject == null ? "" : subject,
                content.text(),
                content.html(),
                attachments.readWhatIsThere(user, wanted(content)),
                parent.map(Place::messageId).filter(MimeWriter::isMessageId).orElse(null),
                thread.map(Writer::references).orElse(List.of()),
                Boolean.TRUE.equals(content.readReceipt()) ? from : null,
                messageId,
                changedAt.truncatedTo(ChronoUnit.SECONDS)));
        return new Copy(messageId, octets);
    }

    private Address from(long accountId, Person from) {
        return address(from).orElseGet(() -> {
            var identity = accounts.identities(accountId).getFirst();
            return new Address(identity.name(), identity.email());
        });
    }

    private static List<Address> written(@Nullable List<Person> people) {
        return people == null
                ? List.of()
                : people.stream()
                        .map(CopyWriter::address)
                        .flatMap(Optional::stream)
                        .toList();
    }

    private static Optional<Address> address(Person person) {
        String name = person.name();
        try {
            String email = person.email().strip();
            MimeWriter.wireAddress(email);
            return Optional.of(new Address(name == null || name.isBlank() ? null : name.strip(), email));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // half typed
        }
    }

    private static List<NewAttachment> wanted(DraftContent content) {
        var attached = content.attachments();
        return attached == null
                ? List.of()
                : attached.stream()
                        .map(one -> new NewAttachment(
                                one.name(),
                                one.type(),
                                one.uploadId(),
                                null,
                                one.messageId(),
                                one.partId(),
                                contentId(one.contentId())))
                        .toList();
    }

    private static @Nullable String contentId(@Nullable String id) {
        return id != null && MimeWriter.isMessageId(id) ? id : null;
    }

    private Optional<Place> place(UserId user, @Nullable String message) {
        try {
            return message == null ? Optional.empty() : places.find(user, MessageKey.parse(message));
        } catch (ProblemException e) {
            return Optional.empty(); // nothing in a draft need be right
        }
    }
}
