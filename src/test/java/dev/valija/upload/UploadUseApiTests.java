package dev.valija.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.BodyPart;
import dev.valija.message.MimeReader;
import dev.valija.message.ParsedMessage;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Uploads in drafts and in what is sent. */
@ApiTest
class UploadUseApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final Duration LONG = Duration.ofDays(400);

    @Autowired
    Api api;

    @Autowired
    JsonMapper json;

    @Autowired
    UploadRows rows;

    @Autowired
    TransactionTemplate transaction;

    private final byte[] file = TusClient.octets(700_001, 11);
    private Visitor visitor;
    private TusClient tus;
    private String me;
    private String friend;
    private String account;

    @BeforeEach
    void someone() {
        int number = PEOPLE.incrementAndGet();
        me = "attacher" + number + "@example.org";
        friend = "receiver" + number + "@example.org";
        visitor = api.signedIn("attacher" + number);
        api.upstream().user(friend, "x");
        tus = new TusClient(visitor);
        account = visitor.accountId();
    }

    @Test
    void aDraftKeepsItsFilesAndAnotherDeviceSendsThem() throws Exception {
        var upload = tus.upload(file);
        var draft = id(create(draft(attached(upload))));
        expire(LONG);
        tus.remove(upload).andExpect(status().isConflict());

        var elsewhere = api.json(visitor.get("/drafts/" + draft)).at("/content/attachments/0");
        assertThat(elsewhere.at("/name").asString()).isEqualTo("plan.pdf");
        var sent = send(Map.of(
                "draftId",
                draft,
                "attachments",
                List.of(Map.of("uploadId", elsewhere.at("/uploadId").asString()))));

        var part = sent.structure().children().get(1);
        assertThat(part.name()).isEqualTo("plan.pdf");
        assertThat(part.type()).isEqualTo("application/pdf");
        assertThat(sent.decoded(part).orElseThrow()).isEqualTo(file);
    }

    @Test
    void aFileThatTheTextShowsStandsInIt() {
        var upload = tus.upload(file);
        var sent = send(Map.of(
                "html",
                "<p>Look: <img src=\"cid:pic\"></p>",
                "attachments",
                List.of(Map.of("uploadId", upload, "name", "pic.png", "type", "image/png", "contentId", "pic"))));

        assertThat(sent.structure().type()).isEqualTo("multipart/related");
        var part = sent.structure()
                .allLeaves()
                .filter(leaf -> "pic".equals(leaf.contentId()))
                .toList();
        assertThat(part).extracting(BodyPart::name).containsExactly("pic.png");
        assertThat(sent.decoded(part.getFirst()).orElseThrow()).isEqualTo(file);
    }

    @Test
    void onlyFinishedUploadsOfOnesOwnGoWithADraftOrAMessage() throws Exception {
        var unfinished = tus.begin(10);
        var others = new TusClient(api.signedIn("otherattacher" + PEOPLE.get())).upload(new byte[3]);
        for (var bad : List.of(unfinished, others, "999999999", "nonsense")) {
            create(draft(attached(tus.upload(new byte[3])), attached(bad)))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/attachments/1/uploadId"));
            submit(UUID.randomUUID().toString(), Map.of("attachments", List.of(Map.of("uploadId", bad))))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.type").value("/problems/invalid-request"))
                    .andExpect(jsonPath("$.errors[0].pointer").value("/attachments/0/uploadId"));
        }
        assertThat(api.json(visitor.get("/drafts")).at("/items")).isEmpty();
        assertThat(api.json(visitor.get("/submissions")).at("/items")).isEmpty();

        create(draft(Map.of("name", "neither")))
                .andExpect(jsonPath("$.errors[0].pointer").value("/attachments/0"));
        create(draft(Map.of("uploadId", "1", "messageId", "1-1")))
                .andExpect(jsonPath("$.errors[0].pointer").value("/attachments/0"));
    }

    @Test
    void aDraftThatIsThrownAwayFreesItsFilesAndCanBeHadBackForAWhile() throws Exception {
        var upload = tus.upload(file);
        var draft = id(create(draft(attached(upload))));
        visitor.send(delete("/api/v1/drafts/" + draft).header("If-Match", "\"1\""))
                .andExpect(status().isNoContent());

        expire(Duration.ofDays(6));
        var again = id(create(draft(attached(upload))));
        expire(LONG);
        tus.ask(upload).andExpect(status().isOk());

        visitor.send(delete("/api/v1/drafts/" + again).header("If-Match", "\"1\""))
                .andExpect(status().isNoContent());
        expire(Duration.ofDays(8));
        tus.ask(upload).andExpect(status().isNotFound());
    }

    @Test
    void aFileTakenOutOfADraftIsFree() throws Exception {
        var upload = tus.upload(file);
        var draft = id(create(draft(attached(upload))));
        change(draft, 1, draft()).andExpect(status().isOk());
        tus.remove(upload).andExpect(status().isNoContent());
    }

    @Test
    void theCopyOfALostRaceHoldsTheFilesToo() throws Exception {
        var upload = tus.upload(file);
        var draft = id(create(draft(attached(upload))));
        change(draft, 1, draft()).andExpect(status().isOk());
        var mine = draft(attached(upload));
        mine.put("subject", "With the file");
        change(draft, 1, mine).andExpect(status().isConflict());

        expire(LONG);
        tus.ask(upload).andExpect(status().isOk());
        visitor.send(delete("/api/v1/drafts/" + draft).header("If-Match", "\"2\""))
                .andExpect(status().isNoContent());
        expire(LONG);
        tus.ask(upload).andExpect(status().isOk());
    }

    @Test
    void whatIsTakenBackStillHasItsFiles() throws Exception {
        var upload = tus.upload(file);
        var draft = id(create(draft(attached(upload))));
        var submission = id(submit(
                "held",
                Map.of("draftId", draft, "undoSeconds", 120, "attachments", List.of(Map.of("uploadId", upload)))));
        expire(LONG);
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());
        expire(LONG);

        visitor.get("/drafts/" + draft)
                .andExpect(jsonPath("$.content.attachments[0].uploadId").value(upload));
        var sent = send(Map.of("draftId", draft, "attachments", List.of(Map.of("uploadId", upload))));
        assertThat(sent.decoded(sent.structure().children().get(1)).orElseThrow())
                .isEqualTo(file);
        awaitGone(upload);
    }

    @Test
    void whatIsTakenBackWithoutADraftCanBeHadForAWhile() throws Exception {
        var upload = tus.upload(file);
        var submission =
                id(submit("scripted", Map.of("undoSeconds", 120, "attachments", List.of(Map.of("uploadId", upload)))));
        expire(LONG);
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());
        expire(Duration.ofDays(6));

        tus.ask(upload).andExpect(status().isOk());
        expire(Duration.ofDays(8));
        tus.ask(upload).andExpect(status().isNotFound());
    }

    @Test
    void whatIsSentIsNotKeptUnlessADraftHasItToo() throws Exception {
        var upload = tus.upload(file);
        var shared = tus.upload(file);
        create(draft(attached(shared))).andExpect(status().isCreated());
        send(Map.of("attachments", List.of(Map.of("uploadId", upload), Map.of("uploadId", shared))));

        awaitGone(upload);
        tus.ask(shared).andExpect(status().isOk());
    }

    @Test
    void theFilesOfAMessageAreBoundedTogether() throws Exception {
        var upload = tus.upload(new byte[20 << 20]);
        submit("two", Map.of("attachments", List.of(Map.of("uploadId", upload), Map.of("uploadId", upload))))
                .andExpect(status().isContentTooLarge());
    }

    @Test
    void howLargeAMessageTheServerTakesIsKnownOnceSomebodyBeginsToWrite() throws Exception {
        visitor.get("/accounts").andExpect(jsonPath("$.items[0].maxMessageSize").isEmpty());
        create(draft()).andExpect(status().isCreated());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> visitor.get("/accounts")
                        .andExpect(jsonPath("$.items[0].maxMessageSize").value(30_000_000)));
    }

    private void awaitGone(String upload) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> tus.ask(upload).andExpect(status().isNotFound()));
    }

    private void expire(Duration later) {
        var clock = Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC);
        new UploadExpiry(rows, transaction, clock).expire();
    }

    private static Map<String, Object> attached(String upload) {
        return Map.of("uploadId", upload, "name", "plan.pdf", "type", "application/pdf", "size", 700_001);
    }

    private Map<String, Object> draft(Object... attachments) {
        var content = new HashMap<String, Object>();
        content.put("accountId", account);
        content.put("from", Map.of("email", me));
        content.put("subject", "The plan");
        content.put("attachments", List.of(attachments));
        return content;
    }

    private ResultActions create(Map<String, Object> content) {
        return visitor.send(body(post("/api/v1/drafts"), content)
                .header("Idempotency-Key", UUID.randomUUID().toString()));
    }

    private ResultActions change(String id, int revision, Map<String, Object> content) {
        return visitor.send(body(put("/api/v1/drafts/" + id), content).header("If-Match", "\"" + revision + "\""));
    }

    private ResultActions submit(String key, Map<String, Object> more) {
        var request = new HashMap<String, Object>(more);
        request.put("from", person(me));
        request.put("to", List.of(person(friend)));
        request.put("subject", "The plan");
        return visitor.send(body(post("/api/v1/submissions"), request).header("Idempotency-Key", key));
    }

    /** Sends it and reads what the provider got. */
    private ParsedMessage send(Map<String, Object> more) {
        var answer = submit(UUID.randomUUID().toString(), more);
        assertThat(answer.andReturn().getResponse().getStatus()).isEqualTo(202);
        var messageId = api.json(answer).at("/messageId").asString();
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> api.upstream().transport().sent().stream()
                                .filter(sent -> sent.text().contains(messageId))
                                .map(sent -> MimeReader.read(sent.message()))
                                .findFirst()
                                .orElse(null),
                        sent -> sent != null);
    }

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>();
        person.put("name", null);
        person.put("email", email);
        return person;
    }

    private MockHttpServletRequestBuilder body(MockHttpServletRequestBuilder request, Object body) {
        return request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(body));
    }

    private String id(ResultActions answer) {
        return api.json(answer).at("/id").asString();
    }
}
