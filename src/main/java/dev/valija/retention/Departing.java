package dev.valija.retention;

import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.Residents;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.retention.VisitRows.Visit;
import dev.valija.upstream.MailboxRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Visits an account whose mailboxes have rules: sees what is in them, and has those leave whose time is over. Each is looked
 * at once more at the provider right before: whether it is the message it is taken for, and how it is marked now.
 */
@Service
class Departing {
    /** How long what a rule took to Trash can be brought back at one stroke. */
    static final Duration REMEMBERED = Duration.ofDays(30);
    /** What leaves within that time leaves together. */
    static final Duration SPACING = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Departing.class);
    private static final Duration BETWEEN_VISITS = Duration.ofHours(12);
    private static final Duration BEING_READ = Duration.ofMinutes(30);
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final Duration ANOTHER_TIME = Duration.ofHours(6);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 7;
    /** So that alarms of other kinds have theirs. */
    private static final int ACCOUNTS_AT_ONCE = 4;

    private static final int MESSAGES_AT_ONCE = 200;
    private static final int MOST_BATCHES = 10;

    private final Semaphore room = new Semaphore(ACCOUNTS_AT_ONCE);
    private final Mailboxes mailboxes;
    private final Residents residents;
    private final Rules rules;
    private final Survey survey;
    private final StayRows stays;
    private final DepartedRows departed;
    private final Removal removal;
    private final VisitRows visits;
    private final Clock clock;

    @Autowired
    Departing(
            Mailboxes mailboxes,
            Residents residents,
            Rules rules,
            Survey survey,
            StayRows stays,
            DepartedRows departed,
            Removal removal,
            VisitRows visits) {
        this(mailboxes, residents, rules, survey, stays, departed, removal, visits, Clock.systemUTC());
    }

    Departing(
            Mailboxes mailboxes,
            Residents residents,
            Rules rules,
            Survey survey,
            StayRows stays,
            DepartedRows departed,
            Removal removal,
            VisitRows visits,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.residents = residents;
        this.rules = rules;
        this.survey = survey;
        this.stays = stays;
        this.departed = departed;
        this.removal = removal;
        this.visits = visits;
        this.clock = clock;
    }

    /** Does all that is due in an account. */
    void work(long accountId) {
        if (!visits.isDue(accountId, clock.instant())) {
            return;
        }
        if (!room.tryAcquire()) {
            long seconds = ThreadLocalRandom.current().nextLong(SOON.toSeconds());
            visits.knockAgain(accountId, clock.instant().plusSeconds(60 + seconds));
            return;
        }
        try {
            visits.take(accountId, clock.instant()).ifPresent(this::work);
        } finally {
            room.release();
        }
    }

    private void work(Visit visit) {
        try {
            visit(visit).ifPresentOrElse(next -> visits.next(visit, next), () -> visits.end(visit));
        } catch (ProblemException e) {
            log.info("retention of account {} waits: {}", visit.accountId(), e.problem());
            boolean rejected = e.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
            visits.failed(visit, clock.instant().plus(rejected ? BETWEEN_VISITS : backoff(visit)));
        }
    }

    private static Duration backoff(Visit visit) {
        return SHORTEST_BACKOFF.multipliedBy(1L << Math.min(visit.tries(), MOST_DOUBLINGS));
    }

    /** @return when to come again; empty when there is no rule */
    private Optional<Instant> visit(Visit visit) {
        long account = visit.accountId();
        if (mailboxes.byRole(account, MailboxRole.INBOX).isPresent()) { // all mailboxes are known
            rules.follow(account).forEach(stays::forget);
        }
        var acting = rules.of(account).stream()
                .filter(rule -> rule.afterDays() != null)
                .toList();
        stays.keepOnly(
                account, acting.stream().map(rule -> rule.mailbox().key()).toList());
        departed.deleteBefore(account, clock.instant().minus(REMEMBERED));
        return acting.isEmpty() ? Optional.empty() : Optional.of(visit(visit, acting));
    }

    private Instant visit(Visit visit, List<Rule> acting) {
        var next = clock.instant().plus(BETWEEN_VISITS);
        for (var rule : acting) {
            var due = visit(visit, rule);
            next = due.isBefore(next) ? due : next;
        }
        return next;
    }

    /** @return when to come again to this mailbox */
    private Instant visit(Visit visit, Rule rule) {
        var mailbox = rule.mailbox().key();
        try {
            if (!mailboxes.caughtUp(mailbox)) {
                return clock.instant().plus(BEING_READ);
            }
            if (survey.isDue(rule, clock.instant())) {
                survey.write(rule, clock.instant());
            }
            if (!leave(visit, rule)) {
                return clock.instant().plus(SOON);
            }
            var soonest = clock.instant().plus(SPACING);
            var next = stays.next(mailbox).orElse(Instant.MAX);
            return next.isAfter(soonest) ? next : soonest;
        } catch (ProblemException e) {
            if (Removal.isAway(e)) {
                throw e;
            }
            // One mailbox that refuses stops nothing in the others.
            log.info("retention of mailbox {} waits: {}", mailbox, e.problem());
            return clock.instant().plus(ANOTHER_TIME);
        }
    }

    /** Those that are due, some at a time, for as long as nobody says otherwise. @return whether these are all */
    private boolean leave(Visit visit, Rule rule) {
        var mailbox = rule.mailbox().key();
        for (int i = 0; i < MOST_BATCHES; i++) {
            var due = due(mailbox);
            if (due.isEmpty()) {
                return true;
            }
            var proven = residents.proven(mailbox, due);
            if (!visits.extend(visit, clock.instant())) {
                return false;
            }
            removal.remove(rule, due, proven, clock.instant());
        }
        return due(mailbox).isEmpty();
    }

    private List<Long> due(MailboxKey mailbox) {
        return stays.due(mailbox, clock.instant(), MESSAGES_AT_ONCE).stream()
                .map(Stay::id)
                .toList();
    }
}
