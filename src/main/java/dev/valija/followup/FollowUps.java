package dev.valija.followup;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/** Whom users wait for an answer from: a sent message comes into INBOX at a time, if nobody has answered it by then. */
@Service
public class FollowUps {
    private static final Duration FARTHEST = Duration.ofDays(5 * 366);
    private static final int MOST_LISTED = 10_000;

    private final Accounts accounts;
    private final MessagePlaces places;
    private final FollowUpRows rows;
    private final Clock clock;

    @Autowired
    FollowUps(Accounts accounts, MessagePlaces places, FollowUpRows rows) {
        this(accounts, places, rows, Clock.systemUTC());
    }

    FollowUps(Accounts accounts, MessagePlaces places, FollowUpRows rows, Clock clock) {
        this.accounts = accounts;
        this.places = places;
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * Checks a time that a caller wants to be reminded at.
     *
     * @param sentAt when the message goes
     * @return the time as it is kept
     * @throws ProblemException invalid-request
     */
    public Instant checked(Instant remindAt, Instant sentAt) {
        var now = clock.instant();
        if (!remindAt.isAfter(now)) {
            throw ProblemException.invalid("/remindAt", "This time is over.");
        }
        if (!remindAt.isAfter(sentAt)) {
            throw ProblemException.invalid("/remindAt", "The message has not gone by then.");
        }
        if (remindAt.isAfter(now.plus(FARTHEST))) {
            throw ProblemException.invalid("/remindAt", "This is more than five years away.");
        }
        return remindAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Sets one for a message that is being sent, within the transaction that keeps it. */
    public void set(long accountId, String messageId, Instant remindAt) {
        rows.set(accountId, messageId, clock.instant(), remindAt);
    }

    /** The message does not go after all. */
    public void cancel(long accountId, String messageId) {
        rows.cancel(accountId, messageId);
    }

    /** For a message that the user has sent. @throws ProblemException not-found, or where it cannot be told from others */
    FollowUp set(UserId user, MessageKey message, Instant remindAt) {
        var time = checked(remindAt, Instant.EPOCH);
        accounts.requireOwner(user, message.accountId());
        var place = places.find(user, message).orElseThrow(() -> ProblemException.notFound("message"));
        var messageId = place.messageId();
        if (messageId == null) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "Nobody can answer this message so that it could be seen.");
        }
        var sentAt = places.receivedAt(message).orElseThrow(() -> ProblemException.notFound("message"));
        return rows.set(message.accountId(), messageId, sentAt, time);
    }

    List<FollowUp> list(UserId user, long accountId) {
        accounts.require(user, accountId);
        return rows.list(accountId, MOST_LISTED);
    }

    void cancel(UserId user, long accountId, long id) {
        accounts.requireOwner(user, accountId);
        if (!rows.cancel(accountId, id)) {
            throw ProblemException.notFound("follow-up");
        }
    }
}
