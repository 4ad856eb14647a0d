package dev.valija.upstream;

import java.util.Collection;

/**
 * Which messages a mailbox holds, in three numbers: equal sets have equal ones, and sets that differ by one or two
 * messages have surely others. For noticing that an index has drifted, not against malice.
 *
 * @param total how many there are
 * @param sum of their ids, the low 64 bits
 * @param squares the sum of the squares of the low 31 bits of their ids, the low 64 bits
 */
public record Fingerprint(int total, long sum, long squares) {

    public static Fingerprint of(Collection<RemoteId> ids) {
        long sum = 0;
        long squares = 0;
        for (var id : ids) {
            long low = id.value() & 0x7fff_ffffL;
            sum += id.value();
            squares += low * low;
        }
        return new Fingerprint(ids.size(), sum, squares);
    }
}
