package dev.valija.mailbox;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of work by key, one at a time. Whoever asks gets a run that began after they asked; all who ask while
 * one runs share the next.
 */
final class SingleFlight<K> {
    private final Map<K, Flights> flights = new HashMap<>();

    private static final class Flights {
        @Nullable
        CompletableFuture<Void> running;

        @Nullable
        CompletableFuture<Void> waiting;
    }

    /** Returns when the run has ended; fails as it failed. */
    void run(K key, Runnable work) {
        CompletableFuture<Void> mine;
        CompletableFuture<Void> before;
        synchronized (flights) {
            var flight = flights.computeIfAbsent(key, k -> new Flights());
            if (flight.waiting != null) {
                mine = flight.waiting;
                before = null;
            } else {
                mine = new CompletableFuture<>();
                before = flight.running == null ? CompletableFuture.completedFuture(null) : flight.running;
                flight.waiting = mine;
            }
        }
        if (before == null) {
            join(mine);
            return;
        }
        before.handle((done, failure) -> null).join();
        begin(key, mine);
        try {
            work.run();
            end(key, mine);
            mine.complete(null);
        } catch (RuntimeException | Error e) {
            end(key, mine);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private void begin(K key, CompletableFuture<Void> mine) {
        synchronized (flights) {
            var flight = flights.computeIfAbsent(key, k -> new Flights());
            flight.running = mine;
            flight.waiting = null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very run, not one like it
    private void end(K key, CompletableFuture<Void> mine) {
        synchronized (flights) {
            var flight = flights.get(key);
            if (flight != null && flight.running == mine) {
                flight.running = null;
                if (flight.waiting == null) {
                    flights.remove(key);
                }
            }
        }
    }

    private static void join(CompletableFuture<Void> run) {
        try {
            run.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
