package dev.valija.submission;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.Claims.Content;
import dev.valija.submission.Claims.Job;
import dev.valija.submission.SubmissionRows.New;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What users send: kept safely first, then sent by the {@link Outbox}. */
@Service
public class Submissions {
    private static final int MOST_LISTED = 100;
    private static final Duration FARTHEST = Duration.ofDays(366);

    private final Accounts accounts;
    private final Writer writer;
    private final SubmissionRows rows;
    private final Outbox outbox;
    private final Drafts drafts;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;

    Submissions(
            Accounts accounts,
            Writer writer,
            SubmissionRows rows,
            Outbox outbox,
            Drafts drafts,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            JsonMapper json) {
        this.accounts = accounts;
        this.writer = writer;
        this.rows = rows;
        this.outbox = outbox;
        this.drafts = drafts;
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
    Submission submit(UserId user, String idempotencyKey, SubmissionRequest request) {
        // In which draft it was written makes no other message of it.
        byte[] hash = hash(request.withoutDraft());
        var draft = draft(user, request);
        var earlier = rows.earlier(user, idempotencyKey, hash);
        if (earlier.isPresent()) {
            return again(user, earlier.get(), draft);
        }
        var identity = identity(user, request);
        var letter = writer.write(user, identity, request);
        var now = Instant.now();
        var due = dueAt(request, now);
        var state = due.isAfter(now) ? SubmissionState.HELD : SubmissionState.QUEUED;
        return submit(new New(user, identity.accountId(), idempotencyKey, hash, letter, draft, state, due, null));
    }

    /**
     * Keeps an answer that another module made; the rest is as with {@link #submit}.
     *
     * @throws ProblemException idempotency-key-reused, or invalid-request when it cannot be written
     */
    public Submission send(UserId user, String idempotencyKey, OutgoingAnswer answer) {
        byte[] hash = hash(answer.request());
        var earlier = rows.earlier(user, idempotencyKey, hash);
        if (earlier.isPresent()) {
            return again(user, earlier.get(), null);
        }
        long account = answer.identity().accountId();
        accounts.requireOwner(user, account);
        var letter = writer.write(user, answer);
        var state = answer.undoSeconds() > 0 ? SubmissionState.HELD : SubmissionState.QUEUED;
        var due = Instant.now().plusSeconds(answer.undoSeconds());
        return submit(new New(user, account, idempotencyKey, hash, letter, null, state, due, null));
    }

    private Submission submit(New row) {
        var made = row.state() == SubmissionState.HELD ? leave(row) : send(row);
        if (made.isEmpty()) {
            // The same request came twice at once; the other one was first.
            var earlier = rows.earlier(row.user(), row.idempotencyKey(), row.requestHash());
            return again(row.user(), earlier.orElseThrow(), row.draft());
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
            events.publishEvent(
                    new SubmissionChanged(user, key.accountId(), key.id(), SubmissionState.CANCELLED.text()));
        });
        return require(user, key);
    }

    /** By a free worker, claimed from its first commit on; where there is none, as soon as there is one. */
    private Optional<SubmissionKey> send(New row) {
        var free = outbox.place();
        if (free.isEmpty()) {
            return leave(row);
        }
        try (var place = free.get()) {
            var made = keep(row.claimedBy(place.claim()));
            made.ifPresent(key -> place.work(
                    new Job(key, row.user(), SubmissionState.TALKING, place.claim(), 0, false),
                    Content.of(row.letter())));
            return made;
        }
    }

    /** To the outbox's loop, for when it is due. */
    private Optional<SubmissionKey> leave(New row) {
        var made = keep(row);
        outbox.wake();
        return made;
    }

    private Optional<SubmissionKey> keep(New row) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var key = rows.insert(row);
            if (key.isPresent() && row.draft() != null) {
                drafts.sent(row.draft());
            }
            key.ifPresent(k -> events.publishEvent(new SubmissionChanged(
                    row.user(), k.accountId(), k.id(), row.state().text())));
            return key;
        }));
    }

    private Submission again(UserId user, SubmissionRows.Earlier earlier, @Nullable DraftKey draft) {
        if (!earlier.sameRequest()) {
            throw new ProblemException(Problem.IDEMPOTENCY_KEY_REUSED, "Take a new Idempotency-Key for a new message.");
        }
        if (draft != null) {
            // Whoever got no answer may have gone on saving what was sent.
            transaction.executeWithoutResult(status -> drafts.sent(draft));
        }
        return require(user, earlier.key());
    }

    private Identity identity(UserId user, SubmissionRequest request) {
        String wanted = request.from().address().email();
        return accounts.of(user).stream()
                .map(Account::id)
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

    private static Instant dueAt(SubmissionRequest request, Instant now) {
        var due = now;
        var sendAt = request.sendAt();
        if (sendAt != null && sendAt.isAfter(now)) {
            if (sendAt.isAfter(now.plus(FARTHEST))) {
                throw ProblemException.invalid("/sendAt", "This is more than a year away.");
            }
            due = sendAt;
        }
        Integer undo = request.undoSeconds();
        var undone = now.plusSeconds(undo == null ? 0 : undo);
        return undone.isAfter(due) ? undone : due;
    }

    private byte[] hash(Record request) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(request));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
