package dev.valija.upstream;

import dev.valija.message.Keyword;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The messages of a whole mailbox with their keywords, oldest first. Held as two arrays of numbers, since a mailbox may
 * have a million messages: twelve octets each.
 */
public final class Listing extends AbstractList<Changes.Entry> implements RandomAccess {
    private static final int LEFT_OUT = -1;

    private final long[] ids;
    private final int[] keywords;
    private final List<Set<Keyword>> sets;

    private Listing(long[] ids, int[] keywords, List<Set<Keyword>> sets) {
        this.ids = ids;
        this.keywords = keywords;
        this.sets = sets;
    }

    @Override
    public Changes.Entry get(int index) {
        return new Changes.Entry(new RemoteId(ids[index]), sets.get(keywords[index]));
    }

    @Override
    public int size() {
        return ids.length;
    }

    /** Takes messages as a server tells of them; what it tells last of a message counts. */
    public static final class Builder {
        private final Map<Set<Keyword>, Integer> numbers = new HashMap<>();
        private final List<Set<Keyword>> sets = new ArrayList<>();
        private long[] ids = new long[1024];
        private int[] keywords = new int[1024];
        private int size;
        private boolean ascending = true;

        public void add(RemoteId id, Set<Keyword> its) {
            var number = numbers.get(its);
            if (number == null) {
                number = sets.size();
                var kept = Set.copyOf(its);
                sets.add(kept);
                numbers.put(kept, number);
            }
            put(id, number);
        }

        /** The message is there and not to be listed. */
        public void leaveOut(RemoteId id) {
            put(id, LEFT_OUT);
        }

        /** Messages told so far; one told twice may count twice. */
        public int told() {
            return size;
        }

        /** How many different sets of keywords have been told. */
        public int keywordSets() {
            return sets.size();
        }

        private void put(RemoteId id, int number) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
                keywords = Arrays.copyOf(keywords, size * 2);
            }
            ascending &= size == 0 || id.value() > ids[size - 1];
            ids[size] = id.value();
            keywords[size++] = number;
        }

        /** What was told. The builder is of no use afterwards. */
        public Listing build() {
            if (!ascending) {
                sort();
            }
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (keywords[i] != LEFT_OUT) {
                    ids[kept] = ids[i];
                    keywords[kept++] = keywords[i];
                }
            }
            return new Listing(Arrays.copyOf(ids, kept), Arrays.copyOf(keywords, kept), sets);
        }

        /** Rare: most servers tell in order, and each message once. */
        private void sort() {
            var order = IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.comparingLong((Integer i) -> ids[i]))
                    .toList();
            var sorted = new long[size];
            var sortedKeywords = new int[size];
            int distinct = 0;
            for (int i : order) {
                if (distinct > 0 && sorted[distinct - 1] == ids[i]) {
                    distinct--;
                }
                sorted[distinct] = ids[i];
                sortedKeywords[distinct++] = keywords[i];
            }
            ids = sorted;
            keywords = sortedKeywords;
            size = distinct;
            ascending = true;
        }
    }
}
