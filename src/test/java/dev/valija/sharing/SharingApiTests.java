package dev.valija.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.Mails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.json.JsonMapper;

/** Sharing over the API, from invitation to revocation. */
@ApiTest
class SharingApiTests {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Autowired
    Api api;

    @Test
    void whoIsInvitedSeesItAndAcceptsIt() throws Exception {
        var anna = new SharingCase(api, "share-anna", Mails.plain("Bill"));
        var ben = anna.other("share-ben");
        ben.get("/accounts/" + anna.account + "/mailboxes").andExpect(status().isNotFound());
        var share = anna.invite("share-ben", "read", null);
        ben.get("/shares")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].id").value(share))
                .andExpect(jsonPath("$.items[0].owner").value("share-anna@example.org"))
                .andExpect(jsonPath("$.items[0].state").value("invited"));
        ben.get("/accounts/" + anna.account + "/mailboxes").andExpect(status().isNotFound());
        ben.patch("/shares/" + share, Map.of("state", "accepted"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("accepted"));
        ben.get("/session")
                .andExpect(jsonPath("$.accounts.length()").value(2))
                .andExpect(jsonPath("$.accounts[0].access.role").value("owner"))
                .andExpect(jsonPath("$.accounts[1].id").value(anna.account))
                .andExpect(jsonPath("$.accounts[1].access.role").value("read"))
                .andExpect(jsonPath("$.accounts[1].access.owner").value("share-anna@example.org"));
        assertThat(subjects(ben, anna.mailbox("INBOX"))).containsExactly("Bill");
        anna.owner
                .get("/accounts/" + anna.account + "/shares")
                .andExpect(jsonPath("$.items[0].state").value("accepted"));
    }

    @Test
    void nobodyElseSeesAnInvitationOrAnswersIt() throws Exception {
        var anna = new SharingCase(api, "share-secret", Mails.plain("Bill"));
        var eve = anna.other("share-eve");
        var share = anna.invite("share-nobody", "full", null);
        eve.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
        eve.patch("/shares/" + share, Map.of("state", "accepted")).andExpect(status().isNotFound());
        eve.delete("/shares/" + share).andExpect(status().isNotFound());
        eve.get("/accounts/" + anna.account + "/shares").andExpect(status().isNotFound());
        eve.delete("/accounts/" + anna.account + "/shares/" + share).andExpect(status().isNotFound());
        eve.get("/accounts/" + anna.account + "/mailboxes").andExpect(status().isNotFound());
    }

    @Test
    void aServerOfOnesOwnVouchesForNoAddressOfAnother() throws Exception {
        var anna = new SharingCase(api, "share-vouched", Mails.plain("Bill"));
        anna.invite("share-victim", "read", null);
        api.upstream().user("share-victim@example.org", "mine");
        var mallory = api.withToken(api.json(api.stranger()
                        .post(
                                "/tokens",
                                Map.of(
                                        "name", "test",
                                        "address", "share-victim@example.org",
                                        "password", "mine",
                                        "server", Map.of("imap", Map.of("host", "imap.mallory.example.org")))))
                .at("/token")
                .asString());
        mallory.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
    }

    @Test
    void aMailboxAloneIsAllThatIsSeen() throws Exception {
        var anna = new SharingCase(api, "share-one", Mails.plain("Bill"));
        anna.store.holds("Archive", Mails.plain("Secret"));
        var secret = anna.message("Archive", "Secret");
        var ben = anna.member("share-one-ben", "triage", anna.mailbox("INBOX"));
        assertThat(anna.mailboxes(ben).valueStream().map(one -> one.at("/name").asString()))
                .containsExactly("INBOX");
        ben.get("/messages/" + secret).andExpect(status().isNotFound());
        ben.get("/mailboxes/" + anna.mailbox("Archive") + "/messages").andExpect(status().isNotFound());
        assertThat(body(ben, "/search?q=secret")).doesNotContain("Secret");
        assertThat(body(ben, "/search?q=bill")).contains("Bill");
        ben.patch("/messages", Map.of("ids", List.of(secret), "keywords", Map.of("$seen", true)))
                .andExpect(jsonPath("$.changed").value(0))
                .andExpect(jsonPath("$.failed[0].type").value("/problems/not-found"));
        ben.patch(
                        "/messages",
                        Map.of("ids", List.of(anna.message("INBOX", "Bill")), "mailboxId", anna.mailbox("Archive")))
                .andExpect(status().isNotFound());
    }

