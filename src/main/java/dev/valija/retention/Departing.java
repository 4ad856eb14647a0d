package dev.valija.retention;

import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.mailbox.Residents;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.retention.VisitRows.Visit;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    static final String TRASH = "Trash";
    /** How long what a rule took to Trash can be brought back at one stroke. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private static final Logger log = LoggerFactory.getLogger(Departing.class);
    private static final Duration BETWEEN_VISITS = Duration.ofHours(12);
    private static final Duration BEING_READ = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration ANOTHER_TIME = Duration.ofHours(6);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 7;
    private static final int AT_ONCE = 200;
    private static final Marks NONE = new Marks(Set.of(), Set.of());

    private final Mailboxes mailboxes;
    private final Residents residents;
    private final MessageMoves moves;
    private final Rules rules;
    private final Survey survey;
    private final StayRows stays;
    private final DepartedRows departed;
    private final VisitRows visits;
    private final Clock clock;

    @Autowired
    Departing(
            Mailboxes mailboxes,
            Residents residents,
            MessageMoves moves,
            Rules rules,
            Survey survey,
            StayRows stays,
            DepartedRows departed,
            VisitRows visits) {
        this(mailboxes, residents, moves, rules, survey, stays, departed, visits, Clock.systemUTC());
    }

    Departing(
            Mailboxes mailboxes,
            Residents residents,
            MessageMoves moves,
            Rules rules,
            Survey survey,
            StayRows stays,
            DepartedRows departed,
            VisitRows visits,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.residents = residents;
        this.moves = moves;
        this.rules = rules;
        this.survey = survey;
        this.stays = stays;
        this.departed = departed;
        this.visits = visits;
        this.clock = clock;
    }

    /** Does all that is due in an account. */
    void work(long accountId) {
        visits.take(accountId, clock.instant()).ifPresent(visit -> {
            try {
                visit(visit).ifPresentOrElse(next -> visits.next(visit, next), () -> visits.end(visit));
            } catch (ProblemException e) {
                log.info("retention of account {} waits: {}", accountId, e.problem());
                boolean rejected = e.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
                visits.failed(visit, clock.instant().plus(rejected ? BETWEEN_VISITS : backoff(visit)));
            }
        });
    }

    private static Duration backoff(Visit visit) {
        return SHORTEST_BACKOFF.multipliedBy(1L << Math.min(visit.tries(), MOST_DOUBLINGS));
    }

    /** @return when to come again; empty when there is no rule */
    private Optional<Instant> visit(Visit visit) {
        long account = visit.accountId();
        if (mailboxes.byRole(account, MailboxRole.INBOX).isPresent()) {
            rules.forgetLost(account); // all mailboxes are known
        }
        var acting = rules.of(account).stream()
                .filter(rule -> rule.afterDays() != null)
                .toList();
        stays.keepOnly(
                account, acting.stream().map(rule -> rule.mailbox().key()).toList());
        departed.deleteBefore(account, clock.instant().minus(REMEMBERED));
        if (acting.isEmpty()) {
            return Optional.empty();
        }
        var next = clock.instant().plus(BETWEEN_VISITS);
        for (var rule : acting) {
            var due = visit(visit, rule);
            next = due.isBefore(next) ? due : next;
        }
        var now = clock.instant();
        return Optional.of(next.isAfter(now) ? next : now.plus(SOON));
    }

    /** @return when to come again to this mailbox */
    private Instant visit(Visit visit, Rule rule) {
        try {
            if (!mailboxes.caughtUp(rule.mailbox().key())) {
                return clock.instant().plus(BEING_READ);
            }
            survey.write(rule, clock.instant());
            leave(visit, rule);
            return stays.next(rule.mailbox().key()).orElse(Instant.MAX);
        } catch (UpstreamException e) {
            if (!e.connectionUsable()) {
                throw e;
            }
            // One mailbox that refuses stops nothing in the others.
            log.info("retention of mailbox {} waits: {}", rule.mailbox().key(), e.problem());
            return clock.instant().plus(ANOTHER_TIME);
        }
    }

    /** All that are due, some at a time, for as long as nobody says otherwise. */
    private void leave(Visit visit, Rule rule) {
        var mailbox = rule.mailbox().key();
        for (var due = due(mailbox); !due.isEmpty(); due = due(mailbox)) {
            var proven = residents.proven(mailbox, due);
            if (!visits.extend(visit, clock.instant())) {
                return;
            }
            leave(rule, due, proven);
        }
    }

    private List<Long> due(MailboxKey mailbox) {
        return stays.due(mailbox, clock.instant(), AT_ONCE).stream()
                .map(Stay::id)
                .toList();
    }

    private void leave(Rule rule, List<Long> due, Map<Long, Set<Keyword>> proven) {
        var mailbox = rule.mailbox().key();
        var going = new ArrayList<Long>();
        var staying = new ArrayList<Long>();
        for (var id : due) {
            var keywords = proven.get(id);
            (keywords == null || rule.keeps(keywords) ? staying : going).add(id);
        }
        stays.postpone(mailbox, staying, clock.instant().plus(BETWEEN_VISITS));
        if (!going.isEmpty()) {
            var failed = remove(rule, going).failed().stream()
                    .map(failure -> MessageKey.parse(failure.id()).id())
                    .collect(Collectors.toSet());
            stays.postpone(mailbox, failed, clock.instant().plus(ANOTHER_TIME));
            stays.delete(
                    mailbox, going.stream().filter(id -> !failed.contains(id)).toList());
            log.info("{} messages have left mailbox {} by its rule", going.size() - failed.size(), mailbox);
        }
    }

    private BulkResult remove(Rule rule, List<Long> going) {
        long account = rule.mailbox().key().accountId();
        var messages = going.stream().map(id -> new MessageKey(account, id)).toList();
        if (rule.isForEver()) {
            return moves.destroy(messages);
        }
        var trash = moves.findOrMake(account, MailboxRole.TRASH, TRASH);
        departed.write(rule.mailbox(), going, clock.instant());
        return moves.change(messages, NONE, trash.key());
    }
}
