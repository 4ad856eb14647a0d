package dev.valija.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.message.MimeReader;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeTransport.Sent;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class ReceiptApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final String FIELD = "Disposition-Notification-To";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JsonMapper json;

    private String me;
    private Visitor visitor;

    @BeforeEach
    void someone() {
        me = Api.address("receiver" + PEOPLE.incrementAndGet());
        api.upstream().user(me, Api.password());
    }

    @AfterEach
    void allIsWellAgain() {
        api.upstream().transport().refuses("anna@example.org", 0, "");
        jdbc.sql("delete from submission").update();
    }

    @Test
    void whoAsksIsToldOnceAndOnlyWhenTheReaderSaysSo() {
        var id = reading(asking("Hi"));
        assertThat(api.json(visitor.get("/messages/" + id)).at("/receipt").asString())
                .isEqualTo("/api/v1/messages/" + id + "/receipt");
        var wish = get(id);
        assertThat(wish.at("/to/email").asString()).isEqualTo("anna@example.org");
        assertThat(wish.at("/elsewhere").asBoolean()).isFalse();
        assertThat(wish.at("/reader").asString()).isEqualTo(me);
        assertThat(wish.at("/state").asString()).isEqualTo("asked");
        assertThat(receipts()).isEmpty();

        assertThat(api.json(answer(id, Map.of("state", "sent"))).at("/state").asString())
                .isEqualTo("sent");
        assertThat(api.json(answer(id, Map.of("state", "sent", "text", "again")))
                        .at("/state")
                        .asString())
                .isEqualTo("sent");
        await().atMost(Duration.ofSeconds(20)).until(() -> receipts().size() == 1);
        awaitDone();
        var sent = receipts().getFirst();
        assertThat(sent.from()).as("RFC 8098 3: no report of a report").isEmpty();
        assertThat(sent.recipients()).containsExactly("anna@example.org");
        var mail = MimeReader.read(sent.message());
        assertThat(mail.envelope().from().getFirst().email()).isEqualTo(me);
        assertThat(mail.envelope().subject()).isEqualTo("Read: Hi");
        assertThat(mail.envelope().inReplyTo()).containsExactly(Mail.idOf("Hi"));
        assertThat(mail.text(mail.structure().children().get(1)))
                .contains("Final-Recipient: rfc822;" + me)
                .contains("Original-Message-ID: <" + Mail.idOf("Hi") + ">");
        assertThat(store().messages(FakeMailStore.INBOX).getFirst().keywords())
                .contains(Keyword.MDN_SENT)
                .doesNotContain(Keyword.ANSWERED);
        assertThat(store().mailboxes())
                .as("no copy is kept")
                .noneMatch(box ->
                        box.name().equals("Sent") && !store().messages("Sent").isEmpty());
    }

    @Test
    void whoWritesMayAskForOneAndTheDraftKnows() throws Exception {
        visitor = api.signedIn(name());
        var mail = new HashMap<String, Object>();
        mail.put("from", Map.of("name", "Me", "email", me));
        mail.put("to", List.of(Map.of("name", "Me", "email", me)));
        mail.put("subject", "Asking " + me);
        mail.put("readReceipt", true);
        var sending = MockMvcRequestBuilders.post("/api/v1/submissions")
                .header("Idempotency-Key", "asking")
                .contentType(MediaType.APPLICATION_JSON);
        visitor.send(sending.content(json.writeValueAsString(mail))).andExpect(status().isAccepted());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.upstream().transport().sent().stream()
                        .anyMatch(sent -> sent.text().contains("\r\n" + FIELD + ": Me <" + me + ">\r\n")));
        mail.put("accountId", visitor.accountId());
        var drafting = MockMvcRequestBuilders.post("/api/v1/drafts")
                .header("Idempotency-Key", "asking")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(mail));
        var draft = api.json(visitor.send(drafting).andExpect(status().isCreated()));
        assertThat(draft.at("/content/readReceipt").asBoolean()).isTrue();
    }

    @Test
    void itIsToldInTheReadersWords() {
        var id = reading(asking("Grüße"));
        answer(id, Map.of("state", "sent", "subject", "Gelesen: Grüße", "text", "Für dich\ngelesen."));
        await().atMost(Duration.ofSeconds(20)).until(() -> receipts().size() == 1);
        var mail = MimeReader.read(receipts().getFirst().message());
        assertThat(mail.envelope().subject()).isEqualTo("Gelesen: Grüße");
        assertThat(mail.text(mail.structure().children().getFirst())).contains("Für dich");
    }

    @Test
    void whoRefusesIsAskedNoMoreAndNobodyIsTold() throws Exception {
        var id = reading(asking("No"));
        assertThat(api.json(answer(id, Map.of("state", "refused"))).at("/state").asString())
                .isEqualTo("refused");
        answer(id, Map.of("state", "refused")).andExpect(status().isOk());
        answer(id, Map.of("state", "sent")).andExpect(status().isConflict());
        assertThat(get(id).at("/state").asString()).isEqualTo("refused");
        assertThat(store().messages(FakeMailStore.INBOX).getFirst().keywords()).contains(Keyword.MDN_SENT);
        assertThat(receipts()).isEmpty();
    }

    @Test
    void manyDevicesAtOnceTellOnce() throws Exception {
        var id = reading(asking("Race"));
        Callable<Integer> device = () ->
                answer(id, Map.of("state", "sent")).andReturn().getResponse().getStatus();
        try (var devices = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : devices.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> device).toList())) {
                assertThat(one.get()).isIn(200, 409);
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> receipts().size() == 1);
        awaitDone();
        assertThat(jdbc.sql("select count(*) from submission").query(Long.class).single())
                .isEqualTo(1);
        assertThat(receipts()).hasSize(1);
    }

    /** What the mail server did not take was not said, so it may be said again. */
    @Test
    void aReceiptThatWasRefusedByTheServerMayBeSentAgain() {
        var id = reading(asking("Bounced"));
        api.upstream().transport().refuses("anna@example.org", 550, "no");
        answer(id, Map.of("state", "sent"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("select state from submission")
                        .query(String.class)
                        .single()
                        .equals("REJECTED"));
        assertThat(get(id).at("/state").asString()).isEqualTo("asked");
        assertThat(store().messages(FakeMailStore.INBOX).getFirst().keywords()).doesNotContain(Keyword.MDN_SENT);
        api.upstream().transport().refuses("anna@example.org", 0, "");
        assertThat(api.json(answer(id, Map.of("state", "sent"))).at("/state").asString())
                .isEqualTo("sent");
        await().atMost(Duration.ofSeconds(20)).until(() -> receipts().size() == 1);
    }

    @Test
    void whatAnotherProgramAnsweredIsAnswered() throws Exception {
        store().holds(asking("Elsewhere"), Keyword.MDN_SENT);
        visitor = api.signedIn(name());
        var id = visitor.message("Elsewhere");
        assertThat(get(id).at("/state").asString()).isEqualTo("answered");
        for (var state : List.of("sent", "refused")) {
            answer(id, Map.of("state", state)).andExpect(status().isConflict());
        }
        assertThat(receipts()).isEmpty();
    }

    @Test
    void aMessageWhoseIdCannotBeNamedIsAnsweredWithoutIt() {
        var id = reading(asking("Odd id").header("Message-ID", "<ü b@example.org>"));
        answer(id, Map.of("state", "sent"));
        await().atMost(Duration.ofSeconds(20)).until(() -> receipts().size() == 1);
        assertThat(receipts().getFirst().text()).doesNotContain("Original-Message-ID");
    }

    @Test
    void aWishForSomebodyElseIsToldApart() {
        var id = reading(asking("Tracker").header(FIELD, "<count@tracker.example>"));
        assertThat(get(id).at("/elsewhere").asBoolean()).isTrue();
    }

    @Test
    void whatAsksNothingOrMayNotAskIsNone() throws Exception {
        store().holds(asking("Own").header("From", me));
        store().holds(asking("To me").header(FIELD, me));
        store().holds(Mails.plain("Plain"));
        store().holds(asking("Empty").header(FIELD, "undisclosed:;"));
        store().holds(asking("Odd").header(FIELD, "\"a b\"@x y, <a>b@c>"));
        store().holds("Junk", asking("Junk"));
        var id = reading(asking("Moved"));
        for (var subject : new String[] {"Own", "To me", "Plain", "Empty", "Odd", "Junk"}) {
            var one = visitor.message(subject.equals("Junk") ? "junk" : "inbox", subject);
            assertThat(api.json(visitor.get("/messages/" + one)).at("/receipt").isNull())
                    .as(subject)
                    .isTrue();
            visitor.get("/messages/" + one + "/receipt").andExpect(status().isNotFound());
            answer(one, Map.of("state", "sent")).andExpect(status().isNotFound());
        }
        api.signedIn("receipt-curious").get("/messages/" + id + "/receipt").andExpect(status().isNotFound());
        answer(id, Map.of("state", "perhaps"))
                .andExpect(jsonPath("$.errors[0].pointer").value("/state"));
        answer(id, Map.of("state", "sent", "subject", "a\r\nBcc: b@c.d"))
                .andExpect(jsonPath("$.errors[0].pointer").value("/subject"));
        assertThat(receipts()).isEmpty();
    }

    private Mail asking(String subject) {
        return Mails.plain(subject).header("To", me).header(FIELD, "Anna <anna@example.org>");
    }

    private String reading(Mail mail) {
        store().holds(mail);
        visitor = api.signedIn(name());
        return visitor.message(MimeReader.read(mail.bytes()).envelope().subject());
    }

    private String name() {
        return me.substring(0, me.indexOf('@'));
    }

    private FakeMailStore store() {
        return api.upstream().store(me);
    }

    private List<Sent> receipts() {
        return api.upstream().transport().sent().stream()
                .filter(sent -> sent.text().contains("rfc822;" + me))
                .toList();
    }

    private JsonNode get(String id) {
        return api.json(visitor.get("/messages/" + id + "/receipt"));
    }

    private ResultActions answer(String id, Map<String, Object> said) {
        return visitor.send(MockMvcRequestBuilders.put("/api/v1/messages/" + id + "/receipt")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(said)));
    }

    private void awaitDone() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("select count(*) from submission where state <> 'DONE'")
                                .query(Long.class)
                                .single()
                        == 0);
    }
}