    @Test
    void theStreamOfASearchKeepsToWhatIsSharedToo() throws Exception {
        var anna = new SharingCase(api, "share-stream", Mails.plain("Bill one"));
        anna.store.holds("Archive", Mails.plain("Bill two"));
        anna.message("Archive", "Bill two");
        var ben = anna.member("share-stream-ben", "read", anna.mailbox("INBOX"));
        var lines = ben.send(MockMvcRequestBuilders.get("/api/v1/search?q=bill").accept("application/x-ndjson"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(lines).contains("Bill one").doesNotContain("Bill two");
    }

    @ParameterizedTest
    @CsvSource({"read, false, false", "triage, true, false", "send, true, false", "full, true, true"})
    void roleByRoleMoreMayBeDone(String role, boolean files, boolean destroys) throws Exception {
        var anna = new SharingCase(api, "share-role-" + role, Mails.plain("One"), Mails.plain("Two"));
        var ben = anna.member("share-role-ben-" + role, role, null);
        var one = List.of(anna.message("INBOX", "One"));
        var inbox = anna.mailboxes(ben).get(0);
        assertThat(inbox.at("/rights/setKeywords").asBoolean()).isEqualTo(files);
        assertThat(inbox.at("/rights/removeMessages").asBoolean()).isEqualTo(files);
        assertThat(inbox.at("/rights/destroyMessages").asBoolean()).isEqualTo(destroys);

        int done = files ? 1 : 0;
        ben.patch("/messages", Map.of("ids", one, "keywords", Map.of("$flagged", true)))
                .andExpect(jsonPath("$.changed").value(done));
        ben.delete("/messages", Map.of("ids", one))
                .andExpect(jsonPath("$.changed").value(done));
        if (!files) {
            assertThat(anna.store.messages("INBOX"))
                    .hasSize(2)
                    .allMatch(m -> m.keywords().isEmpty());
            return;
        }
        assertThat(anna.store.messages("Trash")).hasSize(1);
        var again = ben.delete("/messages", Map.of("ids", one));
        if (destroys) {
            again.andExpect(jsonPath("$.changed").value(1));
            assertThat(anna.store.messages("Trash")).isEmpty();
        } else {
            again.andExpect(status().isForbidden());
            assertThat(anna.store.messages("Trash")).hasSize(1);
        }
        ben.post("/accounts/" + anna.account + "/mailboxes", Map.of("name", "Made"))
                .andExpect(destroys ? status().isCreated() : status().isForbidden());
    }

    @Test
    void whatIsTakenBackIsGoneAtOnce() throws Exception {
        var anna = new SharingCase(api, "share-over", Mails.plain("Bill"));
        var ben = anna.member("share-over-ben", "full", null);
        var bill = anna.message("INBOX", "Bill");
        ben.get("/messages/" + bill).andExpect(status().isOk());
        var share = api.json(ben.get("/shares")).at("/items/0/id").asString();
        var state = api.json(ben.get("/changes")).at("/state").asString();
        anna.owner.delete("/accounts/" + anna.account + "/shares/" + share).andExpect(status().isNoContent());
        ben.get("/messages/" + bill).andExpect(status().isNotFound());
        ben.get("/session").andExpect(jsonPath("$.accounts.length()").value(1));
        ben.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
        ben.get("/changes?since=" + state)
                .andExpect(jsonPath("$.changes[?(@.event == 'account')].data.state")
                        .value("removed"));
        anna.store.holds(Mails.plain("Later"));
        anna.owner.get("/mailboxes/" + anna.mailbox("INBOX") + "/messages");
        assertThat(body(ben, "/changes?since=0")).doesNotContain(anna.mailbox("INBOX"));
    }

    @Test
    void membersHearOfWhatTheySeeAndOfNothingElse() throws Exception {
        var anna = new SharingCase(api, "share-live", Mails.plain("Bill"));
        var ben = anna.member("share-live-ben", "triage", anna.mailbox("INBOX"));
        anna.owner.get("/mailboxes/" + anna.mailbox("Archive") + "/messages");
        var state = api.json(ben.get("/changes")).at("/state").asString();
        var bill = anna.message("INBOX", "Bill");
        anna.owner
                .patch("/messages", Map.of("ids", List.of(bill), "mailboxId", anna.mailbox("Archive")))
                .andExpect(jsonPath("$.changed").value(1));
        var heard = body(ben, "/changes?since=" + state);
        assertThat(heard).contains("\"destroyed\": [\"" + bill + "\"]").doesNotContain(anna.mailbox("Archive"));
    }

    @Test
    void whoWritesInAnothersNameIsTold() throws Exception {
        var anna = new SharingCase(api, "share-sends", Mails.plain("Bill"));
        var ben = anna.member("share-sends-ben", "send", null);
        var tim = anna.member("share-sends-tim", "triage", null);
        var mail = Map.of(
                "from", person("share-sends@example.org"),
                "to", List.of(person("carla@example.net")),
                "subject", "On behalf",
                "text", "Hello",
                "inReplyTo", anna.message("INBOX", "Bill"));
        tim.get("/accounts/" + anna.account + "/identities").andExpect(status().isForbidden());
        submit(tim, "tim-1", mail).andExpect(status().isBadRequest());
        ben.get("/accounts/" + anna.account + "/identities")
                .andExpect(jsonPath("$.items[0].email").value("share-sends@example.org"));
        var sent = api.json(submit(ben, "ben-1", mail).andExpect(status().isAccepted()))
                .at("/id")
                .asString();
        await().untilAsserted(() ->
                ben.get("/submissions/" + sent).andExpect(jsonPath("$.state").value("done")));
        var copy = new String(
                anna.store.bytes("Sent", anna.store.messages("Sent").getFirst().id()),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(copy)
                .contains("From: Some One <share-sends@example.org>\r\n")
                .contains("Sender: share-sends-ben@example.org\r\n");
        var own = new java.util.HashMap<String, Object>(mail);
        own.put("inReplyTo", null);
        own.put("remindAt", Instant.now().plusSeconds(90_000).toString());
        submit(ben, "ben-2", own)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/remindAt"));
        anna.owner
                .get("/accounts/" + anna.account + "/log")
                .andExpect(jsonPath("$.items[0].action").value("sent"))
                .andExpect(jsonPath("$.items[0].who").value("share-sends-ben@example.org"));
    }

    @Test
    void whatWasToBeSentLaterIsNotWhenTheShareIsOver() throws Exception {
        var anna = new SharingCase(api, "share-later", Mails.plain("Bill"));
        var ben = anna.member("share-later-ben", "send", null);
        var mail = Map.of(
                "from",
                person("share-later@example.org"),
                "to",
                List.of(person("carla@example.net")),
                "subject",
                "Too late",
                "text",
                "Hello",
                "undoSeconds",
                2);
        var sent = api.json(submit(ben, "later-1", mail).andExpect(status().isAccepted()))
                .at("/id")
                .asString();
        var share = api.json(ben.get("/shares")).at("/items/0/id").asString();
        ben.delete("/shares/" + share).andExpect(status().isNoContent());
        await().untilAsserted(() ->
                ben.get("/submissions/" + sent).andExpect(jsonPath("$.state").value("cancelled")));
        assertThat(anna.store.messages("Sent")).isEmpty();
    }

    @Test
    void whoMayOnlyReadAnswersFromTheirOwnAccountAndMarksNothing() throws Exception {
        var anna = new SharingCase(api, "share-reader", Mails.plain("Bill"));
        var ben = anna.member("share-reader-ben", "read", null);
        var mail = Map.of(
                "from", person("share-reader-ben@example.org"),
                "to", List.of(person("carla@example.net")),
                "subject", "Re: Bill",
                "text", "Hello",
                "inReplyTo", anna.message("INBOX", "Bill"));
        var sent = api.json(submit(ben, "reader-1", mail).andExpect(status().isAccepted()))
                .at("/id")
                .asString();
        await().untilAsserted(() ->
                ben.get("/submissions/" + sent).andExpect(jsonPath("$.state").value("done")));
        assertThat(anna.store.messages("INBOX").getFirst().keywords()).isEmpty();
    }

    @Test
    void whoMayOnlyReadSendsOnAndMarksNothing() throws Exception {
        var anna = new SharingCase(api, "share-redirect", Mails.plain("Bill"));
        var ben = anna.member("share-redirect-ben", "read", null);
        var sent = api.json(ben.send(MockMvcRequestBuilders.post(
                                        "/api/v1/messages/" + anna.message("INBOX", "Bill") + "/redirect")
                                .header("Idempotency-Key", "redirect-of-sharing-tests")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content(JSON.writeValueAsString(Map.of(
                                        "from", person("share-redirect-ben@example.org"),
                                        "to", List.of(person("carla@example.net"))))))
                        .andExpect(status().isAccepted()))
                .at("/id")
                .asString();
        await().untilAsserted(() ->
                ben.get("/submissions/" + sent).andExpect(jsonPath("$.state").value("done")));
        assertThat(anna.store.messages("INBOX").getFirst().keywords()).isEmpty();
    }

    /** The address that one gives oneself is vouched for by nobody. */
    @Test
    void whoGivesThemselvesAnothersAddressIsKnownByTheirOwn() throws Exception {
        var anna = new SharingCase(api, "share-forged", Mails.plain("Bill"));
        api.upstream().user("share-liar@example.org", Api.password());
        var liar = api.withToken(api.json(api.stranger()
                        .post(
                                "/tokens",
                                Map.of(
                                        "name", "test",
                                        "address", "share-forged@example.org",
                                        "username", "share-liar@example.org",
                                        "password", Api.password())))
                .at("/token")
                .asString());
        var share = anna.invite("share-liar", "send", null);
        liar.patch("/shares/" + share, Map.of("state", "accepted")).andExpect(status().isOk());
        var bill = anna.message("INBOX", "Bill");
        liar.get("/messages/" + bill).andExpect(status().isOk());
        liar.post("/messages/" + bill + "/comments", Map.of("text", "Hello"))
                .andExpect(jsonPath("$.author").value("share-liar@example.org"));
        anna.owner
                .get("/accounts/" + anna.account + "/log")
                .andExpect(jsonPath("$.items[0].who").value("share-liar@example.org"))
                .andExpect(jsonPath("$.items[1].action").value("opened"))
                .andExpect(jsonPath("$.items[1].who").value("share-liar@example.org"));
        var wanted = Map.of("address", "share-guest@example.org", "role", "read");
        var guest = anna.other("share-guest");
        liar.post("/accounts/" + liar.accountId() + "/shares", wanted).andExpect(status().isCreated());
        guest.get("/shares").andExpect(jsonPath("$.items[0].owner").value("share-liar@example.org"));
    }

    @Test
    void aShareFollowsItsMailboxAndEndsWithIt() throws Exception {
        var anna = new SharingCase(api, "share-renamed", Mails.plain("Bill"));
        var made = api.json(anna.owner.post("/accounts/" + anna.account + "/mailboxes", Map.of("name", "Team")))
                .at("/id")
                .asString();
        var within = api.json(anna.owner.post(
                        "/accounts/" + anna.account + "/mailboxes", Map.of("name", "Within", "parentId", made)))
                .at("/id")
                .asString();
        var ben = anna.member("share-renamed-ben", "read", within);
        assertThat(anna.mailboxes(ben).get(0).at("/path").valueStream().map(name -> name.asString()))
                .containsExactly("Within");
        assertThat(anna.mailboxes(ben).get(0).at("/parentId").isNull()).isTrue();
        anna.owner.patch("/mailboxes/" + made, Map.of("name", "Others")).andExpect(status().isOk());
        ben.get("/mailboxes/" + within + "/messages").andExpect(status().isOk());
        anna.owner.delete("/mailboxes/" + within).andExpect(status().isNoContent());
        ben.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
        anna.owner
                .get("/accounts/" + anna.account + "/shares")
                .andExpect(jsonPath("$.items.length()").value(0));
        anna.owner.post("/accounts/" + anna.account + "/mailboxes", Map.of("name", "Within", "parentId", made));
        ben.get("/accounts/" + anna.account + "/mailboxes").andExpect(status().isNotFound());
    }

    /** Another program deletes it; the next of that name, made or renamed through us, is not what was shared. */
    @ParameterizedTest
    @ValueSource(strings = {"made", "renamed"})
    void aShareIsNotOfTheNextMailboxOfThatName(String how) throws Exception {
        var anna = new SharingCase(api, "share-next-" + how, Mails.plain("Bill"));
        var mailboxes = "/accounts/" + anna.account + "/mailboxes";
        anna.owner.post(mailboxes, Map.of("name", "Team")).andExpect(status().isCreated());
        var other = api.json(anna.owner.post(mailboxes, Map.of("name", "Other")))
                .at("/id")
                .asString();
        var ben = anna.member("share-next-ben-" + how, "read", anna.mailbox("Team"));
        anna.store.deleteMailbox("Team");
        await().until(() -> anna.mailboxes(anna.owner)
                .valueStream()
                .noneMatch(one -> one.at("/name").asString().equals("Team")));
        ben.get(mailboxes).andExpect(status().isNotFound());
        anna.owner
                .get("/accounts/" + anna.account + "/shares")
                .andExpect(jsonPath("$.items[0].mailboxId").isEmpty())
                .andExpect(jsonPath("$.items[0].mailboxName").value("Team"));
        if (how.equals("made")) {
            anna.owner.post(mailboxes, Map.of("name", "Team")).andExpect(status().isCreated());
        } else {
            anna.owner.patch("/mailboxes/" + other, Map.of("name", "Team")).andExpect(status().isOk());
        }
        ben.get(mailboxes).andExpect(status().isNotFound());
        anna.owner
                .get("/accounts/" + anna.account + "/shares")
                .andExpect(jsonPath("$.items.length()").value(0));
    }

    @Test
    void whatIsDeclinedTakesNothingAway() throws Exception {
        var anna = new SharingCase(api, "share-both", Mails.plain("Bill"));
        var ben = anna.member("share-both-ben", "read", null);
        api.upstream().user("share-both-bob@example.org", Api.password());
        ben.post("/accounts", Api.signIn("share-both-bob@example.org", Api.password()))
                .andExpect(status().isCreated());
        var second = anna.invite("share-both-bob", "full", null);
        ben.patch("/shares/" + second, Map.of("state", "declined")).andExpect(status().isOk());
        ben.get("/accounts/" + anna.account + "/mailboxes").andExpect(status().isOk());
    }

    @Test
    void ofTwoThatWereSharedTheLastAcceptedHolds() throws Exception {
        var anna = new SharingCase(api, "share-two", Mails.plain("Bill"));
        var ben = anna.member("share-two-ben", "read", null);
        api.upstream().user("share-two-bob@example.org", Api.password());
        ben.post("/accounts", Api.signIn("share-two-bob@example.org", Api.password()))
                .andExpect(status().isCreated());
        var second = anna.invite("share-two-bob", "full", null);
        ben.patch("/shares/" + second, Map.of("state", "accepted")).andExpect(status().isOk());
        ben.get("/shares")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].role").value("full"));
    }

    /** Anybody may write a Message-ID. */
    @Test
    void whatIsSaidElsewhereIsNotReadByItsMessageId() throws Exception {
        var anna = new SharingCase(api, "share-id", Mails.plain("Bill"));
        anna.store.holds("Archive", Mails.plain("Bill"));
        var ben = anna.member("share-id-ben", "read", anna.mailbox("INBOX"));
        var hidden = anna.message("Archive", "Bill");
        anna.owner.post("/messages/" + hidden + "/comments", Map.of("text", "Between us"));
        ben.get("/messages/" + anna.message("INBOX", "Bill") + "/comments")
                .andExpect(jsonPath("$.items.length()").value(0));
    }

    /** Or whoever shares an account under an address of another would have their mail. */
    @Test
    void whatIsOnesOwnGoesOnesOwnWay() throws Exception {
        var mallory = new SharingCase(api, "share-lure", Mails.plain("Bait"));
        var ben = mallory.member("share-lure-ben", "send", null);
        mallory.owner
                .post("/accounts/" + mallory.account + "/identities", Map.of("email", "share-lure-ben@example.org"))
                .andExpect(status().isCreated());
        var mail = Map.of(
                "from", person("share-lure-ben@example.org"),
                "to", List.of(person("carla@example.net")),
                "subject", "Mine",
                "text", "Hello",
                "inReplyTo", mallory.message("INBOX", "Bait"));
        var sent = api.json(submit(ben, "lure-1", mail).andExpect(status().isAccepted()))
                .at("/id")
                .asString();
        await().untilAsserted(() ->
                ben.get("/submissions/" + sent).andExpect(jsonPath("$.state").value("done")));
        assertThat(mallory.store.messages("Sent")).isEmpty();
    }

    @Test
    void withTheAccountItIsGone() throws Exception {
        var anna = new SharingCase(api, "share-removed", Mails.plain("Bill"));
        var ben = anna.member("share-removed-ben", "read", anna.mailbox("INBOX"));
        var state = api.json(ben.get("/changes")).at("/state").asString();
        anna.owner.delete("/accounts/" + anna.account).andExpect(status().isNoContent());
        ben.get("/session").andExpect(jsonPath("$.accounts.length()").value(1));
        ben.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
        ben.get("/changes?since=" + state)
                .andExpect(jsonPath("$.changes[?(@.event == 'account')].data.state")
                        .value("removed"));
    }

    @Test
    void theOwnerSeesWhatWasDone() throws Exception {
        var anna = new SharingCase(api, "share-log", Mails.plain("Bill"));
        var ben = anna.member("share-log-ben", "triage", null);
        var bill = anna.message("INBOX", "Bill");
        ben.get("/messages/" + bill).andExpect(status().isOk());
        ben.get("/messages/" + bill).andExpect(status().isOk());
        ben.patch("/messages", Map.of("ids", List.of(bill), "keywords", Map.of("$seen", true)));
        ben.patch("/messages", Map.of("ids", List.of(bill), "mailboxId", anna.mailbox("Archive")));
        var log = api.json(anna.owner.get("/accounts/" + anna.account + "/log")).at("/items");
        assertThat(log.valueStream().map(one -> one.at("/action").asString()))
                .containsExactly("moved", "marked", "opened", "accepted", "invited");
        assertThat(log.get(0).at("/mailboxId").asString()).isEqualTo(anna.mailbox("INBOX"));
        assertThat(log.valueStream().map(one -> one.at("/whom").asString("")))
                .containsExactly("", "", "", "", "share-log-ben@example.org");
        assertThat(log.get(0).at("/count").asInt()).isEqualTo(1);
        assertThat(log.get(2).at("/messageId").asString()).isEqualTo(bill);
        var first = api.json(anna.owner.get("/accounts/" + anna.account + "/log?limit=2"));
        anna.owner
                .get("/accounts/" + anna.account + "/log?limit=10&cursor="
                        + first.at("/next").asString())
                .andExpect(jsonPath("$.items.length()").value(3))
                .andExpect(jsonPath("$.next").isEmpty());
        ben.get("/accounts/" + anna.account + "/log").andExpect(status().isNotFound());
    }

    @Test
    void whatIsAskedOfTheOwnerIsNotAskedOfMembers() throws Exception {
        var file = Files.readString(Path.of("src/test/resources/invitations/google.ics"))
                .replace("anna@example.org", "share-asked@example.org");
        var anna = new SharingCase(
                api,
                "share-asked",
                Mails.invitation("Walk", "REQUEST", file)
                        .header("To", "share-asked@example.org")
                        .header("Disposition-Notification-To", "Anna <anna@example.org>"));
        var ben = anna.member("share-asked-ben", "full", null);
        var walk = anna.message("INBOX", "Walk");
        anna.owner
                .get("/messages/" + walk + "/invitation")
                .andExpect(jsonPath("$.replyable").value(true));
        anna.owner.get("/messages/" + walk).andExpect(jsonPath("$.receipt").isNotEmpty());
        ben.get("/messages/" + walk + "/invitation")
                .andExpect(jsonPath("$.replyable").value(false))
                .andExpect(jsonPath("$.me").isEmpty());
        ben.get("/messages/" + walk).andExpect(jsonPath("$.receipt").isEmpty());
    }

    @Test
    void whoSharesAMessageTalksBesideIt() throws Exception {
        var anna = new SharingCase(api, "share-talk", Mails.plain("Bill"));
        var ben = anna.member("share-talk-ben", "read", null);
        var bill = anna.message("INBOX", "Bill");
        var state = api.json(anna.owner.get("/changes")).at("/state").asString();
        var said = api.json(ben.post("/messages/" + bill + "/comments", Map.of("text", "Who pays <b>this</b>?"))
                        .andExpect(status().isCreated()))
                .at("/id")
                .asString();
        assertThat(body(anna.owner, "/changes?since=" + state)).contains("\"event\":\"comment\"");
        anna.owner.patch("/messages", Map.of("ids", List.of(bill), "mailboxId", anna.mailbox("Archive")));
        anna.owner
                .get("/messages/" + bill + "/comments")
                .andExpect(jsonPath("$.items[0].author").value("share-talk-ben@example.org"))
                .andExpect(jsonPath("$.items[0].mine").value(false))
                .andExpect(jsonPath("$.items[0].text").value("Who pays <b>this</b>?"));
        var hers = api.json(anna.owner.post("/messages/" + bill + "/comments", Map.of("text", "I do")))
                .at("/id")
                .asString();
        ben.delete("/messages/" + bill + "/comments/" + hers).andExpect(status().isForbidden());
        anna.owner.delete("/messages/" + bill + "/comments/" + said).andExpect(status().isNoContent());
        anna.owner
                .get("/messages/" + bill + "/comments")
                .andExpect(jsonPath("$.items.length()").value(1));
        anna.other("share-talk-eve").get("/messages/" + bill + "/comments").andExpect(status().isNotFound());
        ben.post("/messages/" + bill + "/comments", Map.of("text", ""))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/text"));
    }

    @Test
    void othersSeeWhoReadsAndWhoAnswers() throws Exception {
        var anna = new SharingCase(api, "share-there", Mails.plain("Bill"));
        var bill = anna.message("INBOX", "Bill");
        var ben = anna.member("share-there-ben", "read", null);
        presence(ben, bill, "reading").andExpect(jsonPath("$.people.length()").value(0));
        presence(anna.owner, bill, "reading")
                .andExpect(jsonPath("$.people[0].address").value("share-there-ben@example.org"))
                .andExpect(jsonPath("$.people[0].doing").value("reading"));
        presence(ben, bill, "replying");
        presence(anna.owner, bill, "reading")
                .andExpect(jsonPath("$.people[0].doing").value("replying"));
        presence(ben, bill, "nothing");
        presence(anna.owner, bill, "reading")
                .andExpect(jsonPath("$.people.length()").value(0));
        presence(ben, bill, "sleeping").andExpect(status().isBadRequest());
    }

    @Test
    void aWrongWishIsNamed() throws Exception {
        var anna = new SharingCase(api, "share-wrong", Mails.plain("Bill"));
        var shares = "/accounts/" + anna.account + "/shares";
        var wrong = List.of(
                List.of(Map.of("address", "nobody", "role", "read"), "/address"),
                List.of(Map.of("address", "a@b.example", "role", "owner"), "/role"),
                List.of(Map.of("role", "read"), "/address"),
                List.of(Map.of("address", Api.address("share-wrong"), "role", "read"), "/address"),
                List.of(Map.of("address", "a@b.example", "role", "read", "mailboxId", "x"), "/mailboxId"),
                List.of(Map.of("address", "a@b.example", "role", "read", "mailboxId", "9-9"), "/mailboxId"));
        for (var one : wrong) {
            anna.owner
                    .post(shares, one.getFirst())
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value(one.getLast()));
        }
        anna.invite("share-twice", "read", null);
        anna.owner
                .post(shares, Map.of("address", "Share-Twice@example.org", "role", "full"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"));
    }

    @Test
    void whoDeclinedCanBeInvitedAnew() throws Exception {
        var anna = new SharingCase(api, "share-no", Mails.plain("Bill"));
        var ben = anna.other("share-no-ben");
        var share = anna.invite("share-no-ben", "read", null);
        ben.patch("/shares/" + share, Map.of("state", "declined")).andExpect(status().isOk());
        ben.get("/shares").andExpect(jsonPath("$.items.length()").value(0));
        anna.owner
                .get("/accounts/" + anna.account + "/shares")
                .andExpect(jsonPath("$.items[0].state").value("declined"));
        ben.patch("/shares/" + share, Map.of("state", "accepted")).andExpect(status().isNotFound());
        anna.invite("share-no-ben", "triage", null);
        ben.get("/shares").andExpect(jsonPath("$.items[0].role").value("triage"));
    }

    private ResultActions presence(Visitor visitor, String message, String doing) {
        return visitor.put("/messages/" + message + "/presence", Map.of("doing", doing));
    }

    private ResultActions submit(Visitor visitor, String key, Map<String, ?> mail) {
        return visitor.send(MockMvcRequestBuilders.post("/api/v1/submissions")
                .header("Idempotency-Key", key + "-of-sharing-tests")
                .contentType(MediaType.APPLICATION_JSON)
                .content(JSON.writeValueAsString(mail)));
    }

    private List<String> subjects(Visitor visitor, String mailbox) {
        return api.json(visitor.get("/mailboxes/" + mailbox + "/messages"))
                .at("/items")
                .valueStream()
                .map(one -> one.at("/subject").asString())
                .toList();
    }

    private static Map<String, String> person(String email) {
        return Map.of("name", "Some One", "email", email);
    }

    private static String body(Visitor visitor, String path) throws Exception {
        return visitor.get(path).andReturn().getResponse().getContentAsString();
    }
}
