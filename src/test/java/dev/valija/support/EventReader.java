package dev.valija.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads an event stream as browsers do, on a thread of its own. */
public final class EventReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> ids = new LinkedBlockingQueue<>();
    private final AtomicInteger comments = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final HttpResponse<java.io.InputStream> response;

    /** One event; the id is the one in force, which an event without an id inherits. */
    public record Event(String id, String name, String data) {}

    /** Opens {@code http://localhost:port/api/v1/events} and waits for the answer to begin. */
    public static EventReader open(int port, String token, String query) {
        return new EventReader(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/events" + query))
                .header("Authorization", "Bearer " + token));
    }

    public EventReader(HttpRequest.Builder request) {
        try {
            response = CLIENT.send(
                    request.header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofVirtual().name("event-reader").start(this::read);
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The next event. */
    public Event next() {
        return take(events, "event");
    }

    /** The next {@code count} events. */
    public List<Event> next(int count) {
        var taken = new ArrayList<Event>();
        while (taken.size() < count) {
            taken.add(next());
        }
        return taken;
    }

    /** The next id, of an event or of none. */
    public String nextId() {
        return take(ids, "id");
    }

    /** Whatever has come and was not taken. */
    public List<Event> rest() {
        var rest = new ArrayList<Event>();
        events.drainTo(rest);
        return rest;
    }

    public int comments() {
        return comments.get();
    }

    /** Whether the server ends the stream within our patience. */
    public boolean ends() {
        try {
            return ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T take(LinkedBlockingQueue<T> queue, String what) {
        try {
            var taken = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError("no " + what + " within " + PATIENCE);
            }
            return taken;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String name = "message";
            var data = new StringBuilder();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.incrementAndGet();
                } else if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                    ids.add(id);
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5).strip());
                } else if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.add(new Event(id, name, data.toString()));
                    }
                    name = "message";
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            // closed by us, or cut by the server: ended either way
        } finally {
            ended.countDown();
        }
    }
}
