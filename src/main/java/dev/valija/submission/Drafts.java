package dev.valija.submission;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftRows.Content;
import dev.valija.upload.UploadHolds;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mail being written. Every change names the revision it was made to; where another came first, both are kept. Whatever
 * is asked twice, as a client does that got no answer, is done once.
 */
@Service
class Drafts {
    private static final int MOST = 1_000;

    private final Accounts accounts;
    private final DraftRows rows;
    private final DraftCopies copies;
    private final UploadHolds holds;
    private final ServerLimits limits;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;

    Drafts(
            Accounts accounts,
            DraftRows rows,
            DraftCopies copies,
            UploadHolds holds,
            ServerLimits limits,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            JsonMapper json) {
        this.accounts = accounts;
        this.rows = rows;
        this.copies = copies;
        this.holds = holds;
        this.limits = limits;
        this.transaction = transaction;
        this.events = events;
        this.json = json;
    }

    /** The user's drafts, last changed first. */
    List<Draft.Summary> list(UserId user) {
        var messages = copies.messages(user);
        return rows.newest(user).stream()
                .map(draft -> draft.withCopy(messages.get(Long.valueOf(draft.id()))))
                .toList();
    }

    /** The draft as it is. @throws ProblemException not-found */
    Draft require(DraftKey key) {
        return rows.find(key).orElseThrow(() -> ProblemException.notFound("draft"));
    }

    boolean exists(DraftKey key) {
        return rows.standing(key).isPresent();
    }

    /** Whether its text is being sent. */
    boolean isOnItsWay(DraftKey key) {
        return rows.standing(key).filter(DraftRows.Standing::onItsWay).isPresent();
    }

    /** @throws ProblemException over-quota when the user has as many as may be */
    void requireRoom(UserId user) {
        if (rows.count(user) >= MOST) {
            throw new ProblemException(Problem.OVER_QUOTA, "There are %,d drafts already.".formatted(MOST));
        }
    }

    /** The draft of that name, as {@link #findOrCreate} gives. */
    Optional<DraftKey> find(UserId user, String name) {
        return rows.find(user, name);
    }

    /**
     * Keeps a new draft.
     *
     * @throws ProblemException idempotency-key-reused when there is one of that key that is another by now; over-quota;
     *     invalid-request naming the account or the uploads that there are not
     */
    DraftKey create(UserId user, IdempotencyKey idempotencyKey, DraftContent content) {
        var kept = kept(user, content);
        limits.wanted(kept.accountId());
        var draft = in(() -> keep(user, idempotencyKey.value(), kept, null));
        if (!in(() -> rows.lock(draft)).filter(state -> state.holds(kept)).isPresent()) {
            throw new Elsewhere(
                    Problem.IDEMPOTENCY_KEY_REUSED, "There is a draft of that key, with another text.", draft);
        }
        return draft;
    }

    /**
     * The draft of that name: the one there is, whatever it holds by now, or a new one.
     *
     * @param alongside what else is to be kept with a new one or not at all
     * @throws ProblemException over-quota
     */
    DraftKey findOrCreate(UserId user, String name, DraftContent content, Consumer<DraftKey> alongside) {
        var kept = kept(user, content);
        limits.wanted(kept.accountId());
        return in(() -> rows.find(user, name).orElseGet(() -> {
            var made = insert(user, name, kept, null);
            made.ifPresent(alongside);
            return made.or(() -> rows.find(user, name)).orElseThrow(() -> ProblemException.notFound("draft"));
        }));
    }

    /**
     * Changes a draft that is as the caller knows it.
     *
     * @param revision that the change was made to
     * @throws ProblemException conflict when it was changed meanwhile: the text given is kept as a draft of its own;
     *     invalid-request as {@link #create}
     */
    void change(DraftKey key, int revision, DraftContent content) {
        var kept = kept(key.user(), content);
        var copy = in(() -> {
            var now = rows.lock(key).orElseThrow(() -> ProblemException.notFound("draft"));
            if (now.holds(kept)) {
                return Optional.<DraftKey>empty();
            }
            if (now.revision() != revision) {
                return Optional.of(copy(key, kept));
            }
            tell(key, rows.update(key, kept));
            hold(key, kept);
            return Optional.<DraftKey>empty();
        });
        if (copy.isPresent()) {
            throw new Elsewhere(
                    Problem.CONFLICT, "It was changed elsewhere meanwhile. Your text is kept beside it.", copy.get());
        }
    }

    /** Throws a draft away that is as the caller knows it. @throws ProblemException conflict when it is not */
    void delete(DraftKey key, int revision) {
        transaction.executeWithoutResult(status -> {
            var now = rows.lock(key).orElseThrow(() -> ProblemException.notFound("draft"));
            if (now.revision() != revision) {
                throw new ProblemException(Problem.CONFLICT, "It was changed elsewhere meanwhile, and is kept.");
            }
            discard(key);
        });
    }

    private void discard(DraftKey key) {
        holds.release(key.user(), key.holder());
        rows.delete(key);
        tell(key, 0);
    }

    /** The same text made to the same draft is the same copy, however often it comes. */
    private DraftKey copy(DraftKey of, Content content) {
        var name = "conflict of %d: %s".formatted(of.id(), HexFormat.of().formatHex(content.hash()));
        return keep(of.user(), name, content, of);
    }

    /** The draft of that key: the one there is, whatever it holds by now, or a new one. */
    private DraftKey keep(UserId user, String idempotencyKey, Content content, @Nullable DraftKey conflictOf) {
        return rows.find(user, idempotencyKey)
                .or(() -> insert(user, idempotencyKey, content, conflictOf))
                .or(() -> rows.find(user, idempotencyKey))
                .orElseThrow(() -> ProblemException.notFound("draft"));
    }

    /** Empty when one of that key came in this very moment. */
    private Optional<DraftKey> insert(
            UserId user, String idempotencyKey, Content content, @Nullable DraftKey conflictOf) {
        requireRoom(user);
        var made = rows.insert(user, idempotencyKey, content, conflictOf == null ? null : conflictOf.id());
        made.ifPresent(key -> {
            hold(key, content);
            tell(key, 1);
        });
        return made;
    }

    private void hold(DraftKey key, Content content) {
        var missing = holds.hold(key.user(), key.holder(), content.uploads().keySet());
        if (!missing.isEmpty()) {
            throw NamedUpload.gone(
                    missing.stream().map(content.uploads()::get).sorted().toList());
        }
    }

    private void tell(DraftKey key, int revision) {
        events.publishEvent(new DraftChanged(key.user(), key.id(), revision));
    }

    private <T> T in(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    private Content kept(UserId user, DraftContent content) {
        var account = accounts.of(user).stream()
                .map(Account::id)
                .filter(id -> Long.toString(id).equals(content.accountId()))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("/accountId", "There is no such account."));
        var text = json.writeValueAsString(content);
        return new Content(account, text, DigestUtils.sha256(text), content.uploads(user));
    }

    /** What was wanted is to be found under another draft. */
    private static final class Elsewhere extends ProblemException {
        private final URI location;

        Elsewhere(Problem problem, String detail, DraftKey draft) {
            super(problem, detail);
            this.location = draft.location();
        }

        @Override
        public Map<String, String> fields() {
            return Map.of("Location", location.toString());
        }
    }
}
