package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeTransport.Sent;
import dev.valija.support.Mails;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class RedirectTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final String FRIEND = "redirected@example.org";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JsonMapper json;

    @Autowired
    Outbox outbox;

    private String me;
    private Visitor visitor;
    private String message;

    @BeforeEach
    void someoneWithAMessage() {
        String name = "redirecter" + PEOPLE.incrementAndGet();
        me = Api.address(name);
        var store = api.upstream().user(me, Api.password());
        store.holds(Mails.plain("Sent on", "Grüße\r\n.\r\nBcc: text").header("Bcc", "secret@example.org"));
        api.upstream().user(FRIEND, "x");
        visitor = api.signedIn(name);
        message = visitor.message("Sent on");
    }

    @AfterEach
    void allIsWellAgain() {
        jdbc.sql("delete from submission").update();
    }

    @Test
    void itReachesOthersAsItIsAndACopyIsInSent() {
        var id = redirect("go", Map.of("bcc", List.of(person("hidden@example.org"))));
        awaitState(id, "done");

        var sent = lastSent();
        assertThat(sent.from()).isEqualTo(me);
        assertThat(sent.recipients()).containsExactly(FRIEND, "hidden@example.org");
        assertThat(sent.text())
                .startsWith("Resent-From: " + me + "\r\nResent-To: " + FRIEND + "\r\nResent-Date: ")
                .contains("\r\nFrom: Anna Example <anna@example.org>\r\n")
                .contains("Message-ID: <" + Mails.plain("Sent on").messageId() + ">")
                .doesNotContain("secret", "hidden");
        var copies = store().messages("Sent");
        assertThat(copies).hasSize(1);
        var copy = new String(store().bytes("Sent", copies.getFirst().id()), StandardCharsets.ISO_8859_1);
        assertThat(copy).startsWith("Resent-Bcc: hidden@example.org\r\nResent-From: ");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                store().messages(FakeMailStore.INBOX).getFirst().keywords())
                        .contains(Keyword.FORWARDED));
    }

    @Test
    void theSameWishIsDoneOnceAndAnotherNeedsAnotherKey() throws Exception {
        var id = redirect("twice", Map.of("undoSeconds", 60));
        assertThat(redirect("twice", Map.of("undoSeconds", 60))).isEqualTo(id);
        post("twice", Map.of("undoSeconds", 50)).andExpect(status().isConflict());
        assertThat(api.json(visitor.delete("/submissions/" + id)).at("/state").asString())
                .isEqualTo("cancelled");
    }

    /** What lies in Sent with its Message-ID is the message itself, not the copy of its being sent on. */
    @Test
    void ofALostReplyTheCopyIsLookedForByItsOwnId() {
        var id = redirect("lost", Map.of("undoSeconds", 120));
        store().holds("Sent", Mails.plain("Sent on"));
        jdbc.sql("""
                        update submission set state = 'RESOLVE', due_at = now(), claim = gen_random_uuid(),
                               claimed_until = now() - interval '1 second'
                        """).update();
        outbox.wake();
        await().atMost(Duration.ofSeconds(20)).until(() -> waiting() == 1);
        store().receives("Sent", frozen(), Instant.now(), Set.of());
        jdbc.sql("update submission set due_at = now()").update();
        outbox.wake();
        awaitState(id, "done");
        assertThat(store().messages("Sent")).hasSize(2);
    }

    @Test
    void whatCannotBeSentOnIsNamed() throws Exception {
        refused(Map.of("to", List.of()), "/to");
        refused(Map.of("to", List.of(person("a b@c"))), "/to/0/email");
        refused(Map.of("cc", List.of(person(FRIEND), person("x\r\ny@example.org"))), "/cc/1/email");
        refused(Map.of("from", person("somebody@example.org")), "/from/email");
        refused(Map.of("undoSeconds", 121), "/undoSeconds");
        refused(Map.of("sendAt", "2099-01-01T00:00:00Z"), "/sendAt");
        var other = api.signedIn("redirect-curious");
        other.send(request("other", Map.of("from", person(Api.address("redirect-curious")))))
                .andExpect(status().isNotFound());
        assertThat(jdbc.sql("select count(*) from submission").query(Long.class).single())
                .isZero();
    }

    private void refused(Map<String, Object> broken, String pointer) throws Exception {
        post("bad", broken)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    private String redirect(String key, Map<String, Object> more) {
        var answer = post(key, more);
        assertThat(answer.andReturn().getResponse().getStatus()).isEqualTo(202);
        return api.json(answer).at("/id").asString();
    }

    private ResultActions post(String key, Map<String, Object> more) {
        return visitor.send(request(key, more));
    }

    private MockHttpServletRequestBuilder request(String key, Map<String, Object> more) {
        var wish = new HashMap<String, Object>();
        wish.put("from", person(me));
        wish.put("to", List.of(person(FRIEND)));
        wish.putAll(more);
        return MockMvcRequestBuilders.post("/api/v1/messages/" + message + "/redirect")
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(wish));
    }

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>();
        person.put("name", null);
        person.put("email", email);
        return person;
    }

    private FakeMailStore store() {
        return api.upstream().store(me);
    }

    private Sent lastSent() {
        return api.upstream().transport().sent().getLast();
    }

    private byte[] frozen() {
        return jdbc.sql("select message from submission").query(byte[].class).single();
    }

    private int waiting() {
        return jdbc.sql("select attempts from submission where state = 'RESOLVE' and claim is null")
                .query(Integer.class)
                .optional()
                .orElse(-1);
    }

    private void awaitState(String id, String wanted) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(api.json(visitor.get("/submissions/" + id))
                                .at("/state")
                                .asString())
                        .isEqualTo(wanted));
    }
}
