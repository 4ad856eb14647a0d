package dev.valija.upstream.imap;

import dev.valija.upstream.RemoteId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/** UIDs, their sets on the wire (RFC 9051 9 sequence-set), and how they are told to the outside. */
final class Uids {
    /** Exchange and others refuse lines past 8,000 octets or so. */
    private static final int LONGEST_SET = 7_000;

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

    /** How many a set holds. */
    static long count(String set) {
        long count = 0;
        for (String range : set.split(",", -1)) {
            count += Math.abs(last(range) - first(range)) + 1;
        }
        return count;
    }

    /** The UIDs of a set in the set's own order; more than so many are no honest answer. */
    static long[] list(String set, int most) {
        if (count(set) > most) {
            throw Tokens.malformed();
        }
        var uids = LongStream.builder();
        for (String range : set.split(",", -1)) {
            long from = first(range);
            long to = last(range);
            long step = from <= to ? 1 : -1;
            for (long uid = from; uid != to + step; uid += step) {
                uids.add(uid);
            }
        }
        return uids.build().toArray();
    }

    private static long first(String range) {
        int colon = range.indexOf(':');
        return number(colon < 0 ? range : range.substring(0, colon));
    }

    private static long last(String range) {
        return number(range.substring(range.indexOf(':') + 1));
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw Tokens.malformed();
        }
    }
}
