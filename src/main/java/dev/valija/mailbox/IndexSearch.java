package dev.valija.mailbox;

import dev.valija.mailbox.SearchQueries.Hit;
import dev.valija.mailbox.SearchQueries.Stretch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds messages in the index, the newest first, at a cost that goes by the page. What is common is met soon when one
 * looks at the newest messages; what is rare is found by an index and put in order. Which it is, an index of marks or
 * sizes tells, and of words the first messages looked at.
 */
@Component
class IndexSearch {
    static final Comparator<MessageRow> NEWEST_FIRST = Comparator.comparing(
                    (MessageRow row) -> row.summary().receivedAt())
            .thenComparingLong(row -> row.key().id())
            .reversed();

    /** Messages looked at before anything is known of a query: some milliseconds. */
    private static final int FIRST_LOOK = 2_000;

    private static final int LONGEST_LOOK = 16_000;
    /** So many messages found by an index can be looked at one by one. */
    private static final int FEW = 3_000;
    /** What a message found by an index costs, somewhere in the table, in messages looked at one after the other. */
    private static final int FOUND_COST = 10;

    /** Hits are spread unevenly. */
    private static final double MARGIN = 1.25;

    private static final int MOST_TRIES = 3;

    private final SearchQueries queries;

    IndexSearch(SearchQueries queries) {
        this.queries = queries;
    }

    /**
     * Hits in one account, newest first.
     *
     * @param messages about how many the account holds
     */
    List<MessageRow> find(SearchCondition condition, int messages, Position.@Nullable After after, int limit) {
        for (int tries = 0; ; tries++) {
            var hits = new Search(condition, messages, after, limit).run();
            var rows = rows(condition.account(), hits);
            // A message that went between the two questions must not make a page look like the last one.
            if (rows.size() == hits.size() || tries == MOST_TRIES) {
                return rows;
            }
        }
    }

    /** Those of these messages that are hits, newest first. */
    List<MessageRow> among(SearchCondition condition, Collection<Long> ids) {
        return ids.isEmpty() ? List.of() : rows(condition.account(), queries.among(condition, ids));
    }

    private List<MessageRow> rows(long account, List<Hit> hits) {
        return queries.rows(account, hits).stream().sorted(NEWEST_FIRST).toList();
    }

    private final class Search {
        private final SearchCondition condition;
        private final int messages;
        private final int limit;
        private final Stretch all;
        private final List<Hit> hits = new ArrayList<>();
        private int looked;
        private int holdWords;

        Search(SearchCondition condition, int messages, Position.@Nullable After after, int limit) {
            this.condition = condition;
            this.messages = messages;
            this.limit = limit;
            this.all = new Stretch(condition.from(), condition.before(), after);
        }

        List<Hit> run() {
            var byRarity = byRarity();
            if (byRarity != null) {
                return byRarity;
            }
            var rest = all;
            for (int count = FIRST_LOOK; ; count = next(count)) {
                var from = queries.timeOf(condition, rest, count).orElse(null);
                var stretch = from == null ? rest : new Stretch(from, rest.before(), rest.after());
                hits.addAll(queries.among(condition, stretch, limit - hits.size()));
                if (from == null || hits.size() >= limit) {
                    return hits;
                }
                looked += count;
                if (!goesOnWell() && !condition.words().isEmpty() && wordsAreRare(stretch)) {
                    return queries.holdingWords(condition, all, limit);
                }
                rest = new Stretch(rest.from(), from, rest.after());
            }
        }

        private @Nullable List<Hit> byRarity() {
            for (var rarity : condition.rarities()) {
                if (queries.isRare(condition, rarity, FEW)) {
                    return queries.among(condition, rarity, all, limit);
                }
            }
            return null;
        }

        /** Whether the page will be full before another way could get anywhere. */
        private boolean goesOnWell() {
            return toLookAt() <= FEW;
        }

        private boolean wordsAreRare(Stretch stretch) {
            holdWords += queries.countHoldingWords(condition, stretch);
            return (double) holdWords / looked * messages * FOUND_COST < Math.min(toLookAt(), messages);
        }

        /** Twice as many, or as many as will do and some more. */
        private int next(int count) {
            double enough = hits.isEmpty() ? 2.0 * count : toLookAt() * MARGIN;
            return (int) Math.clamp(enough, FIRST_LOOK, LONGEST_LOOK);
        }

        /** How many more messages have to be looked at if it goes on as it did. */
        private double toLookAt() {
            return hits.isEmpty() ? Double.MAX_VALUE : (limit - hits.size()) * (double) looked / hits.size();
        }
    }
}
