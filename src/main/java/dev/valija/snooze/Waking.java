package dev.valija.snooze;

import static java.util.stream.Collectors.groupingBy;

import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Standing;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.snooze.Carrier.Carried;
import dev.valija.snooze.Snooze.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Brings messages back when their time has come, and what was left half-way to its end. Each look begins with where the
 * message is now: it may have been done before by somebody who died over it, or the user has moved it by hand, in which
 * case the snooze is over.
 */
@Service
class Waking {
    private static final Logger log = LoggerFactory.getLogger(Waking.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(15);
    private static final int MOST_DOUBLINGS = 6;
    /** A password is given by its owner, which is told to us; and this in case it was not. */
    private static final Duration REJECTED = Duration.ofHours(1);

    private static final Duration BEING_READ = Duration.ofSeconds(30);

    private final Mailboxes mailboxes;
    private final MessagePlaces places;
    private final Carrier carrier;
    private final Homes homes;
    private final SnoozeRows rows;
    private final Clock clock;

    @Autowired
    Waking(Mailboxes mailboxes, MessagePlaces places, Carrier carrier, Homes homes, SnoozeRows rows) {
        this(mailboxes, places, carrier, homes, rows, Clock.systemUTC());
    }

    Waking(Mailboxes mailboxes, MessagePlaces places, Carrier carrier, Homes homes, SnoozeRows rows, Clock clock) {
        this.mailboxes = mailboxes;
        this.places = places;
        this.carrier = carrier;
        this.homes = homes;
        this.rows = rows;
        this.clock = clock;
    }

    /** Does all that is due in an account. */
    void work(long accountId) {
        for (var due = take(accountId); !due.isEmpty(); due = take(accountId)) {
            try {
                settle(accountId, due);
            } catch (ProblemException e) {
                postpone(due, e);
            }
        }
    }

    private List<Snooze> take(long accountId) {
        return rows.take(accountId, clock.instant(), Selection.CHUNK);
    }

    private void settle(long accountId, List<Snooze> due) {
        var away = new HashSet<MailboxKey>();
        for (var key : Set.copyOf(due.stream().map(Snooze::away).toList())) {
            var now = homes.away(key);
            if (now.isPresent() && !mailboxes.caughtUp(now.get())) {
                rows.postpone(due, clock.instant().plus(BEING_READ), 0);
                return;
            }
            now.ifPresent(away::add);
        }
        var found = find(accountId, due, away);
        settle(found, away);
        var missing = due.stream().filter(one -> !found.knows(one)).toList();
        if (!missing.isEmpty()) {
            mailboxes.catchUp(accountId);
            missing.forEach(one -> unmarkWhereItIs(one, away));
            rows.end(missing);
        }
    }

    /** Snoozes with the messages they are of. A record of one that was found under another id stands for it. */
    private record Found(Map<Snooze, Standing> there, Set<Snooze> known) {
        boolean knows(Snooze one) {
            return known.contains(one);
        }
    }

    private Found find(long accountId, List<Snooze> due, Set<MailboxKey> away) {
        var standing = places.standing(
                accountId, due.stream().map(one -> one.key().id()).toList());
        var there = new LinkedHashMap<Snooze, Standing>();
        var known = new HashSet<Snooze>();
        for (var one : due) {
            var message = standing.get(one.key().id());
            if (message != null) {
                there.put(one, message);
                known.add(one);
            } else if (one.header() != null) {
                // The index was lost, and calls it otherwise now.
                places.standing(accountId, one.header()).stream()
                        .filter(other -> away.contains(other.mailbox()))
                        .filter(other -> other.keywords().contains(Keyword.SNOOZED))
                        // One of several of that Message-ID may be another's.
                        .flatMap(other ->
                                rows.rename(one, other.key()).map(renamed -> Map.entry(renamed, other)).stream())
                        .findFirst()
                        .ifPresent(other -> {
                            there.put(other.getKey(), other.getValue());
                            known.add(one);
                        });
            }
        }
        return new Found(there, known);
    }

    private void settle(Found found, Set<MailboxKey> away) {
        var home = new ArrayList<Snooze>();
        var going = new ArrayList<Snooze>();
        var staying = new ArrayList<Snooze>();
        var left = new ArrayList<Snooze>();
        found.there().forEach((one, message) -> {
            boolean isAway = away.contains(message.mailbox());
            boolean isHome = message.mailbox().equals(one.home());
            switch (one.state()) {
                case GOING -> (isAway || isHome ? going : left).add(one);
                case AWAY -> (isAway ? staying : left).add(one);
                case WAKING, BACK -> (isAway ? home : left).add(one);
            }
        });
        going.stream()
                .collect(groupingBy(Snooze::away))
                .forEach((mailbox, some) -> done(carrier.carry(some, Carrier.MARK, mailbox), rows::away));
        home.stream()
                .collect(groupingBy(Snooze::state))
                .forEach((state, some) -> homes.grouped(some)
                        .forEach((mailbox, group) -> brought(carrier.carry(group, marks(state), mailbox))));
        staying.forEach(one -> rows.postpone(List.of(one), one.until(), 0));
        if (!left.isEmpty()) {
            done(carrier.carry(left, Carrier.UNMARK, null), rows::end);
        }
    }

    private static Marks marks(State state) {
        return state == State.WAKING ? Carrier.WAKE : Carrier.UNMARK;
    }

    /** Somebody else has moved it, and it bears our keyword there. */
    private void unmarkWhereItIs(Snooze one, Set<MailboxKey> away) {
        if (one.header() != null) {
            var marked = places.standing(one.key().accountId(), one.header()).stream()
                    .filter(message -> !away.contains(message.mailbox()))
                    .filter(message -> message.keywords().contains(Keyword.SNOOZED))
                    .toList();
            carrier.unmark(marked.stream().map(Standing::key).toList());
        }
    }

    /** Home may take nothing any more: what would never be seen again comes to INBOX. */
    private void brought(Carried carried) {
        var refused = carried.cause() != null && carried.cause().problem() == Problem.OPERATION_NOT_SUPPORTED;
        if (!refused) {
            done(carried, rows::end);
            return;
        }
        var inbox = homes.inbox(carried.failed().getFirst().key().accountId());
        var elsewhere = carried.failed().stream()
                .filter(one -> !one.home().equals(inbox.key()))
                .map(one -> one.home(inbox))
                .toList();
        rows.write(elsewhere, clock.instant());
        var stuck = carried.failed().stream()
                .filter(one -> one.home().equals(inbox.key()))
                .toList();
        if (!stuck.isEmpty()) {
            postpone(stuck, carried.cause());
        }
    }

    private void done(Carried carried, Consumer<List<Snooze>> then) {
        then.accept(carried.done());
        if (!carried.failed().isEmpty()) {
            postpone(carried.failed(), carried.cause());
        }
    }

    /** Where the mailbox it goes to is gone the list of mailboxes is behind, and tells so next time. */
    private void postpone(List<Snooze> failed, @Nullable ProblemException why) {
        var account = failed.getFirst().key().accountId();
        if (why == null || why.problem() == Problem.NOT_FOUND) {
            try {
                mailboxes.catchUp(account);
            } catch (ProblemException e) {
                log.info("account {} cannot be read: {}", account, e.problem());
            }
        }
        boolean rejected = why != null && why.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
        failed.stream().collect(groupingBy(Snooze::tries)).forEach((tries, some) -> {
            Instant due = clock.instant().plus(rejected ? REJECTED : backoff(tries));
            log.info(
                    "{} snoozed messages of account {} wait: {}",
                    some.size(),
                    account,
                    why == null ? "gone" : why.problem());
            rows.postpone(some, due, 1);
        });
    }

    private static Duration backoff(int tries) {
        return SHORTEST_BACKOFF.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
    }
}
