package dev.valija.receipt;

import dev.valija.account.Accounts;
import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.Messages;
import dev.valija.message.Address;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.message.MimeWriter;
import dev.valija.message.OutgoingDisposition;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.IdempotencyKey;
import dev.valija.submission.OutgoingAnswer;
import dev.valija.submission.Submissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The wishes of senders to be told that they were read. Nothing is ever told but at the reader's wish (RFC 8098 2.1). */
@Service
class Receipts {
    private static final int LONGEST_SUBJECT = 500;

    private final Messages messages;
    private final MessagePlaces places;
    private final Accounts accounts;
    private final Submissions submissions;
    private final ReceiptAnswers answers;

    Receipts(
            Messages messages,
            MessagePlaces places,
            Accounts accounts,
            Submissions submissions,
            ReceiptAnswers answers) {
        this.messages = messages;
        this.places = places;
        this.accounts = accounts;
        this.submissions = submissions;
        this.answers = answers;
    }

    /** What is asked for, and by whom. */
    private record Wish(Address to, Envelope envelope, List<Identity> reader) {
        boolean elsewhere() {
            return envelope.from().stream().noneMatch(from -> from.email().equalsIgnoreCase(to.email()));
        }

        /** Whom of the reader's addresses the message was for: the first where it names none. */
        Identity identity() {
            return reader.stream()
                    .filter(identity -> Stream.concat(envelope.to().stream(), envelope.cc().stream())
                            .anyMatch(one -> one.email().equalsIgnoreCase(identity.email())))
                    .findFirst()
                    .orElse(reader.getFirst());
        }
    }

    /** @throws ProblemException not-found when the message wants no receipt of this reader */
    ReceiptView open(UserId user, MessageKey key) {
        return view(user, key, wish(user, key));
    }

    /**
     * Tells the sender, once.
     *
     * @param subject in the reader's language, or null
     * @param text for the sender's eyes, or null
     * @throws ProblemException not-found; conflict where it was refused before
     */
    ReceiptView send(UserId user, MessageKey key, @Nullable String subject, @Nullable String text) {
        var wish = wish(user, key);
        var kept = answers.find(key);
        if (kept.isEmpty()) {
            requireUnanswered(user, key);
            hand(user, key, wish, subject, text);
        } else if (kept.get().submission() == null) {
            throw new ProblemException(Problem.CONFLICT, "A receipt was refused before.");
        }
        return view(user, key, wish);
    }

    /** Tells nobody, for good. @throws ProblemException not-found; conflict where a receipt was sent before */
    ReceiptView refuse(UserId user, MessageKey key) {
        var wish = wish(user, key);
        if (answers.find(key).isEmpty()) {
            requireUnanswered(user, key);
        }
        if (!answers.keep(key, null)) {
            throw new ProblemException(Problem.CONFLICT, "A receipt was sent before.");
        }
        mark(user, key);
        return view(user, key, wish);
    }

    /** RFC 3503 3.1: whatever program has answered, it was for all. */
    private void requireUnanswered(UserId user, MessageKey key) {
        if (messages.has(user, key, Keyword.MDN_SENT)) {
            throw new ProblemException(Problem.CONFLICT, "Another program has answered it.");
        }
    }

    private void hand(UserId user, MessageKey key, Wish wish, @Nullable String subject, @Nullable String text) {
        var identity = wish.identity();
        var answer = new OutgoingAnswer(
                identity,
                wish.to(),
                subject == null || subject.isBlank() ? usualSubject(wish) : subject.strip(),
                text == null || text.isBlank() ? usualText(identity) : text.strip(),
                new OutgoingDisposition(
                        identity.email(),
                        places.find(key)
                                .map(MessagePlaces.Place::messageId)
                                .filter(MimeWriter::isMessageId)
                                .orElse(null)),
                key,
                0,
                new Told(key.toString()));
        submissions.send(user, new IdempotencyKey(UUID.randomUUID().toString()), answer, submission -> {
            if (!answers.keep(key, submission)) {
                throw new ProblemException(Problem.CONFLICT, "It was answered at this very moment.");
            }
        });
    }

    private record Told(String messageId) {}

    private static String usualSubject(Wish wish) {
        String subject = "Read: " + wish.envelope().subject().replaceAll("\\p{Cc}", " ");
        return subject.length() <= LONGEST_SUBJECT ? subject : subject.substring(0, LONGEST_SUBJECT);
    }

    /** RFC 8098 2.1 wants it said that this proves little. */
    private static String usualText(Identity identity) {
        return "The message was shown to %s. That is no promise that it was read or understood."
                .formatted(identity.email());
    }

    /** For other programs (RFC 3503 3.1). Where the server keeps no such keyword, only we know. */
    private void mark(UserId user, MessageKey key) {
        try {
            messages.changeKeywords(user, key, Set.of(Keyword.MDN_SENT), Set.of());
        } catch (ProblemException e) {
            return; // the answer stands all the same
        }
    }

    /** A receipt is the owner's to give. */
    private Wish wish(UserId user, MessageKey key) {
        accounts.requireOwner(user, key.accountId());
        var to = messages.receiptTo(user, key).orElseThrow(Receipts::none);
        var reader = accounts.identities(key.accountId());
        if (reader.isEmpty()) {
            throw none();
        }
        return new Wish(to, messages.envelope(user, key), reader);
    }

    private ReceiptView view(UserId user, MessageKey key, Wish wish) {
        var kept = answers.find(key);
        String reader = wish.identity().email();
        if (kept.isPresent()) {
            String state = kept.get().submission() == null ? "refused" : "sent";
            return new ReceiptView(
                    wish.to(), wish.elsewhere(), reader, state, kept.get().answeredAt());
        }
        String state = messages.has(user, key, Keyword.MDN_SENT) ? "answered" : "asked";
        return new ReceiptView(wish.to(), wish.elsewhere(), reader, state, null);
    }

    private static ProblemException none() {
        return ProblemException.notFound("receipt");
    }
}
