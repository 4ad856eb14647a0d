package dev.valija.snooze;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves;
import dev.valija.mailbox.MessagePlaces.Standing;
import dev.valija.problem.ProblemException;
import dev.valija.snooze.Carrier.Carried;
import dev.valija.snooze.Snooze.State;
import dev.valija.upstream.MailboxRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Puts messages out of sight until a time, and back. What is about to be done is written down first: a request that is
 * lost half-way is brought to its end by {@link Waking}.
 */
@Service
class Snoozes {
    static final String MAILBOX = "Snoozed";

    private static final Duration FARTHEST = Duration.ofDays(5 * 366);
    private static final int MOST_LISTED = 10_000;

    private final Accounts accounts;
    private final Selection selection;
    private final MessageMoves moves;
    private final Carrier carrier;
    private final Homes homes;
    private final SnoozeRows rows;
    private final Clock clock;

    @Autowired
    Snoozes(Accounts accounts, Selection selection, MessageMoves moves, Carrier carrier, Homes homes, SnoozeRows rows) {
        this(accounts, selection, moves, carrier, homes, rows, Clock.systemUTC());
    }

    Snoozes(
            Accounts accounts,
            Selection selection,
            MessageMoves moves,
            Carrier carrier,
            Homes homes,
            SnoozeRows rows,
            Clock clock) {
        this.accounts = accounts;
        this.selection = selection;
        this.moves = moves;
        this.carrier = carrier;
        this.homes = homes;
        this.rows = rows;
        this.clock = clock;
    }

    /** What is to come back by itself, first come first. */
    List<Snooze> list(UserId user, long accountId) {
        accounts.require(user, accountId);
        return rows.list(accountId, MOST_LISTED);
    }

    /**
     * Puts messages away until then. What is away already gets another time.
     *
     * @throws ProblemException invalid-request where the time is none, else when nothing could be done
     */
    BulkResult snooze(UserId user, Set<String> ids, Instant until) {
        var now = clock.instant();
        if (!until.isAfter(now)) {
            throw ProblemException.invalid("/until", "This time is over.");
        }
        if (until.isAfter(now.plus(FARTHEST))) {
            throw ProblemException.invalid("/until", "This is more than five years away.");
        }
        var time = until.truncatedTo(ChronoUnit.MILLIS);
        return selection.each(user, ids, (chunk, tally) -> snooze(chunk, time, tally));
    }

    /** Brings messages back at once, as they are. What is not away is as asked. */
    BulkResult bringBack(UserId user, Set<String> ids) {
        return selection.each(user, ids, this::bringBack);
    }

    private void snooze(List<Standing> chunk, Instant until, Tally tally) {
        var before = known(chunk);
        var away = moves.findOrMake(chunk.getFirst().key().accountId(), MailboxRole.SNOOZED, MAILBOX);
        var later = new ArrayList<Snooze>();
        var going = new ArrayList<Snooze>();
        for (var message : chunk) {
            var known = before.get(message.key());
            if (known != null && known.state() == State.AWAY && known.away().equals(message.mailbox())) {
                later.add(known.until(until));
            } else {
                going.add(going(message, known, until, away));
            }
        }
        rows.write(later, until);
        tally.changed(later.size());
        if (!going.isEmpty()) {
            var carried = carrier.carry(rows.begin(going, clock.instant()), Carrier.MARK, away.key());
            areAway(carried.done(), away);
            restore(carried, before);
            tally.add(carried);
        }
    }

    /** What is in Snoozed by another's hand, or for a time that is forgotten, comes back to INBOX. */
    private Snooze going(Standing message, @Nullable Snooze known, Instant until, Mailbox away) {
        boolean isThere = message.mailbox().equals(away.key());
        if (isThere && known != null) {
            return Snooze.of(message, State.GOING, until, known.home(), known.homeName(), away.key());
        }
        var home = isThere ? homes.inbox(message.key().accountId()) : homes.mailbox(message.mailbox());
        return Snooze.of(message, State.GOING, until, home.key(), home.remoteName(), away.key());
    }

