package dev.valija.mailbox;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Locks by key, there only while somebody wants them. Several are taken in the order of the keys, so that no two
 * holders wait for each other. Taken before a connection is borrowed, never while one is held.
 */
final class KeyedLocks<K extends Comparable<K>> {
    private final Map<K, Held> locks = new ConcurrentHashMap<>();

    private static final class Held {
        final ReentrantLock lock = new ReentrantLock(true);
        int wanted;
    }

    <T> T holding(Collection<K> keys, Supplier<T> work) {
        return holding(new ArrayDeque<>(new TreeSet<>(keys)), work);
    }

    private <T> T holding(Deque<K> keys, Supplier<T> work) {
        var key = keys.poll();
        if (key == null) {
            return work.get();
        }
        var held = locks.compute(key, (k, known) -> {
            var lock = known == null ? new Held() : known;
            lock.wanted++;
            return lock;
        });
        try {
            held.lock.lock();
            try {
                return holding(keys, work);
            } finally {
                held.lock.unlock();
            }
        } finally {
            locks.computeIfPresent(key, (k, known) -> --known.wanted == 0 ? null : known);
        }
    }
}
