package dev.valija.upload;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.DataKeys;
import dev.valija.account.UserId;
import dev.valija.account.WrappedColumn;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upload.UploadRows.Row;
import dev.valija.upload.UploadRows.Sum;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Files that users bring in pieces, to go with what they write. What holds them is {@link UploadHolds}' matter. */
@Service
public class Uploads {
    /** For how long one is kept that does not go on. */
    static final Duration UNFINISHED = Duration.ofHours(24);

    /** For how long one is kept that nothing holds: a draft thrown away, or a mail taken back, can be had again. */
    static final Duration FINISHED = Duration.ofDays(7);

    private static final Duration RECENT = Duration.ofHours(1);
    private static final int MOST = 1_000;

    private final UploadRows rows;
    private final DataKeys keys;
    private final Accounts accounts;
    private final UploadProperties limits;
    private final TransactionTemplate transaction;
    private final Clock clock;

    @Autowired
    Uploads(
            UploadRows rows,
            DataKeys keys,
            Accounts accounts,
            UploadProperties limits,
            TransactionTemplate transaction) {
        this(rows, keys, accounts, limits, transaction, Clock.systemUTC());
    }

    Uploads(
            UploadRows rows,
            DataKeys keys,
            Accounts accounts,
            UploadProperties limits,
            TransactionTemplate transaction,
            Clock clock) {
        this.rows = rows;
        this.keys = keys;
        this.accounts = accounts;
        this.limits = limits;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Begins one.
     *
     * @throws ProblemException request-too-large for the operator's limit or the account's provider; over-quota when the
     *     user has too much; invalid-request when the account is none of theirs
     */
    UploadKey create(UserId user, NewUpload wanted) {
        checkSize(user, wanted);
        var now = clock.instant();
        return in(() -> {
            if (!fits(rows.lockAndCount(user), wanted)) {
                // Leftovers make room: those freed just now may be wanted back.
                for (var key : rows.lockExpired(user, now.plus(FINISHED).minus(RECENT))) {
                    rows.deleteUnheld(key);
                }
                if (!fits(rows.lockAndCount(user), wanted)) {
                    throw TusProblem.overQuota("Files that wait to be sent may have %,d octets together."
                            .formatted(limits.uploadTotalBytes()));
                }
            }
            var kept = wanted.length() == 0 ? FINISHED : UNFINISHED;
            return rows.insert(user, wanted, keys.make(WrappedColumn.UPLOAD, user), now, now.plus(kept));
        });
    }

    /**
     * Keeps a file that is here already; the rest is as with one that comes in pieces.
     *
     * @throws ProblemException request-too-large, over-quota, or invalid-request for a name or a type of over 255 characters
     */
    public UploadKey keep(UserId user, String name, String type, byte[] octets) {
        var key = create(user, NewUpload.of(name, type, octets.length));
        try {
            append(key, 0, octets.length, new ByteArrayInputStream(octets));
        } catch (IOException e) {
            throw new IllegalStateException("memory gives all octets", e);
        }
        return key;
    }

    /** The upload as it is. @throws ProblemException not-found when there is none or it is another user's */
    public Upload require(UploadKey key) {
        return row(key).upload();
    }

    /**
     * Goes on with it.
     *
     * @param offset where the caller thinks it is
     * @param size of what comes, in octets; negative when that is not known
     * @return where it is then, all before it durable
     * @throws IOException when the caller was lost; what had come is kept
     * @throws ProblemException conflict for another offset, naming the right one; request-too-large for more than was
     *     announced
     */
    long append(UploadKey key, long offset, long size, InputStream body) throws IOException {
        var row = row(key);
        long left = row.upload().length() - row.upload().offset();
        if (row.upload().offset() != offset) {
            throw TusProblem.wrongOffset(row.upload().offset());
        }
        if (size > left) {
            throw TusProblem.tooLarge("Of this file %,d octets are left to come.".formatted(left));
        }
        return octets(row).append(body);
    }

    /**
     * Writes all of a finished one.
     *
     * @throws IOException what the stream throws
     * @throws IllegalStateException when it is not as it was kept
     */
    public void write(UploadKey key, OutputStream out) throws IOException {
        octets(row(key)).writeTo(out);
    }

    /** How a finished one begins: enough of it to tell what it is. */
    byte[] beginning(UploadKey key) {
        return octets(row(key)).beginning();
    }

    /** Throws it away. @throws ProblemException conflict while something holds it */
    public void delete(UploadKey key) {
        transaction.executeWithoutResult(status -> {
            if (!rows.lock(key)) {
                throw TusProblem.notFound();
            }
            if (!rows.deleteUnheld(key)) {
                throw new ProblemException(Problem.CONFLICT, "A draft or a message on its way still needs it.");
            }
        });
    }

    private Row row(UploadKey key) {
        return rows.find(key).orElseThrow(TusProblem::notFound);
    }

    /** Without its master key it is as good as gone. */
    private Octets octets(Row row) {
        var seal =
                keys.open(WrappedColumn.UPLOAD, row.key().user(), row.dataKey()).orElseThrow(TusProblem::notFound);
        return new Octets(rows, transaction, clock, row, seal);
    }

    private void checkSize(UserId user, NewUpload wanted) {
        if (wanted.length() > limits.uploadBytes()) {
            throw TusProblem.tooLarge("A file may have %,d octets.".formatted(limits.uploadBytes()));
        }
        var accountId = wanted.accountId();
        if (accountId != null) {
            long most = accounts.maxMessageSize(account(user, accountId)).orElse(0);
            if (most > 0 && wanted.encodedLength() > most) {
                throw TusProblem.tooLarge("The mail server takes messages of at most %,d octets.".formatted(most));
            }
        }
    }

    private long account(UserId user, String accountId) {
        return accounts.of(user).stream()
                .map(Account::id)
                .filter(id -> Long.toString(id).equals(accountId))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("Upload-Metadata", "accountId names no account"));
    }

    private boolean fits(Sum there, NewUpload wanted) {
        return there.uploads() < MOST && there.octets() + wanted.length() <= limits.uploadTotalBytes();
    }

    private <T> T in(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
