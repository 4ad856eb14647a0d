package dev.valija.snooze;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Standing;
import dev.valija.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The messages that a request means, some at a time. */
@Component
class Selection {
    /** So many for which a lease is long enough. */
    static final int CHUNK = 500;

    private final Accounts accounts;
    private final MessagePlaces places;

    Selection(Accounts accounts, MessagePlaces places) {
        this.accounts = accounts;
        this.places = places;
    }

    /** Does it to the user's messages among these, those of one account at a time. */
    BulkResult each(UserId user, Collection<String> ids, BiConsumer<List<Standing>, Tally> work) {
        var tally = new Tally();
        owned(user, ids, tally).forEach((account, numbers) -> {
            for (int from = 0; from < numbers.size(); from += CHUNK) {
                var chunk = there(account, numbers.subList(from, Math.min(from + CHUNK, numbers.size())), tally);
                if (!chunk.isEmpty()) {
                    attempt(chunk, tally, work);
                }
            }
        });
        return tally.result();
    }

    /** Where messages are now, by our numbers. */
    Map<Long, Standing> standing(long account, Collection<Long> numbers) {
        return places.standing(account, numbers);
    }

    /** In one order, so that of two who want the same one waits for the other. */
    private List<Standing> there(long account, List<Long> numbers, Tally tally) {
        var there = places.standing(account, numbers);
        tally.missing(numbers.stream()
                .filter(id -> !there.containsKey(id))
                .map(id -> new MessageKey(account, id).toString())
                .toList());
        return there.values().stream()
                .sorted(Comparator.comparingLong(standing -> standing.key().id()))
                .toList();
    }

    private static void attempt(List<Standing> chunk, Tally tally, BiConsumer<List<Standing>, Tally> work) {
        try {
            work.accept(chunk, tally);
        } catch (ProblemException e) {
            tally.failed(
                    chunk.stream().map(standing -> standing.key().toString()).toList(), e);
        }
    }

    private Map<Long, List<Long>> owned(UserId user, Collection<String> ids, Tally tally) {
        var mine = accounts.of(user).stream().map(Account::id).collect(Collectors.toSet());
        var owned = new TreeMap<Long, List<Long>>();
        for (var id : ids) {
            try {
                var key = MessageKey.parse(id);
                if (mine.contains(key.accountId())) {
                    owned.computeIfAbsent(key.accountId(), account -> new ArrayList<>())
                            .add(key.id());
                    continue;
                }
            } catch (ProblemException none) {
                // It names nothing.
            }
            tally.missing(List.of(id));
        }
        return owned;
    }
}
