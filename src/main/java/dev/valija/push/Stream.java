package dev.valija.push;

import dev.valija.account.SignedIn;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One open event stream. Its thread reads the change log from where the client is and writes; others only wake it. So
 * there is no gap and no double between replay and live, nothing queues up for a slow reader, and a dead one keeps
 * nobody waiting but itself.
 */
final class Stream {
    private static final Logger log = LoggerFactory.getLogger(Stream.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ROWS = 200;
    private static final int PASSING = 200;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SignedIn signedIn;
    private final SseEmitter emitter;
    private final ChangeLog changes;
    private final Audience audience;
    private final Duration heartbeat;
    private final Thread thread;
    private final @Nullable Long since;
    private long sent;
    private Runnable atEnd = () -> {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean changed = true;
    private boolean closed;
    private Map<String, News.Passing> passing = new LinkedHashMap<>();

    Stream(
            SignedIn signedIn,
            @Nullable Long since,
            SseEmitter emitter,
            ChangeLog changes,
            Audience audience,
            Duration heartbeat) {
        this.signedIn = signedIn;
        this.since = since;
        this.emitter = emitter;
        this.changes = changes;
        this.audience = audience;
        this.heartbeat = heartbeat;
        this.thread = Thread.ofVirtual().name("events-" + signedIn.user()).unstarted(this::run);
    }

    long signInId() {
        return signedIn.signInId();
    }

    void start(Runnable whenEnded) {
        atEnd = whenEnded;
        thread.start();
    }

    /** There is something new in the log, perhaps. */
    void wake() {
        signal(() -> changed = true);
    }

    /** News that a client may miss: only the latest of the same is kept, and not of endlessly many. */
    void pass(News.Passing news) {
        signal(() -> {
            if (passing.size() < PASSING || passing.containsKey(news.about())) {
                passing.put(news.about(), news);
            }
        });
    }

    void close() {
        signal(() -> closed = true);
    }

    /** Waits for a closed stream to end; one stuck in writing is cut off. */
    void join(Duration patience) {
        try {
            if (!thread.join(patience)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            begin();
            work();
            emitter.send(SseEmitter.event().reconnectTime(jitter()));
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            log.debug("The reader of a stream is gone", e);
            emitter.completeWithError(e); // without this Jetty keeps the dead client's memory
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            emitter.completeWithError(e);
        } catch (RuntimeException e) {
            log.error("A stream ended by a fault of ours", e);
            emitter.completeWithError(e);
        } finally {
            atEnd.run();
        }
    }

    private void begin() throws IOException, InterruptedException {
        var head = retried(() -> changes.head(signedIn.user()));
        var hello = SseEmitter.event().reconnectTime(jitter()).comment("valija");
        if (since == null) {
            sent = head.last();
            emitter.send(hello.id(Long.toString(sent))); // no event, but the client knows where it is
        } else {
            sent = since;
            emitter.send(hello);
        }
    }

    private void work() throws IOException, InterruptedException {
        var nextBeat = System.nanoTime() + heartbeat.toNanos();
        audience.present(signedIn.user());
        while (true) {
            Map<String, News.Passing> news;
            boolean read;
            lock.lock();
            try {
                var left = nextBeat - System.nanoTime();
                while (!closed && !changed && passing.isEmpty() && left > 0) {
                    left = woken.awaitNanos(left);
                }
                if (closed) {
                    return;
                }
                read = changed;
                changed = false;
                news = passing;
                passing = new LinkedHashMap<>();
            } finally {
                lock.unlock();
            }
            if (read) {
                catchUp();
            }
            for (var each : news.values()) {
                emitter.send(SseEmitter.event()
                        .name(each.event())
                        .data(JSON.writeValueAsString(each), MediaType.TEXT_PLAIN));
            }
            if (System.nanoTime() >= nextBeat) {
                if (!audience.mayListen(signedIn)) {
                    return;
                }
                emitter.send(SseEmitter.event().comment(""));
                audience.present(signedIn.user());
                nextBeat = System.nanoTime() + heartbeat.toNanos();
            }
        }
    }

    private void catchUp() throws IOException, InterruptedException {
        List<ChangeLog.Entry> entries;
        do {
            entries = retried(() -> changes.after(signedIn.user(), sent, ROWS));
            // After the rows: had they been trimmed while we read, we would see it here.
            var head = retried(() -> changes.head(signedIn.user()));
            if (!head.reaches(sent)) {
                sent = head.last();
                emitter.send(
                        SseEmitter.event().id(Long.toString(sent)).name("reset").data("{}", MediaType.TEXT_PLAIN));
                return;
            }
            for (var entry : entries) {
                emitter.send(SseEmitter.event()
                        .id(Long.toString(entry.seq()))
                        .name(entry.event())
                        .data(entry.data(), MediaType.TEXT_PLAIN));
                sent = entry.seq();
            }
        } while (entries.size() == ROWS && !isClosed());
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** While the database is away the stream stays, and goes on from where it was. */
    private <T> T retried(java.util.function.Supplier<T> query) throws IOException, InterruptedException {
        while (true) {
            try {
                return query.get();
            } catch (DataAccessException e) {
                log.debug("The change log cannot be read", e);
                if (isClosed()) {
                    throw new IOException("closed while the database was away", e);
                }
                emitter.send(SseEmitter.event().comment(""));
                TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            }
        }
    }

    /** Spreads the return of many clients. */
    private static long jitter() {
        return ThreadLocalRandom.current().nextLong(1_000, 4_000);
    }
}
