package dev.valija.calendar;

import dev.valija.account.Accounts;
import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.Messages;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.CalendarPart;
import dev.valija.message.CpuBudget;
import dev.valija.problem.ProblemException;
import dev.valija.submission.IdempotencyKey;
import dev.valija.submission.OutgoingAnswer;
import dev.valija.submission.Submission;
import dev.valija.submission.Submissions;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The invitations among a user's messages, and the answers to them. Nothing is ever answered but at the user's wish. */
@Service
class Invitations {
    private static final int LONGEST_UID = 1_000;

    private final Messages messages;
    private final Accounts accounts;
    private final Submissions submissions;
    private final InvitationReplies replies;

    Invitations(Messages messages, Accounts accounts, Submissions submissions, InvitationReplies replies) {
        this.messages = messages;
        this.accounts = accounts;
        this.submissions = submissions;
        this.replies = replies;
    }

    /** What a user says to an invitation: what makes two requests the same. */
    record Wish(String messageId, String status, @Nullable String comment, int undoSeconds) {}

    /** Somebody invited whom the user can speak for. */
    private record Invited(Identity identity, Participant attendee) {}

    InvitationView open(UserId user, MessageKey key) {
        var invitation = read(user, key);
        var me = invited(user, key, invitation);
        var attendee = me.map(Invited::attendee).orElse(null);
        boolean replyable = me.isPresent() && isReplyable(key, invitation);
        var last =
                me.isEmpty() ? null : replies.last(key.accountId(), invitation).orElse(null);
        return within(() -> InvitationView.of(invitation, attendee, replyable, last));
    }

    /** @throws ProblemException not-found when the message is no invitation, invalid-request when it wants no answer */
    Submission reply(UserId user, MessageKey key, IdempotencyKey idempotencyKey, Wish wish) {
        var status = ReplyStatus.parse(wish.status())
                .orElseThrow(() -> ProblemException.invalid("/status", "must be accepted, tentative or declined"));
        var invitation = read(user, key);
        var me = invited(user, key, invitation)
                .filter(invited -> isReplyable(key, invitation))
                .orElseThrow(() -> ProblemException.invalid("", "This message asks none of your identities to come."));
        var organizer = invitation.organizer();
        if (organizer == null) {
            throw new IllegalStateException("nobody to answer");
        }
        var comment = wish.comment();
        var identity = me.identity();
        String summary = invitation.summary().isEmpty() ? "(no title)" : invitation.summary();
        String name = identity.name() == null ? identity.email() : identity.name();
        String text = "%s %s: %s%s".formatted(name, status.verb(), summary, comment == null ? "" : "\n\n" + comment);
        var answer = new OutgoingAnswer(
                identity,
                new Address(organizer.name(), organizer.email()),
                status.title() + ": " + summary,
                text,
                ReplyText.write(invitation, me.attendee(), status, comment),
                key,
                wish.undoSeconds(),
                wish);
        return submissions.send(
                user, idempotencyKey, answer, id -> replies.keep(key.accountId(), id, invitation, status.text()));
    }

    private Invitation read(UserId user, MessageKey key) {
        var part = CalendarPart.of(messages.structure(user, key)).orElseThrow(Invitations::none);
        var file = file(user, key, part);
        return within(() -> Invitation.read(file, part.charset())).orElseThrow(Invitations::none);
    }

    /** A file made to be too much is none: whoever wants it can download it. */
    private static <T> T within(Callable<T> work) {
        try {
            return CpuBudget.within(CpuBudget.ONE_MAIL, work);
        } catch (CpuBudget.Exceeded e) {
            throw none();
        }
    }

    private byte[] file(UserId user, MessageKey key, BodyPart part) {
        var out = new CalendarOctets();
        try {
            messages.writePart(user, key, part.partId(), out);
            return out.toByteArray();
        } catch (CalendarOctets.TooMany e) {
            throw none(); // whoever wants it can download it
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all octets", e);
        }
    }

    /**
     * Who of the message's account is invited: the identity, and how it is called in the event. Nobody, where it is
     * another's account: whether they come is theirs to say.
     */
    private Optional<Invited> invited(UserId user, MessageKey key, Invitation invitation) {
        if (!accounts.owner(key.accountId()).equals(user)) {
            return Optional.empty();
        }
        return accounts.identities(key.accountId()).stream()
                .flatMap(identity ->
                        invitation.attendee(identity.email()).stream().map(attendee -> new Invited(identity, attendee)))
                .findFirst();
    }

    /** An answer goes to the organizer alone, who must be somebody else and have an address. */
    private boolean isReplyable(MessageKey key, Invitation invitation) {
        var organizer = invitation.organizer();
        return invitation.method() == Invitation.Method.REQUEST
                && !invitation.cancelled()
                && organizer != null
                && !organizer.email().isEmpty()
                && isUsable(invitation.uid())
                && accounts.identities(key.accountId()).stream()
                        .noneMatch(identity -> invitation.isOrganizedBy(identity.email()));
    }

    private static boolean isUsable(String uid) {
        return !uid.isEmpty() && uid.length() <= LONGEST_UID && uid.chars().noneMatch(Character::isISOControl);
    }

    private static ProblemException none() {
        return ProblemException.notFound("invitation");
    }
}
