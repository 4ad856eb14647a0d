package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Chunks on their way into the index: while the database takes one, the next is made ready, and the one after that is
 * asked of the provider. One question at a time, so that a single connection is busy with it; none after one that failed.
 */
final class FetchAhead<T> {
    private static final int AHEAD = 3;

    private final List<RemoteId> wanted;
    private final int chunk;
    private final Function<List<RemoteId>, T> fetch;
    private final UnaryOperator<T> prepare;
    private final Deque<CompletableFuture<T>> chunks = new ArrayDeque<>();
    private CompletableFuture<?> asked = CompletableFuture.completedFuture(null);
    private int from;

    FetchAhead(List<RemoteId> wanted, int chunk, Function<List<RemoteId>, T> fetch, UnaryOperator<T> prepare) {
        this.wanted = wanted;
        this.chunk = chunk;
        this.fetch = fetch;
        this.prepare = prepare;
    }

    /** Whether there are chunks on their way or yet to be asked for. */
    boolean hasMore() {
        return isUnderWay() || from < wanted.size();
    }

    boolean isUnderWay() {
        return !chunks.isEmpty();
    }

    /** Asks for as many chunks as may be on their way. Returns at once. */
    void ask() {
        while (chunks.size() < AHEAD && from < wanted.size()) {
            var ids = wanted.subList(from, Math.min(from + chunk, wanted.size()));
            from += ids.size();
            var fetched = asked.thenApplyAsync(before -> fetch.apply(ids), Thread::startVirtualThread);
            asked = fetched;
            chunks.add(fetched.thenApplyAsync(prepare, Thread::startVirtualThread));
        }
    }

    /** Waits until nothing is under way any more, whatever came of it. */
    void drop() {
        from = wanted.size();
        chunks.forEach(chunk -> chunk.handle((done, failure) -> done).join());
        chunks.clear();
    }

    /** Waits for the first of those on their way. */
    T next() {
        try {
            return chunks.removeFirst().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
