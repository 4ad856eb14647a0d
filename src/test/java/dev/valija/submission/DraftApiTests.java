package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class DraftApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    @Autowired
    Api api;

    @Autowired
    JsonMapper json;

    @Autowired
    JdbcClient jdbc;

    private Visitor visitor;
    private String account;

    @BeforeEach
    void someone() {
        visitor = api.signedIn("writer" + PEOPLE.incrementAndGet());
        account = visitor.accountId();
    }

    @Test
    void whatIsWrittenComesBackAsItWas() throws Exception {
        var content = content("Grüße \u202e \ud83d\udc0c", "<p>Hal</p>");
        content.put("to", List.of(person("jo"), person("anna@example.org")));
        content.put("inReplyTo", "1-2");
        content.put("attachments", List.of(Map.of("messageId", "1-2", "partId", "2", "name", "a.pdf", "size", 10)));

        var made = create("k1", content).andExpect(status().isCreated()).andExpect(header().string("ETag", "\"1\""));
        var path = made.andReturn().getResponse().getHeader("Location");
        var read = api.json(visitor.get(path.substring("/api/v1".length())));

        assertThat(read.at("/content/subject").asString()).isEqualTo(content.get("subject"));
        assertThat(read.at("/content/to/0/email").asString()).isEqualTo("jo");
        assertThat(read.at("/content/attachments/0/partId").asString()).isEqualTo("2");
        assertThat(read.at("/content/html").asString()).isEqualTo("<p>Hal</p>");
    }

    @Test
    void theListHasTheLastChangedFirst() throws Exception {
        var first = id(create("a", content("First", "")));
        create("b", content("Second", ""));
        change(first, 1, content("First again", "")).andExpect(status().isOk());

        assertThat(subjects()).containsExactly("First again", "Second");
        visitor.get("/drafts")
                .andExpect(jsonPath("$.items[0].accountId").value(account))
                .andExpect(jsonPath("$.items[0].revision").value(2));
    }

    @Test
    void aRepeatedRequestChangesNothing() throws Exception {
        var id = id(create("same", content("One", "")));
        assertThat(id(create("same", content("One", "")))).isEqualTo(id);

        change(id, 1, content("Two", "")).andExpect(header().string("ETag", "\"2\""));
        change(id, 1, content("Two", "")).andExpect(status().isOk()).andExpect(header().string("ETag", "\"2\""));

        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void aRepeatedRequestIsKnownWhereThereAreAsManyDraftsAsMayBe() throws Exception {
        var id = id(create("last", content("One", "")));
        jdbc.sql("""
                        insert into draft (user_id, account_id, idempotency_key, content, content_hash)
                        select user_id, account_id, 'many ' || n, content, content_hash
                          from draft, generate_series(1, 999) n where id = ?
                        """).param(Long.parseLong(id)).update();

        assertThat(id(create("last", content("One", "")))).isEqualTo(id);
        create("one more", content("One", ""))
                .andExpect(jsonPath("$.type").value("/problems/over-quota"))
                .andExpect(jsonPath("$.detail").value("There are 1,000 drafts already."));
    }

    @Test
    void aKeyTakenByAnotherTextLeadsToItsDraft() throws Exception {
        var id = id(create("reload", content("Before the reload", "")));
        create("reload", content("After the reload", ""))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/idempotency-key-reused"))
                .andExpect(header().string("Location", "/api/v1/drafts/" + id));
        assertThat(subjects()).containsExactly("Before the reload");
    }

    @Test
    void aLostRaceKeepsBothTextsOnce() throws Exception {
        var id = id(create("race", content("Begun", "")));
        change(id, 1, content("On the phone", "")).andExpect(status().isOk());

        String copy = null;
        for (int i = 0; i < 3; i++) {
            var lost = change(id, 1, content("At the desk", ""))
                    .andExpect(status().isConflict())
                    .andExpect(jsonPath("$.type").value("/problems/conflict"));
            var location = lost.andReturn().getResponse().getHeader("Location");
            assertThat(copy == null || copy.equals(location)).isTrue();
            copy = location;
        }

        assertThat(subjects()).containsExactlyInAnyOrder("On the phone", "At the desk");
        visitor.get(copy.substring("/api/v1".length()))
                .andExpect(jsonPath("$.conflictOf").value(id))
                .andExpect(jsonPath("$.content.subject").value("At the desk"));
    }

    @Test
    void whateverManyDevicesWriteAtOnceIsKept() throws Exception {
        var id = id(create("crowd", content("Begun", "")));
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var content = content("Device " + i, "");
                answers.add(threads.submit(
                        () -> change(id, 1, content).andReturn().getResponse().getStatus()));
            }
        }
        int won = 0;
        for (var answer : answers) {
            won += answer.get() == 200 ? 1 : 0;
        }

        assertThat(won).isEqualTo(1);
        assertThat(new HashSet<>(subjects())).hasSize(16);
    }

    @Test
    void onlyWhoKnowsADraftAsItIsMayThrowItAway() throws Exception {
        var id = id(create("gone", content("Begun", "")));
        change(id, 1, content("Changed", "")).andExpect(status().isOk());

        remove(id, 1).andExpect(status().isConflict());
        assertThat(subjects()).containsExactly("Changed");
        remove(id, 2).andExpect(status().isNoContent());
        remove(id, 2).andExpect(status().isNotFound());
        change(id, 2, content("Late", "")).andExpect(status().isNotFound());
    }

    @Test
    void aDraftIsItsWritersAlone() throws Exception {
        var id = id(create("mine", content("Private", "")));
        var other = api.signedIn("otherwriter" + PEOPLE.incrementAndGet());

        other.get("/drafts/" + id).andExpect(status().isNotFound());
        other.send(body(put("/api/v1/drafts/" + id), content("Stolen", "")).header("If-Match", "\"1\""))
                .andExpect(status().isBadRequest()); // the account is not theirs either
        other.send(delete("/api/v1/drafts/" + id).header("If-Match", "\"1\"")).andExpect(status().isNotFound());
        other.get("/drafts").andExpect(jsonPath("$.items").isEmpty());
        assertThat(subjects()).containsExactly("Private");
    }

    @Test
    void whatCannotBeKeptIsNamed() throws Exception {
        var id = id(create("fine", content("Fine", "")));
        var foreign = content("x", "");
        foreign.put("accountId", "999999");
        create("k", foreign)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/accountId"));
        for (var tag : List.of("*", "1", "W/\"1\"", "\"0\"", "\"x\"", "\"1\", \"2\"")) {
            visitor.send(body(put("/api/v1/drafts/" + id), content("x", "")).header("If-Match", tag))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("If-Match"));
        }
        visitor.send(body(put("/api/v1/drafts/" + id), content("x", ""))).andExpect(status().isBadRequest());
        create(" ", content("x", ""))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("Idempotency-Key"));
        create("line", content("next \u0085 line", ""))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/subject"));
        visitor.get("/drafts/nonsense").andExpect(status().isNotFound());
        assertThat(subjects()).containsExactly("Fine");
    }

    @Test
    void everyChangeIsTold() throws Exception {
        var since = api.json(visitor.get("/changes")).at("/state").asString();
        var id = id(create("told", content("One", "")));
        change(id, 1, content("Two", ""));
        change(id, 2, content("Two", "")); // nothing new
        remove(id, 2);

        assertThat(toldSince(since)).containsExactly(id + " 1", id + " 2", id + " 0");
    }

    private List<String> toldSince(String state) {
        var told = new ArrayList<String>();
        for (JsonNode change : api.json(visitor.get("/changes?since=" + state)).at("/changes")) {
            if (change.at("/event").asString().equals("draft")) {
                told.add(change.at("/data/draftId").asString() + " "
                        + change.at("/data/revision").asInt());
            }
        }
        return told;
    }

    @Test
    void aDraftEndsWithItsSubmissionAndNotWithoutIt() throws Exception {
        var id = id(create("sent", content("Off", "")));
        submit("bad", id, List.of()).andExpect(status().isBadRequest());
        assertThat(subjects()).containsExactly("Off");

        submit("good", id, List.of(person("friend@example.org"))).andExpect(status().isAccepted());
        assertThat(subjects()).isEmpty();

        var late = id(create("late", content("Off", "")));
        submit("good", late, List.of(person("friend@example.org"))).andExpect(status().isAccepted());
        assertThat(subjects()).isEmpty();
        assertThat(api.json(visitor.get("/submissions")).at("/items")).hasSize(1);
    }

    @Test
    void aDraftIsThereAgainWhenItsSubmissionIsTakenBack() throws Exception {
        var id = id(create("back", content("Off", "")));
        var since = api.json(visitor.get("/changes")).at("/state").asString();
        var sent = id(submit("back", id, List.of(person("friend@example.org"))));
        assertThat(subjects()).isEmpty();

        visitor.delete("/submissions/" + sent)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.draftId").value(id));
        assertThat(subjects()).containsExactly("Off");
        assertThat(toldSince(since)).containsExactly(id + " 0", id + " 1");
        remove(id, 1).andExpect(status().isNoContent());
    }

    @Test
    void aDraftIsThereAgainWhenItIsRefusedAndGoneWhenItIsTaken() {
        var transport = api.upstream().transport();
        transport.refuses("nobody@example.org", 550, "No such user");
        var refused = id(create("refused", content("Refused", "")));
        var taken = id(create("taken", content("Taken", "")));
        var sent = id(submit("refused", refused, List.of(person("nobody@example.org")), 0));
        awaitState(sent, "rejected");
        assertThat(draftOf(sent).asString()).isEqualTo(refused);
        sent = id(submit("taken", taken, List.of(person("friend@example.org")), 0));
        awaitState(sent, "done");

        assertThat(draftOf(sent).isNull()).isTrue();
        assertThat(subjects()).containsExactly("Refused");
        assertThat(jdbc.sql("select count(*) from draft where id = ?")
                        .param(Long.parseLong(taken))
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whatWasWrittenOnSinceIsNotWhatWasSent() throws Exception {
        var id = id(create("on", content("Off", "")));
        change(id, 1, content("On the phone", "")).andExpect(status().isOk());
        var request = request(id, List.of(person("friend@example.org")), 60);
        request.put("draftRevision", 1);
        visitor.send(body(post("/api/v1/submissions"), request).header("Idempotency-Key", "old"))
                .andExpect(status().isAccepted());
        assertThat(subjects()).containsExactly("On the phone");

        request.put("draftRevision", 2);
        visitor.send(body(post("/api/v1/submissions"), request).header("Idempotency-Key", "old"))
                .andExpect(status().isAccepted());
        assertThat(subjects()).isEmpty();
        change(id, 2, content("After all", "")).andExpect(status().isOk());
        assertThat(subjects()).as("written on while it is on its way").containsExactly("After all");
    }

    private JsonNode draftOf(String submission) {
        return api.json(visitor.get("/submissions/" + submission)).at("/draftId");
    }

    private void awaitState(String submission, String state) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.json(visitor.get("/submissions/" + submission))
                        .at("/state")
                        .asString()
                        .equals(state));
    }

    private ResultActions submit(String key, String draftId, List<?> to) {
        return submit(key, draftId, to, 60);
    }

    private ResultActions submit(String key, String draftId, List<?> to, int undoSeconds) {
        return visitor.send(body(post("/api/v1/submissions"), request(draftId, to, undoSeconds))
                .header("Idempotency-Key", key));
    }

    private static Map<String, Object> request(String draftId, List<?> to, int undoSeconds) {
        var request = new HashMap<String, Object>();
        request.put("from", person("writer" + PEOPLE.get() + "@example.org"));
        request.put("to", to);
        request.put("subject", "Off");
        request.put("text", "Off");
        request.put("undoSeconds", undoSeconds);
        request.put("draftId", draftId);
        return request;
    }

    private Map<String, Object> content(String subject, String html) {
        var content = new HashMap<String, Object>();
        content.put("accountId", account);
        content.put("from", person("writer@example.org"));
        content.put("subject", subject);
        content.put("html", html);
        return content;
    }

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>();
        person.put("name", null);
        person.put("email", email);
        return person;
    }

    private ResultActions create(String key, Map<String, Object> content) {
        return visitor.send(body(post("/api/v1/drafts"), content).header("Idempotency-Key", key));
    }

    private ResultActions change(String id, int revision, Map<String, Object> content) {
        return visitor.send(body(put("/api/v1/drafts/" + id), content).header("If-Match", "\"" + revision + "\""));
    }

    private ResultActions remove(String id, int revision) {
        return visitor.send(delete("/api/v1/drafts/" + id).header("If-Match", "\"" + revision + "\""));
    }

    private MockHttpServletRequestBuilder body(MockHttpServletRequestBuilder request, Object body) {
        return request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(body));
    }

    private String id(ResultActions answer) {
        return api.json(answer).at("/id").asString();
    }

    private List<String> subjects() {
        var subjects = new ArrayList<String>();
        for (JsonNode item : api.json(visitor.get("/drafts")).at("/items")) {
            subjects.add(item.at("/subject").asString());
        }
        return subjects;
    }
}
