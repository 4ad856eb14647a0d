package dev.valija.submission;

import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody at the API whose drafts are copied to a provider in memory, and what one does to see that. */
@ApiTest
abstract class DraftCopyCase {
    static final AtomicInteger PEOPLE = new AtomicInteger();
    static final String DRAFTS = "Drafts";

    @Autowired
    Api api;

    @Autowired
    JsonMapper json;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DraftsBehind behind;

    @Autowired
    MirrorLoop loop;

    Visitor visitor;
    FakeMailStore store;

    /** Nobody but the test copies anything. */
    @BeforeEach
    void theLoopRests() {
        loop.stop();
        jdbc.sql("delete from draft_behind").update();
    }

    @BeforeEach
    void someone() {
        var name = "mirrored" + PEOPLE.incrementAndGet();
        visitor = api.signedIn(name);
        store = api.upstream().store(Api.address(name));
    }

    /** Everything that is behind has its time now. */
    void mirror() {
        hurry();
        for (var due = behind.take(100); !due.isEmpty(); due = behind.take(100)) {
            due.forEach(loop::work);
        }
    }

    void hurry() {
        jdbc.sql("update draft_behind set due_at = now()").update();
    }

    int behind() {
        return jdbc.sql(
                        "select count(*) from draft_behind where user_id = (select user_id from account where address = ?)")
                .param(address())
                .query(Integer.class)
                .single();
    }

    int copies(String draft) {
        return jdbc.sql("select count(*) from draft_copy where draft_id = ?")
                .param(Long.parseLong(draft))
                .query(Integer.class)
                .single();
    }

    /** In how many seconds it is to be copied. */
    int due(String id) {
        return jdbc.sql("select round(extract(epoch from due_at - now()))::int from draft_behind where draft_id = ?")
                .param(Long.parseLong(id))
                .query(Integer.class)
                .single();
    }

    List<String> subjects() {
        return store.messages(DRAFTS).stream()
                .map(message -> message.envelope().subject())
                .toList();
    }

    RemoteMessage copy() {
        return store.messages(DRAFTS).getFirst();
    }

    String raw() {
        RemoteId id = copy().id();
        return new String(store.bytes(DRAFTS, id), StandardCharsets.UTF_8);
    }

    JsonNode shown() {
        return shown("drafts");
    }

    /** The list of that mailbox, which has one message. */
    JsonNode shown(String role) {
        var mailbox = api.json(visitor.get("/accounts/" + visitor.accountId() + "/mailboxes"))
                .at("/items")
                .valueStream()
                .filter(one -> one.at("/role").asString().equals(role))
                .findFirst()
                .orElseThrow()
                .at("/id")
                .asString();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> api.json(visitor.get("/mailboxes/" + mailbox + "/messages"))
                                .at("/items")
                                .size()
                        == 1);
        return api.json(visitor.get("/mailboxes/" + mailbox + "/messages"));
    }

    int visitorDrafts() {
        return api.json(visitor.get("/drafts")).at("/items").size();
    }

    Map<String, Object> content(String subject) {
        return new HashMap<>(Map.of(
                "accountId",
                visitor.accountId(),
                "from",
                person("me@example.org"),
                "subject",
                subject,
                "html",
                "<p>Text</p>"));
    }

    static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>(Map.of("email", email));
        person.put("name", null);
        return person;
    }

    String create(Map<String, Object> content) throws Exception {
        var made = visitor.send(body(post("/api/v1/drafts"), content).header("Idempotency-Key", UUID.randomUUID()));
        return api.json(made.andExpect(status().isCreated())).at("/id").asString();
    }

    void change(String id, int revision, Object content) throws Exception {
        visitor.send(body(put("/api/v1/drafts/" + id), content).header("If-Match", "\"" + revision + "\""))
                .andExpect(status().isOk());
    }

    void remove(String id, int revision) throws Exception {
        visitor.send(delete("/api/v1/drafts/" + id).header("If-Match", "\"" + revision + "\""))
                .andExpect(status().isNoContent());
    }

    String send(String draft, Map<String, Object> content, int undoSeconds) throws Exception {
        var request = new HashMap<>(content);
        request.remove("accountId");
        request.put("from", person(address()));
        request.put("draftId", draft);
        request.put("undoSeconds", undoSeconds);
        var made =
                visitor.send(body(post("/api/v1/submissions"), request).header("Idempotency-Key", UUID.randomUUID()));
        return api.json(made.andExpect(status().isAccepted())).at("/id").asString();
    }

    String address() {
        return api.json(visitor.get("/session")).at("/accounts/0/address").asString();
    }

    ResultActions goOn(String message) {
        return visitor.send(put("/api/v1/messages/" + message + "/draft"));
    }

    MockHttpServletRequestBuilder body(MockHttpServletRequestBuilder request, Object content) {
        return request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(content));
    }
}
