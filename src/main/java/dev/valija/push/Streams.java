package dev.valija.push;

import dev.valija.account.SignedIn;
import dev.valija.account.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The streams open on this node. Never writes to one itself: each has a thread of its own, so none waits for another. */
@Component
class Streams implements SmartLifecycle {
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ChangeLog log;
    private final Audience audience;
    private final PushProperties properties;
    private final ConcurrentMap<Long, List<Stream>> byUser = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile boolean stopping;

    Streams(ChangeLog log, Audience audience, PushProperties properties) {
        this.log = log;
        this.audience = audience;
        this.properties = properties;
    }

    /** Begins a stream with what came after {@code since}, or with what comes from now on. */
    void open(SignedIn signedIn, @Nullable Long since, SseEmitter emitter) {
        var stream = new Stream(signedIn, since, emitter, log, audience, properties.heartbeat());
        byUser.compute(signedIn.user().value(), (user, open) -> {
            var streams = open == null ? new ArrayList<Stream>() : new ArrayList<>(open);
            streams.add(stream);
            while (streams.size() > properties.streamsPerUser()) {
                streams.removeFirst().close();
            }
            return List.copyOf(streams);
        });
        stream.start(() -> remove(signedIn.user(), stream));
        if (stopping) {
            stream.close();
        }
    }

    void hear(Signal signal) {
        var streams = byUser.getOrDefault(signal.user(), List.of());
        switch (signal) {
            case Signal.Changed changed -> streams.forEach(Stream::wake);
            case Signal.Passing passing -> streams.forEach(stream -> stream.pass(passing.news()));
            case Signal.Present present -> streams.forEach(stream -> stream.pass(present.news()));
            case Signal.Revoked revoked ->
                streams.stream()
                        .filter(stream -> stream.signInId() == revoked.signInId())
                        .forEach(Stream::close);
        }
    }

    void wakeAll() {
        byUser.values().forEach(streams -> streams.forEach(Stream::wake));
    }

    /** How many streams are open on this node. */
    int count() {
        return byUser.values().stream().mapToInt(List::size).sum();
    }

    private void remove(UserId user, Stream gone) {
        byUser.computeIfPresent(user.value(), (id, open) -> {
            var left = open.stream().filter(stream -> stream != gone).toList();
            return left.isEmpty() ? null : left;
        });
    }

    @Override
    public void start() {
        stopping = false;
        running = true;
    }

    /** The web server waits for open answers when it stops, so they end before. */
    @Override
    public void stop() {
        stopping = true;
        running = false;
        var open = byUser.values().stream().flatMap(List::stream).toList();
        open.forEach(Stream::close);
        var end = System.nanoTime() + FAREWELL.toNanos();
        open.forEach(stream -> stream.join(Duration.ofNanos(Math.max(1, end - System.nanoTime()))));
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
