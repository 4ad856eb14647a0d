package dev.valija.upstream;

/**
 * A message within one mailbox of a store, for as long as the store calls it so. Opaque: only equality and, within one
 * mailbox, order of arrival mean something.
 */
public record RemoteId(long value) implements Comparable<RemoteId> {
    @Override
    public int compareTo(RemoteId other) {
        return Long.compareUnsigned(value, other.value);
    }
}
