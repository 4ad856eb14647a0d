package dev.valija.retention;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.retention.DepartedRows.Departed;
import dev.valija.retention.StayRows.Leaving;
import dev.valija.upstream.MailboxRole;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/** Which messages are to leave, and which have left and can be brought back. */
@Service
class Departures {
    private static final int MOST_LISTED = 10_000;
    private static final Marks NONE = new Marks(Set.of(), Set.of());

    private final Accounts accounts;
    private final Mailboxes mailboxes;
    private final MessagePlaces places;
    private final MessageMoves moves;
    private final Rules rules;
    private final StayRows stays;
    private final DepartedRows departed;
    private final Clock clock;

    @Autowired
    Departures(
            Accounts accounts,
            Mailboxes mailboxes,
            MessagePlaces places,
            MessageMoves moves,
            Rules rules,
            StayRows stays,
            DepartedRows departed) {
        this(accounts, mailboxes, places, moves, rules, stays, departed, Clock.systemUTC());
    }

    Departures(
            Accounts accounts,
            Mailboxes mailboxes,
            MessagePlaces places,
            MessageMoves moves,
            Rules rules,
            StayRows stays,
            DepartedRows departed,
            Clock clock) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.places = places;
        this.moves = moves;
        this.rules = rules;
        this.stays = stays;
        this.departed = departed;
        this.clock = clock;
    }

    /** Those that leave within 30 days, soonest first, and how many that are with those that are not listed. */
    record Foreseen(List<Leaving> first, int total) {
        Foreseen {
            first = List.copyOf(first);
        }
    }

    /** What has been moved, marked or let go since the last visit is seen as it is now. */
    Foreseen foreseen(UserId user, long accountId) {
        accounts.requireOwner(user, accountId);
        var until = clock.instant().plus(Retention.FORESEEN);
        var leaving = new ArrayList<Leaving>();
        int unlisted = 0;
        for (var rule : rules.of(accountId)) {
            if (rule.afterDays() != null) {
                var some = stays.leaving(rule.mailbox().key(), until, MOST_LISTED);
                unlisted += stays.countLeaving(rule.mailbox().key(), until) - some.size();
                leaving.addAll(stillThere(rule, some));
            }
        }
        leaving.sort(Comparator.comparing(Leaving::at).thenComparingLong(Leaving::id));
        var first = leaving.subList(0, Math.min(leaving.size(), MOST_LISTED));
        return new Foreseen(first, leaving.size() + Math.max(unlisted, 0));
    }

    private List<Leaving> stillThere(Rule rule, List<Leaving> leaving) {
        var key = rule.mailbox().key();
        var standing = places.standing(
                key.accountId(), leaving.stream().map(Leaving::id).toList());
        return leaving.stream()
                .filter(one -> {
                    var message = standing.get(one.id());
                    return message != null && message.mailbox().equals(key) && !rule.keeps(message.keywords());
                })
                .toList();
    }

    /** Those that a rule took to Trash and that are still there, the last to go first. */
    List<Departed> departed(UserId user, long accountId) {
        accounts.requireOwner(user, accountId);
        return inTrash(accountId, departed.list(accountId, MOST_LISTED));
    }

    private List<Departed> inTrash(long accountId, List<Departed> gone) {
        var trash = mailboxes.byRole(accountId, MailboxRole.TRASH).map(Mailbox::key);
        if (trash.isEmpty() || gone.isEmpty()) {
            return List.of();
        }
        var standing =
                places.standing(accountId, gone.stream().map(Departures::id).toList());
        return gone.stream()
                .filter(one -> {
                    var message = standing.get(id(one));
                    return message != null && message.mailbox().equals(trash.get());
                })
                .toList();
    }

    /** Brings messages back to where they were. What is not in Trash any more is not found. */
    BulkResult bringBack(UserId user, Collection<String> ids) {
        var failed = new ArrayList<Failure>();
        int changed = 0;
        for (var wanted : owned(user, ids, failed).entrySet()) {
            var back = inTrash(wanted.getKey(), departed.of(wanted.getKey(), wanted.getValue()));
            var found = back.stream().map(Departures::id).collect(Collectors.toSet());
            wanted.getValue().stream()
                    .filter(id -> !found.contains(id))
                    .forEach(id -> failed.add(notFound(new MessageKey(wanted.getKey(), id))));
            for (var group : byHome(back).entrySet()) {
                var result = bringBack(group.getKey(), group.getValue());
                changed += result.changed();
                failed.addAll(result.failed());
            }
        }
        return new BulkResult(changed, List.copyOf(failed));
    }

    private BulkResult bringBack(MailboxKey home, List<Departed> back) {
        var messages = back.stream().map(Departed::message).toList();
        try {
            var result = moves.change(messages, NONE, home);
            var failed = result.failed().stream().map(Failure::id).collect(Collectors.toSet());
            departed.delete(
                    home.accountId(),
                    messages.stream()
                            .filter(message -> !failed.contains(message.toString()))
                            .map(MessageKey::id)
                            .toList());
            return result;
        } catch (ProblemException e) {
            return new BulkResult(
                    0,
                    messages.stream()
                            .map(message -> Failure.of(message.toString(), e.problem()))
                            .toList());
        }
    }

    private Map<MailboxKey, List<Departed>> byHome(List<Departed> back) {
        var homes = new HashMap<MailboxKey, MailboxKey>();
        return back.stream()
                .collect(Collectors.groupingBy(one -> homes.computeIfAbsent(one.mailbox(), key -> home(one))));
    }

    /** Where it was; INBOX if that is gone. */
    private MailboxKey home(Departed one) {
        long account = one.message().accountId();
        return mailboxes
                .find(one.mailbox())
                .or(() -> mailboxes.byName(account, one.remoteName()))
                .filter(Mailbox::selectable)
                .or(() -> mailboxes.byRole(account, MailboxRole.INBOX))
                .orElseThrow(() -> new ProblemException(Problem.OPERATION_NOT_SUPPORTED, "There is no inbox."))
                .key();
    }

    private Map<Long, Set<Long>> owned(UserId user, Collection<String> ids, List<Failure> failed) {
        var mine = accounts.of(user).stream().map(Account::id).collect(Collectors.toSet());
        var owned = new HashMap<Long, Set<Long>>();
        for (var id : ids) {
            parsed(id)
                    .filter(key -> mine.contains(key.accountId()))
                    .ifPresentOrElse(
                            key -> owned.computeIfAbsent(key.accountId(), account -> new HashSet<>())
                                    .add(key.id()),
                            () -> failed.add(Failure.of(id, Problem.NOT_FOUND)));
        }
        return owned;
    }

    private static Optional<MessageKey> parsed(String id) {
        try {
            return Optional.of(MessageKey.parse(id));
        } catch (ProblemException none) {
            return Optional.empty();
        }
    }

    private static Failure notFound(MessageKey key) {
        return Failure.of(key.toString(), Problem.NOT_FOUND);
    }

    private static long id(Departed one) {
        return one.message().id();
    }
}
