package dev.valija.demo;

import dev.valija.account.DemoSignIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody in a hurry who looks at all their mail over the API, and goes. */
final class RehearsalUser {
    private static final int LISTS = 12;
    /** So many answers may say no at first, and one in ten later: GreenMail breaks down over some of the demo's mail. */
    private static final int SLIPS = 5;

    private static final List<String> SORTS = List.of("-receivedAt", "-sentAt", "subject", "from", "-size", "-unread");
    private static final List<String> SEARCHES =
            List.of("a", "the+meeting", "from:luis", "has:attachment", "body:concert");

    private final String site;
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private String token = "";
    private int asked;
    private int refused;

    RehearsalUser(int port) {
        this.site = "http://localhost:" + port;
    }

    boolean isServed() throws InterruptedException {
        try {
            var ready = request("/actuator/health/readiness").build();
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Everything once, and the account is gone again. */
    void doTheUsual(DemoSignIn person) throws IOException, InterruptedException {
        get("/");
        var signIn = Map.of("name", "rehearsal", "address", person.address(), "password", person.password());
        token = send("POST", "/tokens", signIn).path("token").asString();
        var account = json("/accounts").path("items").path(0).path("id").asString();
        for (var mailbox : json("/accounts/" + account + "/mailboxes").path("items")) {
            lookThrough("/mailboxes/" + mailbox.path("id").asString() + "/messages?limit=50");
        }
        for (var query : SEARCHES) {
            json("/search?q=" + query);
        }
        write(person);
        send(request("/api/v1/accounts/" + account).DELETE());
        token = "";
    }

    private void lookThrough(String list) throws IOException, InterruptedException {
        for (int n = 0; n < LISTS; n++) {
            json(list + "&sort=" + SORTS.get(n % SORTS.size()) + (n % 3 == 0 ? "&view=threads" : ""));
        }
        String cursor = "";
        do {
            var page = json(list + cursor);
            for (var row : page.path("items")) {
                open(row.path("id").asString());
            }
            var next = page.path("next");
            cursor = next.isString() ? "&cursor=" + next.asString() : "";
        } while (!cursor.isEmpty());
    }

    private void open(String id) throws IOException, InterruptedException {
        var page = json("/messages/" + id).path("body").path("html");
        if (page.isString()) {
            get(page.asString());
        }
        for (boolean flagged : List.of(true, false)) {
            send("PATCH", "/messages", Map.of("ids", List.of(id), "keywords", Map.of("$flagged", flagged)));
        }
    }

    private void write(DemoSignIn person) throws IOException, InterruptedException {
        var self = Map.of("email", person.address());
        send(
                "POST",
                "/submissions",
                Map.of("from", self, "to", List.of(self), "subject", "Rehearsal", "text", "Hello"));
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return json.readTree(get("/api/v1" + path));
    }

    private String get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private JsonNode send(String method, String path, Object body) throws IOException, InterruptedException {
        return json.readTree(send(request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .method(method, BodyPublishers.ofString(json.writeValueAsString(body)))));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = client.send(request.build(), BodyHandlers.ofString());
        asked++;
        if (answer.statusCode() >= 400 && ++refused > asked / 10 + SLIPS) {
            throw new IllegalStateException(
                    answer.statusCode() + " from " + answer.uri().getPath());
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(site + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }
}
