package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/** Ids of messages at a provider, possibly a million of them: eight octets each. Grows at its end only. */
final class RemoteIds extends AbstractList<RemoteId> implements RandomAccess {
    private long[] ids = new long[16];
    private int size;

    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    @Override
    public boolean add(RemoteId id) {
        add(id.value());
        return true;
    }

    @Override
    public RemoteId get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return new RemoteId(ids[index]);
    }

    @Override
    public int size() {
        return size;
    }
}
