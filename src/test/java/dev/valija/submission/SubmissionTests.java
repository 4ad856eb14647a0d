package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageKey;
import dev.valija.message.Address;
import dev.valija.message.Keyword;
import dev.valija.message.MimeReader;
import dev.valija.message.OutgoingCalendar;
import dev.valija.submission.Claims.Job;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeTransport;
import dev.valija.support.Mails;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class SubmissionTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final String LONG_ID =
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.org";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JsonMapper json;

    @Autowired
    Outbox outbox;

    @Autowired
    Claims claims;

    @Autowired
    Submissions submissions;

    @Autowired
    Accounts accounts;

    @Autowired
    Mailboxes mailboxes;

    @Autowired
    ConfigurableApplicationContext context;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ApplicationListener<PayloadApplicationEvent<SubmissionChanged>> listener = event -> {
        var changed = event.getPayload();
        told.add(changed.accountId() + "-" + changed.submissionId() + " " + changed.state());
    };
    private String me;
    private String friend;
    private Visitor visitor;

    @BeforeEach
    void someoneAndAFriend() {
        jdbc.sql("delete from submission").update(); // other classes leave theirs
        int number = PEOPLE.incrementAndGet();
        me = "sender" + number + "@example.org";
        friend = "friend" + number + "@example.org";
        visitor = api.signedIn("sender" + number);
        api.upstream().user(friend, "x");
        context.addApplicationListener(listener);
    }

    @AfterEach
    void allIsWellAgain() {
        context.removeApplicationListener(listener);
        api.upstream().comesBack();
        transport().refusesMessages(0, "");
        transport().refuses(friend, 0, "");
        transport().limitsSize(30_000_000);
        jdbc.sql("delete from submission").update();
    }

    @Test
    void anAnswerIsKeptWithWhatBelongsToItOrNotAtAll() {
        var user = new UserId(jdbc.sql("select user_id from account where id = ?")
                .param(account())
                .query(Long.class)
                .single());
        var answer = new OutgoingAnswer(
                accounts.identities(account()).getFirst(),
                new Address(null, friend),
                "Accepted: Walk",
                "I come",
                new OutgoingCalendar("REPLY", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
                new MessageKey(account(), 1),
                60,
                new Wish("yes"));
        var key = new IdempotencyKey("answer");
        assertThatThrownBy(() -> submissions.send(user, key, answer, id -> {
                    throw new IllegalStateException("nothing more can be kept");
                }))
                .hasMessage("nothing more can be kept");
        assertThat(submissions.list(user)).isEmpty();

        var alongside = new ArrayList<Long>();
        var made = submissions.send(user, key, answer, alongside::add);
        submissions.send(user, key, answer, alongside::add);
        submissions.cancel(user, SubmissionKey.parse(made.id()));
        submissions.send(user, key, answer, alongside::add);
        assertThat(alongside).as("not once it was taken back").hasSize(2);
    }

    private record Wish(String status) {}

    @Test
    void aMessageIsSentAndOneCopyIsInSent() {
        var request = request(Map.of(
                "subject", "Grüße",
                "html", "<p>Hi</p>",
                "bcc", List.of(person("hidden@example.org"))));
        api.upstream().user("hidden@example.org", "x");
        var answer = submit("key-1", request);
        var id = id(answer);

        var done = awaitState(id, "done");
        assertThat(done.at("/recipients")).hasSize(2);
        assertThat(done.at("/recipients/0/state").asString()).isEqualTo("accepted");
        var sent = transport().sent().getLast();
        assertThat(sent.from()).isEqualTo(me);
        assertThat(sent.recipients()).containsExactly(friend, "hidden@example.org");
        assertThat(sent.text()).doesNotContain("hidden");
        var copies = store().messages("Sent");
        assertThat(copies).hasSize(1);
        assertThat(copies.getFirst().keywords()).contains(Keyword.SEEN);
        var copy = MimeReader.read(store().bytes("Sent", copies.getFirst().id()));
        assertThat(copy.envelope().bcc()).containsExactly(new Address(null, "hidden@example.org"));
        assertThat(copy.envelope().messageId()).isEqualTo(done.at("/messageId").asString());
        assertThat(copy.envelope().subject()).isEqualTo("Grüße");
        assertThat(statesOf(id)).containsExactly("talking", "gate", "accepted", "filed", "done");
    }

    @Test
    void whoIsBeyondAsciiIsWrittenToAndKeptInTheCopy() {
        api.upstream().user("почта@example.org", "x");
        api.upstream().user("用户@example.org", "x");
        var request =
                request(Map.of("to", List.of(person("почта@example.org")), "bcc", List.of(person("用户@example.org"))));
        awaitState(id(submit("beyond", request)), "done");
        var sent = transport().sent().getLast();
        assertThat(sent.recipients()).containsExactly("почта@example.org", "用户@example.org");
        assertThat(MimeReader.read(sent.message()).envelope().to())
                .containsExactly(new Address(null, "почта@example.org"));
        assertThat(sent.text()).doesNotContain("用户");
        var copy = store().bytes("Sent", store().messages("Sent").getFirst().id());
        assertThat(MimeReader.read(copy).envelope().bcc()).containsExactly(new Address(null, "用户@example.org"));
    }

    @Test
    void whileEverybodyIsBusyItIsQueued() {
        var places = new ArrayList<Outbox.Place>();
        long someone = 0;
        for (var place = outbox.place(someone); place.isPresent(); place = outbox.place(--someone)) {
            places.add(place.get());
        }
        var id = id(submit("busy", request(Map.of())));
        assertThat(current(id)).isEqualTo("queued");

        places.forEach(Outbox.Place::close);
        awaitState(id, "done");
        assertThat(statesOf(id)).containsExactly("queued", "talking", "gate", "accepted", "filed", "done");
    }

    @Test
    void whoHasTwoOnTheirWayWaitsForOneOfThem() {
        try (var one = outbox.place(account()).orElseThrow();
                var two = outbox.place(account()).orElseThrow()) {
            assertThat(one.claim()).isNotEqualTo(two.claim());
            assertThat(outbox.place(account())).isEmpty();
            assertThat(outbox.place(account() + 1).stream().peek(Outbox.Place::close))
                    .as("others do not")
                    .hasSize(1);
            var id = id(submit("third", request(Map.of())));
            // The loop may have it at once: two places without a submission are none to the database.
            awaitState(id, "done");
            assertThat(statesOf(id)).startsWith("queued");
        }
    }

    @Test
    void anOutboxThatStopsLeavesItForTheNextStart() {
        int before = transport().sent().size();
        outbox.stop();
        try {
            assertThat(current(id(submit("stopped", request(Map.of()))))).isEqualTo("queued");
            assertThat(transport().sent()).hasSize(before);
        } finally {
            outbox.start();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> transport().sent().size() == before + 1);
    }

    @Test
    void whoSendsItAtOnceHoldsTheClaimFromItsFirstCommitOn() {
        var claimed = new CopyOnWriteArrayList<Boolean>();
        ApplicationListener<PayloadApplicationEvent<SubmissionChanged>> first = event -> {
            if (event.getPayload().state().equals("talking")) {
                claimed.add(jdbc.sql("select claimed_until > now() from submission where state = 'TALKING'")
                        .query(Boolean.class)
                        .single());
            }
        };
        context.addApplicationListener(first);
        try {
            awaitState(id(submit("claimed", request(Map.of()))), "done");
        } finally {
            context.removeApplicationListener(first);
        }

        assertThat(claimed).containsExactly(true);
    }

    @Test
    void theSameKeyAndRequestIsTheSameSubmission() throws Exception {
        int before = transport().sent().size();
        var first = id(submit("again", request(Map.of("subject", "One"))));
        awaitState(first, "done");

        assertThat(id(submit("again", request(Map.of("subject", "One"))))).isEqualTo(first);
        post("again", request(Map.of("subject", "Two")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/idempotency-key-reused"));
        assertThat(transport().sent()).hasSize(before + 1);
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void theSameRequestManyTimesAtOnceIsSentOnce() throws Exception {
        int before = transport().sent().size();
        var ids = new ArrayList<Future<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                ids.add(threads.submit(() -> id(submit("rush", request(Map.of("subject", "Rush"))))));
            }
        }
        var first = ids.getFirst().get();

        for (var id : ids) {
            assertThat(id.get()).isEqualTo(first);
        }
        awaitState(first, "done");
        assertThat(transport().sent()).hasSize(before + 1);
    }

    @Test
    void twoUsersMayTakeTheSameKey() {
        submit("common", request(Map.of()));
        var other = api.signedIn("othersender");
        var theirs = api.perform(MockMvcRequestBuilders.post("/api/v1/submissions")
                .header("Authorization", "Bearer " + other.token())
                .header("Idempotency-Key", "common")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(
                        Map.of("from", person("othersender@example.org"), "to", List.of(person(friend))))));

        assertThat(theirs.andReturn().getResponse().getStatus()).isEqualTo(202);
    }

    @Test
    void whatCannotBeSentIsNamed() throws Exception {
        refusedWith(Map.of("from", person("ceo@example.com")), "/from/email");
        refusedWith(Map.of("to", List.of()), "/to");
        refusedWith(Map.of("to", List.of(person(friend), person("no address"))), "/to/1/email");
        refusedWith(Map.of("cc", List.of(person("a@b@c"))), "/cc/0/email");
        refusedWith(Map.of("bcc", List.of(person("x@y\r\nRCPT TO:<z@y>"))), "/bcc/0/email");
        refusedWith(Map.of("subject", "a\r\nBcc: x@example.org"), "/subject");
        refusedWith(Map.of("inReplyTo", "nonsense"), "/inReplyTo");
        refusedWith(Map.of("inReplyTo", "999999999-1"), "/inReplyTo");
        refusedWith(Map.of("attachments", List.of(Map.of("content", "%%%"))), "/attachments/0/content");
        refusedWith(Map.of("attachments", List.of(Map.of("name", "x"))), "/attachments/0");
        refusedWith(
                Map.of("attachments", List.of(Map.of("messageId", "1-1", "partId", "2"))), "/attachments/0/messageId");
        refusedWith(Map.of("sendAt", "2999-01-01T00:00:00Z"), "/sendAt");
        refusedWith(Map.of("undoSeconds", 121), "/undoSeconds");
        visitor.post("/submissions", request(Map.of())).andExpect(status().isBadRequest());
        post("k".repeat(201), request(Map.of())).andExpect(status().isBadRequest());
        assertThat(rows()).isZero();
    }

    @Test
    void withinTheUndoWindowItCanBeTakenBack() throws Exception {
        int before = transport().sent().size();
        var held = api.json(submit("undo", request(Map.of("undoSeconds", 60))));
        assertThat(held.at("/state").asString()).isEqualTo("held");
        assertThat(held.at("/cancellable").asBoolean()).isTrue();
        assertThat(Instant.parse(held.at("/sendAt").asString()))
                .isAfter(Instant.now().plusSeconds(30));
        var id = held.at("/id").asString();

        visitor.delete("/submissions/" + id)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("cancelled"))
                .andExpect(jsonPath("$.cancellable").value(false));
        visitor.delete("/submissions/" + id).andExpect(status().isConflict());
        hurry();
        assertThat(transport().sent()).hasSize(before);
        assertThat(statesOf(id)).containsExactly("held", "cancelled");
    }

    @Test
    void aScheduledMessageGoesAtItsTime() {
        var time = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        var id = id(submit("later", request(Map.of("sendAt", time.toString()))));
        assertThat(state(id).at("/state").asString()).isEqualTo("held");
        assertThat(MimeReader.read(frozen()).envelope().sentAt()).isEqualTo(time);
        assertThat(transport().sent()).noneMatch(sent -> sent.from().equals(me));

        hurry();
        awaitState(id, "done");
        assertThat(transport().sent())
                .filteredOn(sent -> sent.from().equals(me))
                .hasSize(1);
    }

    @Test
    void aConnectionLostBeforeTheGateMeansAnotherTry() {
        transport().cutsBeforeFinalDot();
        var id = id(submit("cut", request(Map.of())));
        var retry = awaitState(id, "retry");
        assertThat(retry.at("/cancellable").asBoolean()).isTrue();
        assertThat(retry.at("/recipients/0/state").asString()).isEqualTo("pending");
        assertThat(Instant.parse(retry.at("/sendAt").asString()))
                .isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(70));

        hurry();
        awaitState(id, "done");
        assertThat(api.upstream().store(friend).messages(FakeMailStore.INBOX)).hasSize(1);
        assertThat(store().messages("Sent")).hasSize(1);
        assertThat(statesOf(id)).containsSubsequence("talking", "retry", "talking", "gate", "done");
    }

    @Test
    void triesComeLessAndLessOften() {
        transport().refuses(friend, 451, "Greylisted");
        var id = id(submit("grey", request(Map.of())));
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 9; i++) {
            int tries = i + 1;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> attempts() == tries && current(id).equals("retry"));
            waits.add(secondsToWait());
            hurry();
        }

        assertThat(waits).containsExactly(60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L, 3600L);
        assertThat(state(id).at("/recipients/0/detail").asString()).isEqualTo("Greylisted");
    }

    @Test
    void afterFiveDaysItIsGivenUp() {
        transport().refuses(friend, 451, "Greylisted");
        var id = id(submit("days", request(Map.of())));
        awaitState(id, "retry");
        jdbc.sql("update submission set give_up_at = now() - interval '1 second'")
                .update();

        hurry();
        var rejected = awaitState(id, "rejected");
        assertThat(rejected.at("/recipients/0/state").asString()).isEqualTo("refused");
    }

    @Test
    void aPermanentRefusalEndsItWithTheServersWords() {
        transport().refuses(friend, 550, "No such user");
        var rejected = awaitState(id(submit("no", request(Map.of()))), "rejected");

        assertThat(rejected.at("/recipients/0/state").asString()).isEqualTo("refused");
        assertThat(rejected.at("/recipients/0/detail").asString()).isEqualTo("No such user");
        assertThat(store().messages("Sent")).isEmpty();
    }

    @Test
    void aMessageRefusedBehindTheGateWentToNobody() {
        transport().refusesMessages(554, "Looks like spam");
        var rejected = awaitState(id(submit("spam", request(Map.of()))), "rejected");

        assertThat(rejected.at("/recipients/0/detail").asString()).isEqualTo("Looks like spam");
    }

    @Test
    void aTemporaryRefusalBehindTheGateIsTriedAgain() {
        transport().refusesMessages(451, "Try later");
        var id = id(submit("later", request(Map.of())));
        awaitState(id, "retry");

        transport().refusesMessages(0, "");
        hurry();
        awaitState(id, "done");
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void oneRefusedRecipientDoesNotHoldUpTheOthers() {
        transport().refuses(friend, 550, "No such user");
        var done = awaitState(id(submit("some", request(Map.of("cc", List.of(person(me)))))), "done");

        assertThat(done.at("/recipients/0/state").asString()).isEqualTo("refused");
        assertThat(done.at("/recipients/1/state").asString()).isEqualTo("accepted");
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void whoCannotBeReachedNowIsTriedAgainAlone() {
        transport().refuses(friend, 452, "Too many recipients");
        var first = id(submit("part", request(Map.of("cc", List.of(person(me))))));
        var done = awaitState(first, "done");
        assertThat(done.at("/recipients")).hasSize(1);
        assertThat(done.at("/recipients/0/state").asString()).isEqualTo("accepted");

        var items = api.json(visitor.get("/submissions")).at("/items");
        assertThat(items).hasSize(2);
        var rest = items.get(0).at("/id").asString();
        assertThat(current(rest)).isEqualTo("retry");
        assertThat(state(rest).at("/recipients/0/email").asString()).isEqualTo(friend);
        assertThat(state(rest).at("/recipients/0/detail").asString()).isEqualTo("Too many recipients");

        transport().refuses(friend, 0, "");
        hurry();
        awaitState(rest, "done");
        assertThat(transport().sent().stream()
                        .filter(sent -> sent.from().equals(me))
                        .map(FakeTransport.Sent::recipients))
                .containsExactly(List.of(me), List.of(friend));
        assertThat(store().messages("Sent")).as("one message, one copy").hasSize(1);
    }

    @Test
    void aLostReplyMakesNobodyReachedWhoWasRefused() {
        transport().refuses(friend, 550, "No such user");
        transport().takesAndCuts();
        var id = id(submit("found", request(Map.of("cc", List.of(person(me))))));
        awaitState(id, "resolve");
        store().receives("Sent", transport().sent().getLast().message(), Instant.now(), Set.of());

        await().atMost(Duration.ofSeconds(20)).until(() -> attempts() == 1);
        hurry();
        var done = awaitState(id, "done");
        assertThat(done.at("/recipients/0/state").asString()).isEqualTo("refused");
        assertThat(done.at("/recipients/1/state").asString()).isEqualTo("accepted");
    }

    @Test
    void triesBehindTheGateComeLessAndLessOftenToo() {
        transport().refusesMessages(451, "Try later");
        var id = id(submit("451", request(Map.of())));
        for (long wait : List.of(60L, 120L, 240L)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> current(id).equals("retry") && secondsToWait() == wait);
            hurry();
        }
    }

    @Test
    void aRefusedPasswordIsNotTriedForEachMessage() {
        api.upstream().refusesToSend(new UpstreamException.CredentialsRejected("no", null));
        var first = id(submit("one", request(Map.of())));
        awaitState(first, "retry");
        assertThat(secondsToWait()).isEqualTo(900);
        jdbc.sql("update submission set give_up_at = now() + interval '1 hour', attempts = 7")
                .update();
        hurry();
        await().atMost(Duration.ofSeconds(20)).until(() -> attempts() == 8);
        assertThat(current(first)).as("a new password will do").isEqualTo("retry");

        jdbc.sql("update submission set due_at = now() + interval '1 minute'").update();
        submit("two", request(Map.of()));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(jdbc.sql("""
                                select count(*) from submission
                                 where state = 'RETRY' and due_at > now() + interval '14 minutes'
                                """).query(Integer.class).single())
                                .as("those that wait are not tried before either")
                                .isEqualTo(2));
    }

    @Test
    void eachRecipientIsToldWhatWasSaidOfThem() {
        transport().refuses(friend, 550, "No such user");
        transport().refusesMessages(554, "Looks like spam");
        var mixed = request(Map.of("cc", List.of(person(me))));
        var rejected = awaitState(id(submit("mixed", mixed)), "rejected");

        assertThat(rejected.at("/recipients/1/detail").asString()).isEqualTo("Looks like spam");
        assertThat(rejected.at("/recipients/1/state").asString()).isEqualTo("refused");
        assertThat(rejected.at("/recipients/0/state").asString()).isEqualTo("refused");
    }

    @Test
    void whereThereIsNoSentOneIsMadeAndFoundAgain() {
        store().deleteMailbox("Sent");
        awaitState(id(submit("first", request(Map.of()))), "done");
        awaitState(id(submit("second", request(Map.of()))), "done");

        assertThat(store().messages("Sent")).hasSize(2);
    }

    @Test
    void aMessageTooLargeForTheServerIsNotEvenTried() {
        transport().limitsSize(100);
        var rejected = awaitState(id(submit("large", request(Map.of()))), "rejected");

        assertThat(rejected.at("/recipients/0/detail").asString()).contains("100");
    }

    @Test
    void aLostReplyIsNeverSentAgainByItself() {
        transport().takesAndCuts();
        int before = transport().sent().size();
        var id = id(submit("lost", request(Map.of())));
        awaitState(id, "resolve");

        for (int i = 0; i < 2; i++) {
            int tries = i + 1;
            await().atMost(Duration.ofSeconds(20)).until(() -> attempts() == tries);
            hurry();
        }
        var unknown = awaitState(id, "unknown");
        hurry();
        assertThat(unknown.at("/recipients/0/state").asString()).isEqualTo("pending");
        assertThat(unknown.at("/cancellable").asBoolean()).isFalse();
        assertThat(transport().sent()).hasSize(before + 1);
        assertThat(store().messages("Sent")).isEmpty();
    }

    @Test
    void aLostReplyIsResolvedByTheProvidersOwnCopy() {
        transport().takesAndCuts();
        var id = id(submit("found", request(Map.of())));
        awaitState(id, "resolve");
        // It has been looked for once, in vain: the provider is a little late.
        await().atMost(Duration.ofSeconds(20)).until(() -> attempts() == 1);
        store().receives("Sent", transport().sent().getLast().message(), Instant.now(), java.util.Set.of());

        hurry();
        var done = awaitState(id, "done");
        assertThat(done.at("/recipients/0/state").asString()).isEqualTo("accepted");
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void whatWasBeingSaidWhenAProcessDiedIsSaidAnew() {
        var id = heldAs("talking-died", "TALKING");

        outbox.wake();
        awaitState(id, "done");
        assertThat(api.upstream().store(friend).messages(FakeMailStore.INBOX)).hasSize(1);
    }

    @Test
    void whatStoodAtTheGateWhenAProcessDiedIsLookedForAndNeverSent() {
        int before = transport().sent().size();
        var id = heldAs("gate-died", "GATE");

        outbox.wake();
        for (int i = 0; i < 2; i++) {
            int tries = i + 1;
            await().atMost(Duration.ofSeconds(20)).until(() -> current(id).equals("resolve") && attempts() == tries);
            hurry();
        }
        awaitState(id, "unknown");
        assertThat(transport().sent()).hasSize(before);
    }

    @Test
    void aCopyPutIntoSentBeforeTheProcessDiedIsNotPutThereTwice() {
        var id = heldAs("filed-died", "ACCEPTED");
        store().receives("Sent", frozen(), Instant.now(), java.util.Set.of());

        outbox.wake();
        awaitState(id, "done");
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void theCopyWaitsForAProviderThatIsDown() {
        api.upstream().failsWith(new UpstreamException.Unavailable("down", null));
        var id = heldAs("down", "ACCEPTED");
        outbox.wake();
        await().atMost(Duration.ofSeconds(20)).until(() -> attempts() == 1);
        assertThat(current(id)).isEqualTo("accepted");

        api.upstream().comesBack();
        hurry();
        awaitState(id, "done");
        assertThat(store().messages("Sent")).hasSize(1);
    }

    @Test
    void whoHasLostTheClaimDoesNotPassTheGate() {
        var key = SubmissionKey.parse(heldAs("fenced", "TALKING", Instant.now().plusSeconds(600)));
        jdbc.sql("update submission set claim = ?").param(UUID.randomUUID()).update();
        var job = new Job(key, new UserId(1), SubmissionState.TALKING, UUID.randomUUID(), 0, false);

        assertThatThrownBy(() -> claims.step(job, SubmissionState.GATE)).isInstanceOf(Claims.LostException.class);
        assertThat(current(key.toString())).isEqualTo("talking");
    }

    @Test
    void anAnswerNamesAndMarksItsParent() {
        var parent = store().holds(Mails.plain("Question"));
        var parentMail =
                MimeReader.read(store().bytes(FakeMailStore.INBOX, parent)).envelope();
        var inbox = mailboxes.byRole(account(), MailboxRole.INBOX).orElseThrow();
        var parentId = indexed();

        awaitState(id(submit("reply", request(Map.of("subject", "Re: Question", "inReplyTo", parentId)))), "done");

        var answer = MimeReader.read(transport().sent().getLast().message()).envelope();
        assertThat(answer.inReplyTo()).containsExactly(parentMail.messageId());
        assertThat(answer.references()).endsWith(parentMail.messageId());
        assertThat(store().messages(FakeMailStore.INBOX).getFirst().keywords()).contains(Keyword.ANSWERED);
        assertThat(jdbc.sql(
                                "select '$answered' = any (keywords) from message_place where account_id = ? and mailbox_id = ?")
                        .param(account())
                        .param(inbox.key().id())
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void ofTwoAccountsWithOneAddressTheOneAnswers() {
        long other = jdbc.sql("""
                        insert into account (user_id, first, address, name, login_name, store_host, store_port,
                               store_security, transport_host, transport_port, transport_security, master_key,
                               data_key, password)
                        select user_id, false, address, 'other', 'other', store_host, store_port, store_security,
                               transport_host, transport_port, transport_security, master_key, data_key, password
                          from account where id = ?
                        returning id
                        """).param(account()).query(Long.class).single();
        jdbc.sql("insert into identity (account_id, name, email) values (?, 'other', ?)")
                .params(other, me)
                .update();
        for (long answered : List.of(other, account())) {
            var made = api.json(
                    submit("to " + answered, request(Map.of("inReplyTo", answered + "-1", "undoSeconds", 60))));
            assertThat(made.at("/accountId").asLong()).isEqualTo(answered);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1$a@J\u00fcrgen-PC", LONG_ID})
    void whatHasAnOddNameCanBeAnswered(String messageId) {
        store().holds(Mails.plain("Odd").messageId(messageId));
        awaitState(id(submit("odd", request(Map.of("inReplyTo", indexed())))), "done");

        var answer = MimeReader.read(transport().sent().getLast().message()).envelope();
        assertThat(answer.inReplyTo()).isEmpty();
        assertThat(answer.references()).isEmpty();
    }

    @Test
    void aPartOfAMessageCanBeForwarded() {
        store().holds(Mails.withAttachment("Report", "report.pdf", "application/pdf", Mails.noise(5000)));
        var parentId = indexed();
        var attachments = List.of(
                Map.of("messageId", parentId, "partId", "2"),
                Map.of(
                        "name",
                        "note.txt",
                        "type",
                        "text/plain",
                        "content",
                        Base64.getEncoder().encodeToString("hi".getBytes(StandardCharsets.US_ASCII))));

        awaitState(id(submit("fwd", request(Map.of("forwardOf", parentId, "attachments", attachments)))), "done");

        var sent = MimeReader.read(transport().sent().getLast().message());
        var parts = sent.structure().children();
        assertThat(parts.get(1).name()).isEqualTo("report.pdf");
        assertThat(sent.decoded(parts.get(1)).orElseThrow()).isEqualTo(Mails.noise(5000));
        assertThat(sent.decoded(parts.get(2)).orElseThrow()).asString().isEqualTo("hi");
        assertThat(store().messages(FakeMailStore.INBOX).getFirst().keywords()).contains(Keyword.FORWARDED);
    }

    @Test
    void aFileOutOfAPackageCanBeForwarded() throws IOException {
        byte[] packed = Files.readAllBytes(Path.of("src/test/resources/mail/tnef-attachments.eml"));
        store().receives(FakeMailStore.INBOX, packed, Mails.NOON, Set.of());
        var attachments = List.of(Map.of("messageId", indexed(), "partId", "2~2"));

        awaitState(id(submit("packed", request(Map.of("attachments", attachments)))), "done");

        var sent = MimeReader.read(transport().sent().getLast().message());
        var part = sent.structure().children().get(1);
        assertThat(part.name()).isEqualTo("notes.txt");
        assertThat(sent.decoded(part).orElseThrow()).hasSize(7);
    }

    @Test
    void whatIsToGoIsListedBeforeWhatIsDone() throws Exception {
        var due = Instant.now().plusSeconds(3600).toString();
        var scheduled = id(submit("scheduled", request(Map.of("sendAt", due))));
        var takenBack = id(submit("back", request(Map.of("undoSeconds", 60))));
        visitor.delete("/submissions/" + takenBack).andExpect(status().isOk());
        var done = id(submit("done", request(Map.of())));
        awaitState(done, "done");

        var items = api.json(visitor.get("/submissions")).at("/items");
        assertThat(items.valueStream().map(item -> item.at("/id").asString()))
                .containsExactly(scheduled, done, takenBack);
        assertThat(items.valueStream())
                .allSatisfy(item -> assertThat(
                                Instant.parse(item.at("/changedAt").asString()))
                        .isAfterOrEqualTo(Instant.parse(item.at("/createdAt").asString())));
    }

    @Test
    void nobodySeesTheSubmissionsOfOthers() throws Exception {
        var id = id(submit("mine", request(Map.of("undoSeconds", 60))));
        var other = api.signedIn("curious");

        other.get("/submissions/" + id).andExpect(status().isNotFound());
        other.delete("/submissions/" + id).andExpect(status().isNotFound());
        assertThat(api.json(other.get("/submissions")).at("/items")).isEmpty();
        assertThat(api.json(visitor.get("/submissions")).at("/items")).hasSize(1);
        visitor.get("/submissions/nonsense").andExpect(status().isNotFound());
    }

    private FakeTransport transport() {
        return api.upstream().transport();
    }

    private FakeMailStore store() {
        return api.upstream().store(me);
    }

    private long account() {
        return Long.parseLong(visitor.accountId());
    }

    private Map<String, Object> request(Map<String, ?> more) {
        var request = new HashMap<String, Object>();
        request.put("from", person(me));
        request.put("to", List.of(person(friend)));
        request.put("subject", "Hi");
        request.put("text", "Hello");
        request.putAll(more);
        return request;
    }

    private static Map<String, Object> person(String email) {
        var person = new HashMap<String, Object>();
        person.put("name", null);
        person.put("email", email);
        return person;
    }

    private ResultActions post(String key, Map<String, Object> request) {
        return visitor.send(MockMvcRequestBuilders.post("/api/v1/submissions")
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(request)));
    }

    private ResultActions submit(String key, Map<String, Object> request) {
        var answer = post(key, request);
        assertThat(answer.andReturn().getResponse().getStatus()).isEqualTo(202);
        return answer;
    }

    private void refusedWith(Map<String, ?> broken, String pointer) throws Exception {
        post(UUID.randomUUID().toString(), request(broken))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"))
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    /** A submission as a process left it that died in that state a while ago. */
    private String heldAs(String key, String state) {
        return heldAs(key, state, Instant.now().minusSeconds(1));
    }

    private String heldAs(String key, String state, Instant claimedUntil) {
        var id = id(submit(key, request(Map.of("undoSeconds", 120))));
        jdbc.sql("update submission set state = ?, due_at = now(), claim = gen_random_uuid(), claimed_until = ?")
                .param(state)
                .param(claimedUntil.atOffset(java.time.ZoneOffset.UTC))
                .update();
        return id;
    }

    /** Our id of the one message in INBOX, once the index has it. */
    private String indexed() {
        var inbox = mailboxes.byRole(account(), MailboxRole.INBOX).orElseThrow();
        var ids = jdbc.sql("select id from message where account_id = ? and mailbox_id = ?")
                .param(account())
                .param(inbox.key().id());
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            mailboxes.changed(inbox.key());
            return !ids.query(Long.class).list().isEmpty();
        });
        return account() + "-" + ids.query(Long.class).single();
    }

    private byte[] frozen() {
        return jdbc.sql("select message from submission").query(byte[].class).single();
    }

    private int attempts() {
        return jdbc.sql("select attempts from submission where claim is null")
                .query(Integer.class)
                .optional()
                .orElse(-1);
    }

    private long secondsToWait() {
        return jdbc.sql(
                        "select round(extract(epoch from due_at - changed_at))::bigint from submission where claim is null")
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    private long rows() {
        return jdbc.sql("select count(*) from submission").query(Long.class).single();
    }

    private void hurry() {
        jdbc.sql("update submission set due_at = now()").update();
        outbox.wake();
    }

    private String id(ResultActions answer) {
        return api.json(answer).at("/id").asString();
    }

    private JsonNode state(String id) {
        return api.json(visitor.get("/submissions/" + id));
    }

    private String current(String id) {
        return state(id).at("/state").asString();
    }

    private JsonNode awaitState(String id, String wanted) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(current(id)).isEqualTo(wanted));
        return state(id);
    }

    private List<String> statesOf(String id) {
        return told.stream()
                .filter(one -> one.startsWith(id + " "))
                .map(one -> one.substring(id.length() + 1))
                .toList();
    }
}
