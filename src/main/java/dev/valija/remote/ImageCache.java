package dev.valija.remote;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.account.UserId;
import dev.valija.message.ImageHeader;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Https;
import dev.valija.upstream.WebAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Fetches remote images, each once for all who wait for it, and keeps them in memory for a while. By user: that an image
 * comes at once must not tell one reader what another has seen.
 */
@Component
class ImageCache {
    private static final Logger log = LoggerFactory.getLogger(ImageCache.class);
    private static final String ACCEPT = "image/webp,image/png,image/jpeg,image/gif";
    private static final int LARGEST = 5 << 20;
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration MISSED = Duration.ofMinutes(1);

    /** Of 5 MB each: what may be on its way at once, in all and for one reader of slow servers. */
    private static final int AT_ONCE = 16;

    private static final int AT_ONCE_FOR_ONE = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Https https;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore all = new Semaphore(AT_ONCE);
    private final Cache<UserId, Semaphore> byUser =
            Caffeine.newBuilder().weakValues().build();
    private final AsyncCache<Key, Fetched> kept;

    ImageCache(Https https, ImageCacheProperties properties) {
        this.https = https;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(properties.imageCacheBytes())
                .weigher((Key key, Fetched fetched) -> fetched.weight())
                .expireAfter(Expiry.creating((Key key, Fetched fetched) -> fetched.kept()))
                .scheduler(Scheduler.systemScheduler())
                .executor(threads)
                .buildAsync();
    }

    private record Key(UserId user, WebAddress image) {}

    /** What came of it. */
    sealed interface Fetched {
        int weight();

        Duration kept();
    }

    /** An image that may be shown. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Image(String type, byte[] octets) implements Fetched {
        @Override
        public int weight() {
            return 500 + octets.length;
        }

        @Override
        public Duration kept() {
            return KEPT;
        }
    }

    /** There is none, or none that we would show. */
    record Missing() implements Fetched {
        @Override
        public int weight() {
            return 500;
        }

        @Override
        public Duration kept() {
            return MISSED;
        }
    }

    /** Waits for it. */
    Fetched get(UserId user, WebAddress image) {
        return kept.get(
                        new Key(user, image),
                        (key, executor) -> CompletableFuture.supplyAsync(() -> inTurn(key), executor))
                .join();
    }

    private Fetched inTurn(Key key) {
        var own = byUser.get(key.user(), user -> new Semaphore(AT_ONCE_FOR_ONE));
        try {
            if (!own.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Missing();
            }
            try {
                if (!all.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return new Missing();
                }
                try {
                    return fetch(key.image());
                } finally {
                    all.release();
                }
            } finally {
                own.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Missing();
        }
    }

    private Fetched fetch(WebAddress image) {
        try {
            var answer = https.get(image, ACCEPT, LARGEST);
            return answer.status() == 200
                    ? ImageHeader.read(answer.body())
                            .filter(header -> !header.isVast())
                            .<Fetched>map(header -> new Image(header.type(), answer.body()))
                            .orElseGet(Missing::new)
                    : new Missing();
        } catch (ProblemException e) {
            // Which image it was is nobody's business, not even of a log.
            log.debug("a remote image cannot be had: {}", e.problem());
            return new Missing();
        }
    }
}
