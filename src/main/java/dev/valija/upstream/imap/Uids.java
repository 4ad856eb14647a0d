package dev.valija.upstream.imap;

import dev.valija.upstream.RemoteId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/** UIDs, their sets on the wire (RFC 9051 9 sequence-set), and how they are told to the outside. */
final class Uids {
    /** Exchange and others refuse lines past 8,000 octets or so. */
    private static final int LONGEST_SET = 7_000;

    private static final long HIGHEST = 0xffff_ffffL;

    private Uids() {}

    static RemoteId id(long validity, long uid) {
        return new RemoteId(validity << 32 | uid);
    }

    static long uid(RemoteId id) {
        return id.value() & 0xffff_ffffL;
    }

    static long validity(RemoteId id) {
        return id.value() >>> 32;
    }

    /** The UIDs of those ids that belong to this UIDVALIDITY, ascending; all others are gone for good. */
    static long[] of(Collection<RemoteId> ids, long validity) {
        return ids.stream()
                .filter(id -> validity(id) == validity && uid(id) > 0)
                .mapToLong(Uids::uid)
                .sorted()
                .distinct()
                .toArray();
    }

    /** Sequence sets for these ascending UIDs, each fit for one command line. */
    static List<String> sets(long[] uids) {
        var sets = new ArrayList<String>();
        var set = new StringBuilder();
        for (int i = 0; i < uids.length; ) {
            int last = i;
            while (last + 1 < uids.length && uids[last + 1] == uids[last] + 1) {
                last++;
            }
            if (set.length() > LONGEST_SET) {
                sets.add(set.toString());
                set.setLength(0);
            }
            set.append(set.isEmpty() ? "" : ",").append(uids[i]);
            if (last > i) {
                set.append(':').append(uids[last]);
            }
            i = last + 1;
        }
        if (!set.isEmpty()) {
            sets.add(set.toString());
        }
        return sets;
    }

    /** The same as one set; for few UIDs only. */
    static String set(long... uids) {
        return String.join(",", sets(uids));
    }

    /** Whether a server may number so: RFC 9051 9 nz-number, for UIDs and UIDVALIDITY. */
    static boolean isNumber(long number) {
        return number > 0 && number <= HIGHEST;
    }

    /** How many a set holds. */
    static long count(String set) {
        long[] count = {0};
        ranges(set, (from, to) -> count[0] += Math.abs(to - from) + 1);
        return count[0];
    }

    /** The UIDs of a set in the set's own order; more than so many are no honest answer. */
    static long[] list(String set, int most) {
        long count = count(set);
        if (count > most) {
            throw Tokens.malformed();
        }
        var uids = new long[(int) count];
        int[] size = {0};
        forEach(set, uid -> uids[size[0]++] = uid);
        return uids;
    }

    /** Shows each of a set, which may be four thousand millions: see {@link #count} first. */
    static void forEach(String set, LongConsumer use) {
        ranges(set, (from, to) -> {
            long step = from <= to ? 1 : -1;
            for (long uid = from; uid != to + step; uid += step) {
                use.accept(uid);
            }
        });
    }

    private interface Range {
        void from(long first, long last);
    }

    private static void ranges(String set, Range each) {
        for (int start = 0; start <= set.length(); ) {
            int comma = set.indexOf(',', start);
            int end = comma < 0 ? set.length() : comma;
            int colon = set.indexOf(':', start, end);
            boolean single = colon < 0;
            long first = number(set, start, single ? end : colon);
            each.from(first, single ? first : number(set, colon + 1, end));
            start = end + 1;
        }
    }

    private static long number(String set, int from, int to) {
        long number = 0;
        for (int i = from; i < to && number <= HIGHEST; i++) {
            int digit = set.charAt(i) - '0';
            number = digit >= 0 && digit <= 9 ? number * 10 + digit : Long.MAX_VALUE;
        }
        if (!isNumber(number)) {
            throw Tokens.malformed();
        }
        return number;
    }
}
