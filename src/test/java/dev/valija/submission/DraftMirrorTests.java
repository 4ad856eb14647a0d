package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One copy of each draft at the provider, and other programs' drafts. */
@ApiTest
class DraftMirrorTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final String DRAFTS = "Drafts";

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

    private Visitor visitor;
    private FakeMailStore store;

    @BeforeEach
    void someone() {
        var name = "mirrored" + PEOPLE.incrementAndGet();
        visitor = api.signedIn(name);
        store = api.upstream().store(Api.address(name));
    }

    @Test
    void thereIsOneCopyOfADraftAsItIs() throws Exception {
        var id = create(content("First"));
        mirror();
        assertThat(subjects()).containsExactly("First");

        change(id, 1, content("Second"));
        change(id, 2, content("Third"));
        mirror();

        assertThat(subjects()).containsExactly("Third");
        assertThat(copy().keywords()).containsExactlyInAnyOrder(Keyword.DRAFT, Keyword.SEEN);
        var message = shown().at("/items/0/id").asString();
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").value(message));
    }

    @Test
    void itHasAllThatOthersCanUse() throws Exception {
        var content = content("Trip");
        content.put("to", List.of(person("anna@example.org"), person("jo")));
        content.put("bcc", List.of(person("secret@example.org")));
        content.put("attachments", List.of(Map.of("messageId", "9-9", "partId", "2", "name", "gone.pdf")));
        create(content);
        mirror();

        assertThat(raw()).contains("To: anna@example.org\r\n", "Bcc: secret@example.org\r\n", "<p>Text</p>");
    }

    @Test
    void whatIsThrownAwayOrSentHasNone() throws Exception {
        var thrown = create(content("Thrown away"));
        var sent = content("Sent");
        sent.put("to", List.of(person("anna@example.org")));
        var going = create(sent);
        mirror();
        assertThat(subjects()).containsExactlyInAnyOrder("Thrown away", "Sent");

        remove(thrown, 1);
        send(going, sent, 0);
        await().until(() -> visitorDrafts() == 0);
        mirror();

        assertThat(subjects()).isEmpty();
    }

    @Test
    void whatIsTakenBackInTimeKeepsItsCopy() throws Exception {
        var content = content("Wait");
        content.put("to", List.of(person("anna@example.org")));
        var id = create(content);
        mirror();
        var copy = copy().id();

        var submission = send(id, content, 60);
        mirror();
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());
        mirror();

        assertThat(copy().id()).isEqualTo(copy);
    }

    @Test
    void anAnswerThatIsLostMakesNoSecondCopy() throws Exception {
        store.breaksOff("append", Integer.MAX_VALUE);
        create(content("Once"));
        mirror();
        mirror();
        assertThat(subjects()).containsExactly("Once");
        assertThat(behind()).isZero();
    }

    @Test
    void whoDiesWithACopyOnItsWayIsFollowedByOthers() throws Exception {
        var id = create(content("Before"));
        store.outlives("append");
        hurry();
        assertThatThrownBy(() -> behind.take(10).forEach(loop::work)).hasMessage("killed");
        change(id, 1, content("After"));
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        mirror();

        assertThat(subjects()).containsExactly("After");
        assertThat(behind()).isZero();
    }

    @Test
    void aCopyThatMayBeOnItsWayIsWaitedFor() throws Exception {
        create(content("Slow"));
        store.failsAt("append Drafts", 1, new UpstreamException.TimedOut("slow", null));
        mirror();
        mirror();
        assertThat(subjects()).as("it may still come").isEmpty();
        assertThat(behind()).isEqualTo(1);

        jdbc.sql("update draft_copy set made_at = now() - interval '11 minutes'")
                .update();
        mirror();
        assertThat(subjects()).containsExactly("Slow");
        assertThat(behind()).isZero();
    }

    @Test
    void whoWasAwayForLongLeavesNothingBehind() throws Exception {
        var id = create(content("Late"));
        hurry();
        store.holdsBack("append Drafts");
        var away = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> store.calls().contains("append Drafts"));
        jdbc.sql("update draft_copy set made_at = now() - interval '11 minutes'")
                .update();
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        remove(id, 1);
        mirror();
        assertThat(behind()).as("the others have given it up").isZero();

        store.letsGo();
        away.join();
        assertThat(subjects()).isEmpty();
    }

    @Test
    void aWorkerThatIsOvertakenLeavesTheNewerCopy() throws Exception {
        var id = create(content("One"));
        hurry();
        store.holdsBack("append Drafts");
        var slow = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> store.calls().contains("append Drafts"));
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        change(id, 1, content("Two"));
        hurry();
        var next = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> copies(id) == 2);
        store.letsGo();
        slow.join();
        next.join();
        mirror();

        assertThat(subjects()).containsExactly("Two");
        assertThat(behind()).isZero();
    }

    @Test
    void aCopyThatCannotBeLookedForIsNotMadeAgain() throws Exception {
        store.hidesNewIds();
        store.failsAt("findByMessageId Drafts", 1, new UpstreamException.NotSupported("no", null));
        create(content("Once"));
        mirror();
        mirror();

        assertThat(subjects()).containsExactly("Once");
        assertThat(behind()).isZero();
    }

    @Test
    void whatIsInThePlaceOfACopyIsNotDeletedForIt() throws Exception {
        var id = create(content("One"));
        mirror();
        // As when the account is at another server now, which has another message under that number.
        jdbc.sql("update draft_copy set message_id = 'another@example.org' where draft_id = ?")
                .param(Long.parseLong(id))
                .update();
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("One", "Two");
    }

    @Test
    void aCopyOfAnOlderRevisionIsNotToldToBeTheDrafts() throws Exception {
        var id = create(content("One"));
        mirror();
        shown();
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").isNotEmpty());
        change(id, 1, content("Two"));
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").isEmpty());
    }

    @Test
    void aRefusalIsTriedAgainAndAgain() throws Exception {
        var id = create(content("Full"));
        store.failsAt("append Drafts", 1, new UpstreamException.OverQuota("full"));
        mirror();
        assertThat(jdbc.sql("select tries from draft_behind where draft_id = ?")
                        .param(Long.parseLong(id))
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        mirror();
        assertThat(subjects()).containsExactly("Full");
    }

    @Test
    void whereTheServerTellsNoIdsOneCopyStaysToo() throws Exception {
        store.hidesNewIds();
        var id = create(content("One"));
        mirror();
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void aRenumberedMailboxKeepsNoOldCopy() throws Exception {
        var id = create(content("One"));
        mirror();
        store.renumbers(DRAFTS);
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void whatAnotherProgramMadeOfACopyIsLeftAlone() throws Exception {
        var id = create(content("Ours"));
        mirror();
        var raw = raw();
        var ours = copy().id();
        // Another program opens it, changes it and saves it under the same Message-ID, as some do.
        store.receives(
                DRAFTS,
                raw.replace("Subject: Ours", "Subject: Theirs").getBytes(StandardCharsets.US_ASCII),
                Mails.NOON,
                Set.of(Keyword.DRAFT));
        store.expunges(DRAFTS, ours);
        store.renumbers(DRAFTS);
        change(id, 1, content("Ours again"));
        mirror();
        remove(id, 2);
        mirror();

        assertThat(subjects()).containsExactly("Theirs");
    }

    @Test
    void aCopyThatSomebodyDeletedComesBackWithTheNextChangeOnly() throws Exception {
        var id = create(content("Here"));
        mirror();
        store.expunges(DRAFTS, copy().id());
        jdbc.sql(
                        "insert into draft_behind (user_id, draft_id, due_at) select user_id, id, now() from draft where id = ?")
                .param(Long.parseLong(id))
                .update();
        mirror();
        assertThat(subjects()).isEmpty();

        change(id, 1, content("Here again"));
        mirror();
        assertThat(subjects()).containsExactly("Here again");
    }

    @Test
    void aChangeDuringTheCopyingIsNotForgotten() throws Exception {
        var id = create(content("One"));
        hurry();
        var jobs = behind.take(10);
        change(id, 1, content("Two"));
        jobs.forEach(loop::work);
        change(id, 2, content("Three"));
        mirror();

        assertThat(subjects()).containsExactly("Three");
    }

    @Test
    void writersWithoutAPauseAreCopiedNowAndThen() throws Exception {
        var id = create(content("One"));
        assertThat(due(id)).isEqualTo("20");
        jdbc.sql("update draft_behind set since = now() - interval '110 seconds'")
                .update();
        change(id, 1, content("Two"));
        assertThat(due(id)).as("two minutes after the first change").isEqualTo("10");

        jdbc.sql("update draft_behind set tries = 3, due_at = now() + interval '30 seconds'")
                .update();
        change(id, 2, content("Three"));
        assertThat(due(id)).as("a server that does not answer is let alone").isEqualTo("30");
    }

    @Test
    void aCopyIsGoneOnWithAsTheDraftItIs() throws Exception {
        var id = create(content("Mine"));
        mirror();
        var message = shown().at("/items/0/id").asString();

        goOn(message)
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Location", "/api/v1/drafts/" + id))
                .andExpect(jsonPath("$.id").value(id));
        assertThat(visitorDrafts()).isEqualTo(1);
    }

    @Test
    void aCopyIsKnownAgainWhenItsMailboxIsNumberedAnew() throws Exception {
        var id = create(content("Mine"));
        mirror();
        var message = shown().at("/items/0/id").asString();
        var before = copy().id();
        store.renumbers(DRAFTS);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            shown();
            assertThat(jdbc.sql("select remote_id from message_place where message_id = ?")
                            .param(Long.parseLong(message.substring(message.indexOf('-') + 1)))
                            .query(Long.class)
                            .single())
                    .isNotEqualTo(before.value());
        });

        goOn(message).andExpect(jsonPath("$.id").value(id));
    }

    @Test
    void whatIsBeingSentIsNotGoneOnWith() throws Exception {
        var content = content("On its way");
        content.put("to", List.of(person("anna@example.org")));
        var id = create(content);
        mirror();
        var message = shown().at("/items/0/id").asString();
        var submission = send(id, content, 60);
        goOn(message)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());

        goOn(message).andExpect(jsonPath("$.id").value(id));
    }

    @Test
    void whatCannotBeKeptLeavesNoFilesBehind() throws Exception {
        var id = create(content("Many"));
        jdbc.sql("""
                        insert into draft (user_id, account_id, idempotency_key, content, content_hash)
                        select user_id, account_id, 'many ' || n, content, content_hash
                          from draft, generate_series(1, 999) n where id = ?
                        """).param(Long.parseLong(id)).update();
        store.receives(DRAFTS, FOREIGN.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();

        goOn(message).andExpect(jsonPath("$.type").value("/problems/over-quota"));
        assertThat(jdbc.sql(
                                "select count(*) from upload where user_id = (select user_id from account where address = ?)")
                        .param(address())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whatIsGoneOnWithCanBeSavedWhateverItHolds() throws Exception {
        var many = "r@example.org, ".repeat(25) + "r@example.org";
        var odd = FOREIGN.replace("From: Me", "From: " + "M".repeat(3_000))
                .replace("Bcc: secret@", "Reply-To: " + many + "\r\nBcc: " + "s".repeat(400) + "@")
                .replace("Subject: ", "Subject: " + "S".repeat(900) + " ")
                .replace("pic@x", "p".repeat(300) + "@x");
        store.receives(DRAFTS, odd.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var draft = api.json(goOn(shown().at("/items/0/id").asString()).andExpect(status().isOk()));

        var content = json.convertValue(draft.at("/content"), new TypeReference<Map<String, Object>>() {});
        content.put("html", "<p>More</p>");
        change(draft.at("/id").asString(), 1, content);
    }

    @Test
    void anotherProgramsDraftIsGoneOnWith() throws Exception {
        var foreign =
                store.receives(DRAFTS, FOREIGN.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();

        var draft = api.json(goOn(message).andExpect(status().isOk()));
        var id = draft.at("/id").asString();
        assertThat(draft.at("/content/subject").asString()).isEqualTo("Grüße");
        assertThat(draft.at("/content/to/0/email").asString()).isEqualTo("anna@example.org");
        assertThat(draft.at("/content/bcc/0/email").asString()).isEqualTo("secret@example.org");
        assertThat(draft.at("/content/html").asString())
                .contains("<b>Hello</b>", "src=\"cid:pic@x\"")
                .doesNotContain("script");
        assertThat(draft.at("/content/attachments").size()).isEqualTo(1);
        assertThat(draft.at("/content/attachments/0/name").asString()).isEqualTo("a.png");
        assertThat(draft.at("/content/attachments/0/contentId").asString()).isEqualTo("pic@x");
        goOn(message).andExpect(jsonPath("$.id").value(id));
        mirror();
        assertThat(copy().id()).as("it stays as long as nothing is changed").isEqualTo(foreign);

        var content = json.convertValue(draft.at("/content"), new TypeReference<Map<String, Object>>() {});
        content.put("subject", "Changed");
        change(id, 1, content);
        mirror();
        assertThat(subjects()).containsExactly("Changed");
        assertThat(store.messages("Trash"))
                .as("theirs may hold more than ours")
                .extracting(RemoteMessage::id)
                .hasSize(1);
        assertThat(raw()).contains("filename=\"a.png\"", "Content-ID: <pic@x>", "Bcc: secret@example.org");

        remove(id, 2);
        mirror();
        assertThat(subjects()).isEmpty();
    }

    @Test
    void aMessageIdThatNoServerCanBeAskedForStopsNothing() throws Exception {
        var odd = FOREIGN.replace("theirs@example.org", "th\u00e9irs \"x\"@example.org");
        store.receives(DRAFTS, odd.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();
        var draft = api.json(goOn(message).andExpect(status().isOk()));
        goOn(message).andExpect(jsonPath("$.id").value(draft.at("/id").asString()));
        var asked = store.calls().size();
        change(draft.at("/id").asString(), 1, content("Changed"));
        mirror();

        assertThat(subjects()).containsExactly("Changed");
        assertThat(store.calls().subList(asked, store.calls().size())).doesNotContain("findByMessageId Drafts");
    }

    @Test
    void onlyDraftsAreGoneOnWithAndOnlyOnesOwn() throws Exception {
        store.holds(Mails.plain("No draft"));
        var message = shown("inbox").at("/items/0/id").asString();

        goOn(message)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("messageId"));
        api.signedIn("curious" + PEOPLE.incrementAndGet())
                .send(put("/api/v1/messages/" + message + "/draft"))
                .andExpect(status().isNotFound());
        goOn("1-999999").andExpect(status().isNotFound());
        goOn("nonsense").andExpect(status().isNotFound());
    }

    private static final String FOREIGN = """
            From: Me <me@example.org>
            To: Anna <anna@example.org>
            Bcc: secret@example.org
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <theirs@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/related; boundary=b

            --b
            Content-Type: text/html; charset=utf-8

            <b>Hello</b><script>x</script><img src="cid:pic@x">
            --b
            Content-Type: image/png; name=a.png
            Content-Disposition: inline; filename=a.png
            Content-ID: <pic@x>
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --b--
            """.replace("\n", "\r\n");

    /** Everything that is behind has its time now. */
    private void mirror() {
        hurry();
        for (var due = behind.take(100); !due.isEmpty(); due = behind.take(100)) {
            due.forEach(loop::work);
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        jdbc.sql("select count(*) from draft_behind where claim is not null and claimed_until > now()")
                                        .query(Integer.class)
                                        .single()
                                == 0);
    }

    private void hurry() {
        jdbc.sql("update draft_behind set due_at = now()").update();
    }

    private int behind() {
        return jdbc.sql(
                        "select count(*) from draft_behind where user_id = (select user_id from account where address = ?)")
                .param(address())
                .query(Integer.class)
                .single();
    }

    private int copies(String draft) {
        return jdbc.sql("select count(*) from draft_copy where draft_id = ?")
                .param(Long.parseLong(draft))
                .query(Integer.class)
                .single();
    }

    private String due(String id) {
        return jdbc.sql("select round(extract(epoch from due_at - now()))::int from draft_behind where draft_id = ?")
                .param(Long.parseLong(id))
                .query(String.class)
                .single();
    }

    private List<String> subjects() {
        return store.messages(DRAFTS).stream()
                .map(message -> message.envelope().subject())
                .toList();
    }

    private RemoteMessage copy() {
        return store.messages(DRAFTS).getFirst();
    }

    private String raw() {
        RemoteId id = copy().id();
        return new String(store.bytes(DRAFTS, id), StandardCharsets.UTF_8);
    }

    private JsonNode shown() {
        return shown("drafts");
    }

    /** The list of that mailbox, which has one message. */
    private JsonNode shown(String role) {
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

    private int visitorDrafts() {
        return api.json(visitor.get("/drafts")).at("/items").size();
    }

    private Map<String, Object> content(String subject) {
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

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>(Map.of("email", email));
        person.put("name", null);
        return person;
    }

    private String create(Map<String, Object> content) throws Exception {
        var made = visitor.send(body(post("/api/v1/drafts"), content).header("Idempotency-Key", UUID.randomUUID()));
        return api.json(made.andExpect(status().isCreated())).at("/id").asString();
    }

    private void change(String id, int revision, Object content) throws Exception {
        visitor.send(body(put("/api/v1/drafts/" + id), content).header("If-Match", "\"" + revision + "\""))
                .andExpect(status().isOk());
    }

    private void remove(String id, int revision) throws Exception {
        visitor.send(delete("/api/v1/drafts/" + id).header("If-Match", "\"" + revision + "\""))
                .andExpect(status().isNoContent());
    }

    private String send(String draft, Map<String, Object> content, int undoSeconds) throws Exception {
        var request = new HashMap<>(content);
        request.remove("accountId");
        request.put("from", person(address()));
        request.put("draftId", draft);
        request.put("undoSeconds", undoSeconds);
        var made =
                visitor.send(body(post("/api/v1/submissions"), request).header("Idempotency-Key", UUID.randomUUID()));
        return api.json(made.andExpect(status().isAccepted())).at("/id").asString();
    }

    private String address() {
        return api.json(visitor.get("/session")).at("/accounts/0/address").asString();
    }

    private ResultActions goOn(String message) {
        return visitor.send(put("/api/v1/messages/" + message + "/draft"));
    }

    private MockHttpServletRequestBuilder body(MockHttpServletRequestBuilder request, Object content) {
        return request.contentType(MediaType.APPLICATION_JSON).content(json.writeValueAsString(content));
    }
}
