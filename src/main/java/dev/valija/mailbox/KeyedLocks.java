package dev.valija.mailbox;

import java.util.Arrays;
import java.util.Map;
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

    @SafeVarargs
    final <T> T holding(Supplier<T> work, K... keys) {
        var sorted = keys.clone();
        Arrays.sort(sorted);
        return holding(work, sorted, 0);
    }

    private <T> T holding(Supplier<T> work, K[] keys, int from) {
        if (from == keys.length) {
            return work.get();
        }
        var key = keys[from];
        var held = locks.compute(key, (k, known) -> {
            var lock = known == null ? new Held() : known;
            lock.wanted++;
            return lock;
        });
        try {
            held.lock.lock();
            try {
                return holding(work, keys, from + 1);
            } finally {
                held.lock.unlock();
            }
        } finally {
            locks.computeIfPresent(key, (k, known) -> --known.wanted == 0 ? null : known);
        }
    }
}
