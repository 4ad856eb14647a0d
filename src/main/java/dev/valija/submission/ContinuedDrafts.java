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
import dev.valija.message.MimeWriter;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftContent.Attached;
import dev.valija.submission.DraftContent.Person;
import dev.valija.submission.SubmissionRequest.NewAttachment;
import dev.valija.upload.UploadKey;
import dev.valija.upload.Uploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private static final int MOST_REPLY_TO = 20;
    private static final int LONGEST_SUBJECT = 10_000;
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_ADDRESS = 320;
    private static final int LONGEST_FIELD = 255;

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
     *     conflict when it is being sent; over-quota or request-too-large for its files
     */
    DraftKey of(UserId user, MessageKey message) {
        accounts.requireOwner(user, message.accountId());
        var place = places.find(user, message).orElseThrow(() -> ProblemException.notFound("message"));
        return copies.draftAt(place)
                .or(() -> known(user, message, place))
                .filter(draft -> draft.user().equals(user) && drafts.exists(draft))
                .or(() -> drafts.find(user, name(message)))
                .map(this::notOnItsWay)
                .orElseGet(() -> begin(user, message, place));
    }

    private DraftKey notOnItsWay(DraftKey draft) {
        if (drafts.isOnItsWay(draft)) {
            throw new ProblemException(Problem.CONFLICT, "It is being sent; take it back to go on with it.");
        }
        return draft;
    }

    /** A copy of ours under an id that it was not known by: its mailbox was numbered anew, or no id was told. */
    private Optional<DraftKey> known(UserId user, MessageKey message, Place place) {
        return copies.named(place)
                .filter(named -> named.copy().remoteName().equals(place.remoteName()))
                .filter(named -> named.copy().hasOctets(out -> messages.writeRaw(user, message, out)))
                .map(named -> {
                    copies.stands(named.copy(), place.remoteId());
                    return named.draft();
                });
    }

    private DraftKey begin(UserId user, MessageKey message, Place place) {
        var manuscript = messages.manuscript(user, message);
        if (!manuscript.isDraft() && mailboxes.require(user, place.mailbox()).role() != OwnMailbox.DRAFTS.role()) {
            throw ProblemException.invalid("messageId", "This message is no draft.");
        }
        if (!manuscript.isWhole() || manuscript.attachments().size() > MOST_FILES) {
            throw ProblemException.invalid("messageId", "There is more in this message than can be gone on with.");
        }
        drafts.requireRoom(user);
        var files = files(user, message, manuscript.attachments());
        try {
            var content = content(message, manuscript, files);
            return drafts.findOrCreate(user, name(message), content, draft -> copies.adopt(draft, place));
        } catch (RuntimeException e) {
            throwAway(user, files);
            throw e;
        }
    }

    private static String name(MessageKey message) {
        return "message " + message;
    }

    private DraftContent content(MessageKey message, Manuscript manuscript, List<Attached> files) {
        var envelope = manuscript.envelope();
        long account = message.accountId();
        return new DraftContent(
                Long.toString(account),
                from(account, envelope.from()),
                people(envelope.to(), MOST_PEOPLE),
                people(envelope.cc(), MOST_PEOPLE),
                people(envelope.bcc(), MOST_PEOPLE),
                people(envelope.replyTo(), MOST_REPLY_TO),
                line(envelope.subject(), LONGEST_SUBJECT),
                manuscript.text(),
                manuscript.html(),
                files,
                parent(account, envelope.inReplyTo()),
                null,
                manuscript.wantsReceipt() ? true : null);
    }

    private Person from(long account, List<Address> from) {
        return people(from, 1).stream().findFirst().orElseGet(() -> {
            var identity = accounts.identities(account).getFirst();
            return new Person(identity.name(), identity.email());
        });
    }

    private static List<Person> people(List<Address> addresses, int most) {
        return addresses.stream()
                .filter(address -> address.email().length() <= LONGEST_ADDRESS)
                .limit(most)
                .map(address -> new Person(
                        address.name() == null ? null : line(address.name(), LONGEST_NAME),
                        line(address.email(), LONGEST_ADDRESS)))
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
        try {
            for (var file : attachments.read(user, wanted)) {
                String name = line(file.name(), LONGEST_FIELD);
                String type = line(file.type(), LONGEST_FIELD);
                var upload = uploads.keep(user, name, type, file.content());
                files.add(new Attached(
                        Long.toString(upload.id()),
                        null,
                        null,
                        name,
                        type,
                        (long) file.content().length,
                        contentId(file.contentId())));
            }
            return files;
        } catch (RuntimeException e) {
            throwAway(user, files);
            throw e;
        }
    }

    /** Nobody needs them, and there is room for so many only. */
    private void throwAway(UserId user, List<Attached> files) {
        for (var file : files) {
            uploads.delete(UploadKey.parse(user, Objects.requireNonNull(file.uploadId())));
        }
    }

    private static @Nullable String contentId(@Nullable String id) {
        return id != null && id.length() <= LONGEST_FIELD && MimeWriter.isMessageId(id) ? id : null;
    }

    /** What a mail says is held to what a caller may say. */
    private static String line(String text, int longest) {
        var clean = text.replaceAll("\\p{Cc}", " ");
        if (clean.length() <= longest) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(longest - 1)) ? longest - 1 : longest;
        return clean.substring(0, end);
    }
}
