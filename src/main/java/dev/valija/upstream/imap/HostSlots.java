package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Bounds the connections to one host, over all accounts: a provider sees us as one client. */
final class HostSlots {
    private final int perHost;
    private final Map<String, Semaphore> hosts = new ConcurrentHashMap<>();

    HostSlots(int perHost) {
        this.perHost = perHost;
    }

    /**
     * Takes a slot.
     *
     * @param evict ends a connection that waits unused, if there is one
     * @return gives the slot back; to be run once
     */
    Runnable take(String host, Duration patience, BooleanSupplier evict) {
        Semaphore slots = hosts.computeIfAbsent(host.toLowerCase(Locale.ROOT), name -> new Semaphore(perHost));
        try {
            boolean taken = slots.tryAcquire() || (evict.getAsBoolean() && slots.tryAcquire());
            if (!taken && !slots.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UpstreamException.Unavailable(
                        "All connections to this mail server are in use.", Duration.ofSeconds(5), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException.Unavailable("Interrupted while waiting for a connection.", e);
        }
        return slots::release;
    }
}
