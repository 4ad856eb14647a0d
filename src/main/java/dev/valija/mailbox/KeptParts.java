package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.message.FileType;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Decoded parts that somebody reads in stretches, for ten minutes. Players ask for many, and hang up in the midst of
 * most: each would cost a connection to the provider, and where its octets are can be told of an encoded part only by
 * decoding what stands before. Whatever was kept by an earlier run is noise, its keys being gone, and is removed.
 */
@Component
class KeptParts {
    private static final Logger log = LoggerFactory.getLogger(KeptParts.class);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int AT_ONCE = 8;

    private final Path home;
    private final long largest;
    private final Parts parts;
    private final Semaphore filling = new Semaphore(AT_ONCE);
    private final AsyncCache<String, KeptPart> kept;

    KeptParts(AttachmentCacheProperties properties, Parts parts) {
        this.home = properties.dataDir().resolve("parts");
        this.largest = properties.attachmentCacheBytes() / 4;
        this.parts = parts;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(properties.attachmentCacheBytes() >> 10)
                .weigher((String tag, KeptPart part) -> (int) (part.size() >> 10) + 1)
                .expireAfterAccess(KEPT)
                .scheduler(Scheduler.systemScheduler())
                .evictionListener(KeptParts::removed)
                .buildAsync();
    }

    /** What is there already. */
    Optional<KeptPart> find(FoundPart found) {
        var there = kept.getIfPresent(found.tag());
        return there == null || !there.isDone() || there.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(there.join());
    }

    /** Whether it is not too large to be kept. */
    boolean takes(FoundPart found) {
        return largest > 0 && found.part().size() <= largest;
    }

    /** Fetches all of it, unless it is there; who asks for the same meanwhile waits for the same. */
    KeptPart fetch(FoundPart found) {
        var part = kept.get(found.tag(), (tag, executor) -> filled(found));
        try {
            return part.join();
        } catch (CompletionException e) {
            // The cache does so too, a moment later: who asks again at once would get the same failure.
            kept.asMap().remove(found.tag(), part);
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private CompletableFuture<KeptPart> filled(FoundPart found) {
        var filled = new CompletableFuture<KeptPart>();
        Thread.ofVirtual().name("part").start(() -> {
            try {
                filling.acquire();
                try {
                    filled.complete(fill(found));
                } finally {
                    filling.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                filled.completeExceptionally(new ProblemException(Problem.UNAVAILABLE, "Try again in a moment."));
            } catch (IOException e) {
                filled.completeExceptionally(new UncheckedIOException(e));
            } catch (RuntimeException e) {
                filled.completeExceptionally(e);
            }
        });
        return filled;
    }

    private KeptPart fill(FoundPart found) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(home, owner);
        var file = Files.createTempFile(
                home, "", ".part", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var key = newKey();
        var first = new FirstOctets(FileType.OCTETS);
        var counting = new Counting(KeptPart.writing(file, key), first, largest);
        boolean whole = false;
        try {
            try (counting) {
                parts.write(found, counting);
            }
            whole = true;
            return new KeptPart(file, key, counting.count, first.toByteArray());
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Servers may send more than they said. */
    private static final class Counting extends OutputStream {
        private final OutputStream out;
        private final OutputStream first;
        private final long most;
        private long count;

        Counting(OutputStream out, OutputStream first, long most) {
            this.out = out;
            this.first = first;
            this.most = most;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            count += length;
            if (count > most) {
                throw new IOException("a part is larger than the mail server said");
            }
            first.write(octets, from, length);
            out.write(octets, from, length);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static SecretKey newKey() {
        try {
            var generator = KeyGenerator.getInstance("AES");
            generator.init(256);
            return generator.generateKey();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static void removed(@Nullable String tag, @Nullable KeptPart part, RemovalCause cause) {
        if (part != null) {
            try {
                part.remove();
            } catch (IOException e) {
                log.warn("a kept part cannot be removed", e);
            }
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        Freshness.later("removal of kept parts", () -> {
            try {
                FileSystemUtils.deleteRecursively(home);
            } catch (IOException e) {
                log.warn("parts kept by an earlier run cannot be removed", e);
            }
        });
    }
}
