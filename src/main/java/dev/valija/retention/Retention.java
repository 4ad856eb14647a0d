package dev.valija.retention;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.Residents;
import dev.valija.mailbox.Residents.Sketch;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.retention.Rule.SetBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** What users say about how long their messages stay. */
@Service
class Retention {
    static final Duration FORESEEN = Duration.ofDays(30);

    private static final int MOST_SKETCHED = 50;

    private final Accounts accounts;
    private final Mailboxes mailboxes;
    private final Residents residents;
    private final Rules rules;
    private final Survey survey;
    private final StayRows stays;
    private final VisitRows visits;
    private final RetentionProperties properties;
    private final TransactionTemplate transaction;
    private final Clock clock;

    @Autowired
    Retention(
            Accounts accounts,
            Mailboxes mailboxes,
            Residents residents,
            Rules rules,
            Survey survey,
            StayRows stays,
            VisitRows visits,
            RetentionProperties properties,
            TransactionTemplate transaction) {
        this(accounts, mailboxes, residents, rules, survey, stays, visits, properties, transaction, Clock.systemUTC());
    }

    Retention(
            Accounts accounts,
            Mailboxes mailboxes,
            Residents residents,
            Rules rules,
            Survey survey,
            StayRows stays,
            VisitRows visits,
            RetentionProperties properties,
            TransactionTemplate transaction,
            Clock clock) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.residents = residents;
        this.rules = rules;
        this.survey = survey;
        this.stays = stays;
        this.visits = visits;
        this.properties = properties;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * A rule and how far it is.
     *
     * @param actsAt when the first leaves at the earliest, where none has yet; null where all stay
     * @param leaving how many leave within 30 days
     */
    record Standing(Rule rule, @Nullable Instant actsAt, int leaving) {}

    /** One for each mailbox of the account of which somebody has said something. */
    List<Standing> list(UserId user, long accountId) {
        accounts.requireOwner(user, accountId);
        return rules.of(accountId).stream().map(this::standing).toList();
    }

    Standing get(UserId user, MailboxKey key) {
        return standing(rules.of(fit(user, key)));
    }

    /** Sets the user's own rule; null days keep all. */
    Standing set(UserId user, MailboxKey key, @Nullable Integer afterDays, boolean keepFlagged) {
        var mailbox = fit(user, key);
        requirePossible(afterDays);
        transaction.executeWithoutResult(status -> {
            rules.set(mailbox, afterDays, keepFlagged);
            visits.changed(key.accountId(), clock.instant());
        });
        return standing(rules.of(mailbox));
    }

    /** Takes the user's own rule away. */
    void clear(UserId user, MailboxKey key) {
        var mailbox = mailboxes.require(user, key);
        transaction.executeWithoutResult(status -> {
            rules.clear(mailbox);
            visits.changed(key.accountId(), clock.instant());
        });
    }

    /**
     * What a rule would take as soon as it acts.
     *
     * @param total messages in the mailbox
     * @param first some of them, those first that are there longest
     * @param actsAt null where all stay
     */
    record Preview(
            int count,
            int total,
            List<Sketch> first,
            @Nullable Instant actsAt) {
        Preview {
            first = List.copyOf(first);
        }
    }

    /** Shows what a rule would take, and changes nothing. */
    Preview preview(UserId user, MailboxKey key, @Nullable Integer afterDays, boolean keepFlagged) {
        var mailbox = fit(user, key);
        requirePossible(afterDays);
        var now = clock.instant();
        if (afterDays == null) {
            return new Preview(0, mailbox.total(), List.of(), null);
        }
        var actsAt = now.plus(properties.grace());
        var tally = new Tally(actsAt, properties.grace());
        survey.show(
                new Rule(mailbox, afterDays, keepFlagged, SetBy.USER, null, true), now, seen -> tally.add(seen.stay()));
        return new Preview(tally.count, mailbox.total(), sketches(key.accountId(), tally.longest()), actsAt);
    }

    private List<Sketch> sketches(long accountId, List<Long> ids) {
        var found = residents.sketches(accountId, ids);
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** Counts those that leave by then, and remembers the first few. */
    private static final class Tally {
        private final Instant actsAt;
        private final Duration grace;
        private final PriorityQueue<Stay> longest = new PriorityQueue<>(
                Comparator.comparing(Stay::since).thenComparingLong(Stay::id).reversed());
        private int count;

        Tally(Instant actsAt, Duration grace) {
            this.actsAt = actsAt;
            this.grace = grace;
        }

        void add(Stay stay) {
            if (!stay.kept() && !stay.leavesAt(grace).isAfter(actsAt)) {
                count++;
                longest.add(stay);
                if (longest.size() > MOST_SKETCHED) {
                    longest.poll();
                }
            }
        }

        List<Long> longest() {
            return longest.stream()
                    .sorted(longest.comparator().reversed())
                    .map(Stay::id)
                    .toList();
        }
    }

    private Standing standing(Rule rule) {
        if (rule.afterDays() == null) {
            return new Standing(rule, null, 0);
        }
        var key = rule.mailbox().key();
        var now = clock.instant();
        var actsAt = stays.next(key).orElseGet(() -> now.plus(properties.grace()));
        return new Standing(rule, actsAt, stays.countLeaving(key, now.plus(FORESEEN)));
    }

    private Mailbox fit(UserId user, MailboxKey key) {
        var mailbox = mailboxes.require(user, key);
        if (!Rule.isFit(mailbox)) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED,
                    "How long messages stay in this mailbox is not for a rule to say.");
        }
        return mailbox;
    }

    private static void requirePossible(@Nullable Integer afterDays) {
        if (afterDays != null && !Rule.isPossible(afterDays)) {
            throw ProblemException.invalid("/afterDays", "must be between 1 and " + Rule.MOST_DAYS);
        }
    }
}
