package dev.valija.submission;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.Manuscript;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.mailbox.Messages;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftContent.Attached;
import dev.valija.submission.DraftContent.Person;
import dev.valija.submission.SubmissionRequest.NewAttachment;
import dev.valija.upload.Uploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Messages in the Drafts mailbox as drafts: those that are copies of ours are what they are copies of, and what another
 * program began is gone on with. Its files come to be uploads, for the message itself goes once the draft has changed.
 */
@Service
class ContinuedDrafts {
    private static final int MOST_PEOPLE = 500;
    private static final int MOST_FILES = 100;
    private static final int LONGEST_LINE = 1_000;

    private final Messages messages;
    private final MessagePlaces places;
    private final Mailboxes mailboxes;
    private final Accounts accounts;
    private final DraftCopies copies;
    private final Drafts drafts;
    private final AttachmentReader attachments;
    private final Uploads uploads;

    ContinuedDrafts(
            Messages messages,
            MessagePlaces places,
            Mailboxes mailboxes,
            Accounts accounts,
            DraftCopies copies,
            Drafts drafts,
            AttachmentReader attachments,
            Uploads uploads) {
        this.messages = messages;
        this.places = places;
        this.mailboxes = mailboxes;
        this.accounts = accounts;
        this.copies = copies;
        this.drafts = drafts;
        this.attachments = attachments;
        this.uploads = uploads;
    }

    /**
     * The draft that a message is, however often it is asked for.
     *
     * @throws ProblemException not-found; invalid-request when it is no draft, or more than can be gone on with;
     *     over-quota or request-too-large for its files
     */
    DraftKey of(UserId user, MessageKey message) {
        var place = places.find(user, message).orElseThrow(() -> ProblemException.notFound("message"));
        return copies.draftAt(place)
                .filter(draft -> draft.user().equals(user) && drafts.exists(draft))
                .or(() -> drafts.find(user, name(message)))
                .orElseGet(() -> begin(user, message, place));
    }

    private DraftKey begin(UserId user, MessageKey message, Place place) {
        var manuscript = messages.manuscript(user, message);
        if (!manuscript.isDraft() && mailboxes.require(user, place.mailbox()).role() != OwnMailbox.DRAFTS.role()) {
            throw ProblemException.invalid("messageId", "This message is no draft.");
        }
        if (!manuscript.isWhole() || manuscript.attachments().size() > MOST_FILES) {
            throw ProblemException.invalid("messageId", "There is more in this message than can be gone on with.");
        }
        var content = content(user, message, manuscript);
        return drafts.findOrCreate(user, name(message), content, draft -> copies.adopt(draft, place));
    }

    private static String name(MessageKey message) {
        return "message " + message;
    }

    private DraftContent content(UserId user, MessageKey message, Manuscript manuscript) {
        var envelope = manuscript.envelope();
        long account = message.accountId();
        return new DraftContent(
                Long.toString(account),
                from(account, envelope.from()),
                people(envelope.to()),
                people(envelope.cc()),
                people(envelope.bcc()),
                people(envelope.replyTo()),
                line(envelope.subject()),
                manuscript.text(),
                manuscript.html(),
                files(user, message, manuscript.attachments()),
                parent(account, envelope.inReplyTo()),
                null);
    }

    private Person from(long account, List<Address> from) {
        return from.stream()
                .map(address -> new Person(address.name(), line(address.email())))
                .findFirst()
                .orElseGet(() -> {
                    var identity = accounts.identities(account).getFirst();
                    return new Person(identity.name(), identity.email());
                });
    }

    private static List<Person> people(List<Address> addresses) {
        return addresses.stream()
                .limit(MOST_PEOPLE)
                .map(address -> new Person(address.name() == null ? null : line(address.name()), line(address.email())))
                .toList();
    }

    private @Nullable String parent(long account, List<String> inReplyTo) {
        return inReplyTo.stream()
                .map(id -> places.find(account, id))
                .flatMap(Optional::stream)
                .map(MessageKey::toString)
                .findFirst()
                .orElse(null);
    }

    private List<Attached> files(UserId user, MessageKey message, List<BodyPart> parts) {
        var wanted = parts.stream()
                .map(part ->
                        new NewAttachment(null, null, null, null, message.toString(), part.partId(), part.contentId()))
                .toList();
        var files = new ArrayList<Attached>();
        for (var file : attachments.read(user, wanted)) {
            var upload = uploads.keep(user, file.name(), file.type(), file.content());
            files.add(new Attached(
                    Long.toString(upload.id()),
                    null,
                    null,
                    file.name(),
                    file.type(),
                    (long) file.content().length,
                    file.contentId()));
        }
        return files;
    }

    /** What a mail says is held to what a caller may say. */
    private static String line(String text) {
        var clean = text.replaceAll("\\p{Cc}", " ");
        return clean.length() <= LONGEST_LINE
                ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, LONGEST_LINE / 2));
    }
}
