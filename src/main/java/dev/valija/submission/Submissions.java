package dev.valija.submission;

import dev.valija.account.Access;
import dev.valija.account.AccessAction;
import dev.valija.account.Accesses;
import dev.valija.account.Accounts;
import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.followup.FollowUps;
import dev.valija.mailbox.MessageKey;
import dev.valija.message.Address;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.Claims.Content;
import dev.valija.submission.Claims.Job;
import dev.valija.submission.SubmissionRequest.Person;
import dev.valija.submission.SubmissionRows.New;
import dev.valija.upload.UploadHolds;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What users send: kept safely first, then sent by the {@link Outbox}. */
@Service
public class Submissions {
    private static final int MOST_LISTED = 100;
    private static final Duration FARTHEST = Duration.ofDays(366);

    private final Accounts accounts;
    private final Accesses accesses;
    private final Writer writer;
    private final RedirectWriter redirects;
    private final SubmissionRows rows;
    private final Outbox outbox;
    private final SentDrafts drafts;
    private final UploadHolds holds;
    private final FollowUps followUps;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;

    Submissions(
            Accounts accounts,
            Accesses accesses,
            Writer writer,
            RedirectWriter redirects,
            SubmissionRows rows,
            Outbox outbox,
            SentDrafts drafts,
            UploadHolds holds,
            FollowUps followUps,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            JsonMapper json) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.writer = writer;
        this.redirects = redirects;
        this.rows = rows;
        this.outbox = outbox;
        this.drafts = drafts;
        this.holds = holds;
        this.followUps = followUps;
        this.transaction = transaction;
        this.events = events;
        this.json = json;
    }

    /** The user's submissions, newest first. */
    public List<Submission> list(UserId user) {
        return rows.newest(user, MOST_LISTED);
    }

    /** The user's submission. @throws ProblemException not-found when there is none or it is another user's */
    Submission require(UserId user, SubmissionKey key) {
        return rows.find(user, key).orElseThrow(() -> ProblemException.notFound("submission"));
    }

    /**
     * Keeps a message to be sent. The same key with the same request is the same submission, however often it comes.
     *
     * @throws ProblemException idempotency-key-reused, or invalid-request
     */
    Submission submit(UserId user, IdempotencyKey idempotencyKey, SubmissionRequest request) {
        byte[] hash = hash(request);
        var draft = draft(user, request);
        var earlier = rows.earlier(user, idempotencyKey, hash);
        if (earlier.isPresent()) {
            var key = earlier.get().key();
            return again(user, earlier.get(), handOver(draft, request.draftRevision(), key.accountId()));
        }
        var identity =
                identity(accesses.of(user).stream().filter(Access::maySend), request.from(), request.inReplyTo());
        var access = accesses.require(user, identity.accountId());
        var now = Instant.now();
        var due = dueAt(request.sendAt(), request.undoSeconds(), now);
        var remindAt = remindAt(access, request.remindAt(), due);
        var letter = writer.write(user, identity, sender(access), request, due);
        accesses.tell(access, AccessAction.SENT, null, 1);
        var alongside = handOver(draft, request.draftRevision(), identity.accountId())
                .andThen(id -> followUp(identity.accountId(), letter.messageId(), remindAt));
        var state = due.isAfter(now) ? SubmissionState.HELD : SubmissionState.QUEUED;
        return submit(new New(user, identity.accountId(), idempotencyKey, hash, letter, state, due, null), alongside);
    }

    /**
     * Keeps a message to be sent on as it is; the rest is as with {@link #submit}.
     *
     * @throws ProblemException not-found for a message that the user has not
     */
    Submission redirect(UserId user, IdempotencyKey idempotencyKey, MessageKey message, RedirectRequest request) {
        byte[] hash = hash(new Redirect(message.toString(), request));
        LongConsumer nothing = id -> {};
        var earlier = rows.earlier(user, idempotencyKey, hash);
        if (earlier.isPresent()) {
            return again(user, earlier.get(), nothing);
        }
        var own = accesses.of(user).stream().filter(Access::isOwner);
        var identity = identity(own, request.from(), message.toString());
        var now = Instant.now();
        var due = dueAt(request.sendAt(), request.undoSeconds(), now);
        var letter = redirects.write(user, identity, message, request, due);
        var state = due.isAfter(now) ? SubmissionState.HELD : SubmissionState.QUEUED;
        return submit(new New(user, identity.accountId(), idempotencyKey, hash, letter, state, due, null), nothing);
    }

    /** What makes two requests to send a message on the same. */
    private record Redirect(String messageId, RedirectRequest request) {}

    /**
     * Keeps an answer that another module made; the rest is as with {@link #submit}.
     *
     * @param alongside what else is to be kept with it or not at all, given its number within the account; done anew
     *     when the same request comes again, so it must not mind
     * @throws ProblemException idempotency-key-reused, or invalid-request when it cannot be written
     */
    public Submission send(UserId user, IdempotencyKey idempotencyKey, OutgoingAnswer answer, LongConsumer alongside) {
        byte[] hash = hash(answer.request());
        var earlier = rows.earlier(user, idempotencyKey, hash);
        if (earlier.isPresent()) {
            return again(user, earlier.get(), alongside);
        }
        long account = answer.identity().accountId();
        accounts.requireOwner(user, account);
        var letter = writer.write(user, answer);
        var state = answer.undoSeconds() > 0 ? SubmissionState.HELD : SubmissionState.QUEUED;
        var due = Instant.now().plusSeconds(answer.undoSeconds());
        return submit(new New(user, account, idempotencyKey, hash, letter, state, due, null), alongside);
    }

    private Submission submit(New row, LongConsumer alongside) {
        var made = row.state() == SubmissionState.HELD ? leave(row, alongside) : send(row, alongside);
        if (made.isEmpty()) {
            // The same request came twice at once; the other one was first.
            var earlier = rows.earlier(row.user(), row.idempotencyKey(), row.requestHash());
            return again(row.user(), earlier.orElseThrow(), alongside);
        }
        return require(row.user(), made.get());
    }

    /** Takes a submission back. @throws ProblemException conflict when it is on its way already */
    Submission cancel(UserId user, SubmissionKey key) {
        require(user, key);
        transaction.executeWithoutResult(status -> {
            if (!rows.cancel(key)) {
                throw new ProblemException(Problem.CONFLICT, "It is on its way, or has ended.");
            }
            drafts.follow(key);
            events.publishEvent(
                    new SubmissionChanged(user, key.accountId(), key.id(), SubmissionState.CANCELLED.text()));
        });
        return require(user, key);
    }

    /** By a free worker, claimed from its first commit on; where there is none, as soon as there is one. */
    private Optional<SubmissionKey> send(New row, LongConsumer alongside) {
        var free = outbox.place(row.accountId());
        if (free.isEmpty()) {
            return leave(row, alongside);
        }
        try (var place = free.get()) {
            var made = keep(row.claimedBy(place.claim()), alongside);
            made.ifPresent(key -> place.work(
                    new Job(key, row.user(), SubmissionState.TALKING, place.claim(), 0, false),
                    Content.of(row.letter())));
            return made;
        }
    }

    /** To the outbox's loop, for when it is due. */
    private Optional<SubmissionKey> leave(New row, LongConsumer alongside) {
        var made = keep(row, alongside);
        outbox.wake();
        return made;
    }

    private Optional<SubmissionKey> keep(New row, LongConsumer alongside) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var made = rows.insert(row);
            made.ifPresent(key -> {
                hold(row, key);
                alongside.accept(key.id());
                events.publishEvent(new SubmissionChanged(
                        row.user(), key.accountId(), key.id(), row.state().text()));
            });
            return made;
        }));
    }

    /** What is gone already has been read all the same: it cannot be had back, and nothing more. */
    private void hold(New row, SubmissionKey key) {
        var uploads = row.letter().uploads();
        if (!uploads.isEmpty()) {
            holds.hold(row.user(), key.holder(), uploads);
        }
    }

    /** What it was made from is needed no more once it is in Sent; where it did not go, it may be wanted again. */
    @EventListener
    void ended(SubmissionChanged event) {
        var holder = new SubmissionKey(event.accountId(), event.submissionId()).holder();
        switch (event.state()) {
            case "done" -> holds.end(event.user(), holder);
            case "cancelled", "rejected" -> {
                holds.release(event.user(), holder);
                rows.messageIdOfNone(event.accountId(), event.submissionId())
                        .ifPresent(messageId -> followUps.cancel(event.accountId(), messageId));
            }
            case "unknown" -> holds.release(event.user(), holder);
            default -> {}
        }
    }

    private Submission again(UserId user, SubmissionRows.Earlier earlier, LongConsumer alongside) {
        if (!earlier.sameRequest()) {
            throw new ProblemException(Problem.IDEMPOTENCY_KEY_REUSED, "Take a new Idempotency-Key for a new message.");
        }
        // Whoever got no answer may have gone on, with saving what was sent for one.
        transaction.executeWithoutResult(status -> {
            if (rows.stands(earlier.key())) {
                alongside.accept(earlier.key().id());
            }
        });
        return require(user, earlier.key());
    }

    private void followUp(long accountId, String messageId, @Nullable Instant remindAt) {
        if (remindAt != null) {
            followUps.set(accountId, messageId, remindAt);
        }
    }

    private LongConsumer handOver(@Nullable DraftKey draft, @Nullable Integer revision, long accountId) {
        return draft == null ? id -> {} : id -> drafts.handOver(draft, revision, new SubmissionKey(accountId, id));
    }

    private @Nullable Instant remindAt(Access access, @Nullable Instant wanted, Instant due) {
        if (wanted == null) {
            return null;
        }
        if (!access.isOwner()) {
            throw ProblemException.invalid("/remindAt", "There are reminders in accounts of your own only.");
        }
        return followUps.checked(wanted, due);
    }

    /** Whoever writes in another's name is told of (RFC 5322 3.6.2), by the address that they are known by there. */
    private @Nullable Address sender(Access access) {
        var address = access.address();
        if (address == null) {
            return null;
        }
        var own = accounts.of(access.user()).getFirst();
        return new Address(accounts.identities(own.id()).getFirst().name(), address);
    }

    /** Of several accounts with that address the one whose message is answered or sent on, and one's own rather. */
    private Identity identity(Stream<Access> some, Person from, @Nullable String message) {
        String wanted = from.address().email();
        String answered = message == null ? "" : message;
        return some.sorted(Comparator.comparing((Access access) -> !access.isOwner())
                        .thenComparing(access -> !answered.startsWith(access.accountId() + "-")))
                .map(Access::accountId)
                .flatMap(account -> accounts.identities(account).stream())
                .filter(identity -> identity.email().equalsIgnoreCase(wanted))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("/from/email", "This is none of your identities."));
    }

    private static @Nullable DraftKey draft(UserId user, SubmissionRequest request) {
        try {
            return request.draftId() == null ? null : DraftKey.parse(user, request.draftId());
        } catch (ProblemException e) {
            throw ProblemException.invalid("/draftId", "This is no draft's id.");
        }
    }

    private static Instant dueAt(@Nullable Instant sendAt, @Nullable Integer undoSeconds, Instant now) {
        var due = now;
        if (sendAt != null && sendAt.isAfter(now)) {
            if (sendAt.isAfter(now.plus(FARTHEST))) {
                throw ProblemException.invalid("/sendAt", "This is more than a year away.");
            }
            due = sendAt;
        }
        var undone = now.plusSeconds(undoSeconds == null ? 0 : undoSeconds);
        return undone.isAfter(due) ? undone : due;
    }

    private byte[] hash(Record request) {
        return DigestUtils.sha256(json.writeValueAsBytes(request));
    }
}
