package dev.valija.followup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.json.JsonMapper;

/** Sent messages come into INBOX if nobody has answered them, once. The time is put into the past by the test. */
@ApiTest
class FollowUpTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final Instant TOMORROW =
            Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JsonMapper json;

    @Autowired
    Reminding reminding;

    private String me;
    private String friend;
    private Visitor visitor;
    private FakeMailStore store;

    @BeforeEach
    void someoneAndAFriend() {
        int number = PEOPLE.incrementAndGet();
        me = "waiting" + number + "@example.org";
        friend = "silent" + number + "@example.org";
        visitor = api.signedIn("waiting" + number);
        api.upstream().user(friend, "x");
        store = api.upstream().store(me);
    }

    @AfterEach
    void allIsWellAgain() {
        api.upstream().comesBack();
        api.upstream().transport().refuses(friend, 0, "");
    }

    @Test
    void whatNobodyHasAnsweredComesToTheInbox() throws Exception {
        sent("Question", friend);
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
        assertThat(store.messages("Sent")).hasSize(1);
        assertThat(waiting()).isEmpty();
        var shown = api.json(visitor.get("/mailboxes/" + mailbox("inbox") + "/messages"));
        assertThat(shown.at("/items/0/subject").asString()).isEqualTo("Question");

        remind();
        assertThat(inbox()).hasSize(1);
    }

    @Test
    void beforeItsTimeNothingComes() throws Exception {
        sent("Question", friend);
        reminding.work(account());
        assertThat(inbox()).isEmpty();
        assertThat(waiting()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"In-Reply-To", "References"})
    void anAnswerEndsIt(String field) throws Exception {
        sent("Question", friend);
        store.holds(answer(field).from("Luis", friend));
        remind();
        assertThat(inbox()).containsExactly("Re: Question");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void anAnswerThatIsFiledElsewhereEndsItToo() throws Exception {
        sent("Question", friend);
        store.holds("Archive", answer("In-Reply-To").from("Luis", friend));
        visitor.get("/accounts/" + visitor.accountId() + "/mailboxes");
        remind();
        assertThat(inbox()).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    /** They name the message and are from somebody else; nobody has answered all the same. */
    @Test
    void whatProgramsAnswerIsNoAnswer() throws Exception {
        sent("Question", friend);
        store.holds(answer("In-Reply-To").from("Luis", friend).header("Auto-Submitted", "auto-replied (vacation)"));
        store.holds(answer("References").from("Luis", friend).header("Precedence", "auto_reply"));
        store.holds(answer("In-Reply-To", "--b\n\nIt was read.\n--b--")
                .from("Luis", friend)
                .header("Content-Type", "multipart/report; report-type=disposition-notification; boundary=b"));
        remind();
        assertThat(inbox()).contains("Question [$followup]");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void whatSaysThatAPersonWroteItIsAnAnswer() throws Exception {
        sent("Question", friend);
        store.holds(answer("In-Reply-To").from("Luis", friend).header("Auto-Submitted", "no"));
        remind();
        assertThat(inbox()).containsExactly("Re: Question");
    }

    @Test
    void aReminderIsOfTheDayItComes() throws Exception {
        sent("Question", friend);
        jdbc.sql("update follow_up set since = since - interval '9 days'").update();
        remind();
        assertThat(store.messages("INBOX").getFirst().receivedAt())
                .isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    void whereTheServerKeepsNoSuchKeywordItIsUnreadAllTheSame() throws Exception {
        sent("Question", friend);
        store.failsAt("changeKeywords INBOX", 2, new UpstreamException.NotSupported("no keywords", null));
        remind();
        assertThat(inbox()).containsExactly("Question");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aMessageFiledElsewhereIsRemindedOfToo() throws Exception {
        sent("Question", friend);
        visitor.get("/accounts/" + visitor.accountId() + "/mailboxes");
        hurry();
        var message = api.json(visitor.get("/mailboxes/" + mailbox("sent") + "/messages"))
                .at("/items/0/id")
                .asString();
        visitor.patch("/messages", Map.of("ids", List.of(message), "mailboxId", mailbox("archive")))
                .andExpect(status().isOk());
        assertThat(store.messages("Sent")).isEmpty();
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void oneMailboxThatCannotBeReadStopsNoReminder() throws Exception {
        sent("Question", friend);
        hurry();
        api.upstream().store(me).holds("Archive", Mails.plain("new"));
        store.failsAt("changes Archive", 1, new UpstreamException.NotSupported("no", null));
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void whatOneAddsOneselfIsNoAnswer() throws Exception {
        sent("Question", friend);
        store.holds(answer("In-Reply-To").from("Me", me));
        remind();
        assertThat(inbox()).containsExactlyInAnyOrder("Re: Question", "Question [$followup]");
    }

    @Test
    void whatWentToOneselfTooIsNotThereTwice() throws Exception {
        sent("Question", friend, me);
        await().until(() -> inbox().size() == 1);
        store.marks("INBOX", store.messages("INBOX").getFirst().id(), Keyword.SEEN);
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "changeKeywords"})
    void whoDiesOverItIsFollowedByAnother(String step) throws Exception {
        sent("Question", friend);
        store.outlives(step);
        hurry();
        assertThatThrownBy(() -> reminding.work(account())).hasMessage("killed");
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
        assertThat(waiting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "changeKeywords"})
    void aLostReplyMakesNoSecondCopy(String step) throws Exception {
        sent("Question", friend);
        store.breaksOff(step, Integer.MAX_VALUE);
        remind();
        assertThat(tries()).isOne();
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void ofTwoNodesOneReminds() throws Exception {
        sent("Question", friend);
        hurry();
        store.holdsBack("append INBOX");
        var slow = Thread.ofVirtual().start(() -> reminding.work(account()));
        await().until(() -> store.calls().contains("append INBOX"));
        reminding.work(account());
        assertThat(store.calls()).filteredOn("append INBOX"::equals).hasSize(1);
        store.letsGo();
        slow.join();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void aServerThatTellsNoNewIdsDoesAsWell() throws Exception {
        sent("Question", friend);
        store.hidesNewIds();
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void whileTheServerIsAwayItWaits() throws Exception {
        sent("Question", friend);
        hurry();
        api.upstream().goesDown();
        reminding.work(account());
        assertThat(tries()).isOne();
        assertThat(waiting()).hasSize(1);
        api.upstream().comesBack();
        remind();
        assertThat(inbox()).containsExactly("Question [$followup]");
    }

    @Test
    void whatIsNotInSentIsWaitedForAndThenGivenUp() throws Exception {
        sent("Question", friend);
        store.expunges("Sent", store.messages("Sent").getFirst().id());
        remind();
        assertThat(tries()).isOne();
        jdbc.sql("update follow_up set remind_at = now() - interval '9 days' where account_id = ?")
                .param(account())
                .update();
        reminding.work(account());
        hurryDueOnly();
        reminding.work(account());
        assertThat(inbox()).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void whatDoesNotGoIsNotWaitedFor() throws Exception {
        var submission = api.json(send("Question", TOMORROW, 60, friend).andExpect(status().isAccepted()));
        assertThat(waiting()).hasSize(1);
        visitor.delete("/submissions/" + submission.at("/id").asString()).andExpect(status().isOk());
        assertThat(waiting()).isEmpty();

        api.upstream().transport().refuses(friend, 550, "no such user");
        send("Question", TOMORROW, 0, friend).andExpect(status().isAccepted());
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting().isEmpty());
    }

    @Test
    void theSameRequestAgainWaitsOnce() throws Exception {
        var key = UUID.randomUUID().toString();
        for (int i = 0; i < 2; i++) {
            sendWith(key, "Question", TOMORROW, 60, friend).andExpect(status().isAccepted());
        }
        assertThat(waiting()).hasSize(1);
    }

    @Test
    void whatIsSentAlreadyCanBeWaitedForListedAndCancelled() throws Exception {
        send("Question", null, 0, friend).andExpect(status().isAccepted());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> api.json(visitor.get("/mailboxes/" + mailbox("sent") + "/messages"))
                                .at("/items")
                                .size()
                        == 1);
        var message = api.json(visitor.get("/mailboxes/" + mailbox("sent") + "/messages"))
                .at("/items/0/id")
                .asString();
        for (int i = 0; i < 2; i++) {
            visitor.post("/follow-ups", Map.of("messageId", message, "remindAt", TOMORROW.toString()))
                    .andExpect(status().isCreated())
                    .andExpect(jsonPath("$.messageId").value(message))
                    .andExpect(jsonPath("$.remindAt").value(TOMORROW.toString()));
        }
        assertThat(waiting()).hasSize(1);
        var id = waiting().getFirst();
        visitor.delete("/follow-ups/" + id).andExpect(status().isNoContent());
        visitor.delete("/follow-ups/" + id).andExpect(status().isNotFound());
        assertThat(waiting()).isEmpty();
    }

    @Test
    void timesThatAreNoneAreNamed() throws Exception {
        send("Question", Instant.parse("2020-01-01T00:00:00Z"), 0, friend)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/remindAt"));
        send("Question", Instant.now().plusSeconds(30), 60, friend)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/remindAt"));
        visitor.post("/follow-ups", Map.of("messageId", "1-1", "remindAt", "2999-01-01T00:00:00Z"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/remindAt"));
        visitor.post("/follow-ups", Map.of("messageId", "1-1", "remindAt", TOMORROW.toString()))
                .andExpect(status().isNotFound());
        visitor.delete("/follow-ups/x").andExpect(status().isNotFound());
        visitor.get("/accounts/999999/follow-ups").andExpect(status().isNotFound());
    }

    /** It has gone, is in Sent, and in the index. */
    private void sent(String subject, String... to) throws Exception {
        send(subject, TOMORROW, 0, to).andExpect(status().isAccepted());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> store.messages("Sent").size() == 1
                        && api.json(visitor.get("/submissions"))
                                .at("/items/0/state")
                                .asString()
                                .equals("done"));
        assertThat(waiting()).hasSize(1);
    }

    private ResultActions send(String subject, Instant remindAt, int undoSeconds, String... to) {
        return sendWith(UUID.randomUUID().toString(), subject, remindAt, undoSeconds, to);
    }

    private ResultActions sendWith(String key, String subject, Instant remindAt, int undoSeconds, String... to) {
        var mail = new HashMap<String, Object>(Map.of(
                "from",
                person(me),
                "to",
                Stream.of(to).map(FollowUpTests::person).toList(),
                "subject",
                subject,
                "text",
                "Well?",
                "undoSeconds",
                undoSeconds));
        if (remindAt != null) {
            mail.put("remindAt", remindAt.toString());
        }
        return visitor.send(post("/api/v1/submissions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(mail))
                .header("Idempotency-Key", key));
    }

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>(Map.of("email", email));
        person.put("name", null);
        return person;
    }

    private Mail answer(String field) {
        return answer(field, "Hello");
    }

    private Mail answer(String field, String text) {
        var question = store.messages("Sent").getFirst().envelope().messageId();
        return Mails.plain("Re: Question", text).sentAt(Instant.now()).header(field, "<" + question + ">");
    }

    /** Its time has come. */
    private void remind() {
        hurry();
        reminding.work(account());
    }

    private void hurry() {
        // The index may have to read the mailboxes first, which are new here.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> jdbc.sql(
                                "select count(*) from mailbox where account_id = ? and selectable and sync <> 'complete'")
                        .param(account())
                        .query(Integer.class)
                        .single()
                        .equals(0));
        jdbc.sql("update follow_up set remind_at = now() - interval '1 second' where account_id = ?")
                .param(account())
                .update();
        hurryDueOnly();
    }

    private void hurryDueOnly() {
        jdbc.sql("update follow_up set due_at = now() - interval '1 second' where account_id = ?")
                .param(account())
                .update();
    }

    private int tries() {
        return jdbc.sql("select tries from follow_up where account_id = ?")
                .param(account())
                .query(Integer.class)
                .single();
    }

    private List<String> waiting() {
        return api.json(visitor.get("/accounts/" + visitor.accountId() + "/follow-ups"))
                .at("/items")
                .valueStream()
                .map(item -> item.at("/id").asString())
                .toList();
    }

    private List<String> inbox() {
        return store.messages("INBOX").stream().map(FollowUpTests::shown).toList();
    }

    private static String shown(RemoteMessage message) {
        return message.envelope().subject() + (message.keywords().isEmpty() ? "" : " " + message.keywords());
    }

    private long account() {
        return Long.parseLong(visitor.accountId());
    }

    private String mailbox(String role) {
        return api.json(visitor.get("/accounts/" + visitor.accountId() + "/mailboxes"))
                .at("/items")
                .valueStream()
                .filter(one -> one.at("/role").asString("").equals(role))
                .findFirst()
                .orElseThrow()
                .at("/id")
                .asString();
    }
}