    /** Whoever was overtaken by one that brought it back before it had gone sees to it that it does come back. */
    private void areAway(List<Snooze> gone, Mailbox away) {
        var overtaken = rows.away(gone);
        goOnceMore(gone.stream().filter(one -> !overtaken.contains(one)).toList(), away);
        if (!overtaken.isEmpty()) {
            var known = known(overtaken.getFirst().key().accountId(), ids(overtaken));
            rows.write(
                    overtaken.stream()
                            .map(one -> known.getOrDefault(one.key(), one.with(State.BACK)))
                            .filter(one -> one.state() == State.BACK)
                            .toList(),
                    clock.instant());
        }
    }

    /** One that was being brought back when it was asked for was in Snoozed then, and is at home now. */
    private void goOnceMore(List<Snooze> gone, Mailbox away) {
        if (!gone.isEmpty()) {
            var there = selection.standing(gone.getFirst().key().accountId(), ids(gone));
            var home = there.values().stream()
                    .filter(message -> !message.mailbox().equals(away.key()))
                    .map(Standing::key)
                    .collect(Collectors.toSet());
            rows.write(gone.stream().filter(one -> home.contains(one.key())).toList(), clock.instant());
        }
    }

    private void bringBack(List<Standing> chunk, Tally tally) {
        var before = known(chunk);
        var away = new ArrayList<Snooze>();
        var left = new ArrayList<Snooze>();
        var going = new ArrayList<Snooze>();
        for (var message : chunk) {
            var known = before.get(message.key());
            if (known != null) {
                var where = known.state() == State.GOING ? going : left;
                (known.away().equals(message.mailbox()) ? away : where).add(known.with(State.BACK));
            } else if (homes.isSnoozed(message.mailbox())) {
                var inbox = homes.inbox(message.key().accountId());
                away.add(Snooze.of(
                        message, State.BACK, clock.instant(), inbox.key(), inbox.remoteName(), message.mailbox()));
            } else {
                tally.changed(1);
            }
        }
        homes.grouped(rows.begin(away, clock.instant()))
                .forEach((home, group) -> over(carrier.carry(group, Carrier.UNMARK, home), before, tally));
        if (!left.isEmpty()) {
            over(carrier.carry(rows.begin(left, clock.instant()), Carrier.UNMARK, null), before, tally);
        }
        if (!going.isEmpty()) {
            // Whoever moves it away may be at it still: it is looked after once more when that is over.
            var carried = carrier.carry(rows.begin(going, clock.instant()), Carrier.UNMARK, null);
            rows.write(carried.done(), clock.instant().plus(SnoozeRows.LEASE));
            restore(carried, before);
            tally.add(carried);
        }
    }

    private void over(Carried carried, Map<MessageKey, Snooze> before, Tally tally) {
        rows.end(carried.done());
        restore(carried, before);
        tally.add(carried);
    }

    /** What was snoozed before is so still; what was not comes back, should it have gone all the same. */
    private void restore(Carried carried, Map<MessageKey, Snooze> before) {
        for (var one : carried.failed()) {
            var known = before.get(one.key());
            if (known == null) {
                rows.write(List.of(one.with(State.BACK)), clock.instant());
            } else {
                rows.write(List.of(known), known.state() == State.AWAY ? known.until() : clock.instant());
            }
        }
    }

    private Map<MessageKey, Snooze> known(List<Standing> chunk) {
        return known(
                chunk.getFirst().key().accountId(),
                chunk.stream().map(message -> message.key().id()).toList());
    }

    private Map<MessageKey, Snooze> known(long accountId, List<Long> ids) {
        return rows.of(accountId, ids).stream().collect(Collectors.toMap(Snooze::key, known -> known));
    }

    private static List<Long> ids(List<Snooze> snoozes) {
        return snoozes.stream().map(one -> one.key().id()).toList();
    }
}
