package dev.valija.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.MimeReader;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeTransport.Sent;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class InvitationApiTests {
    @Autowired
    Api api;

    @Autowired
    JsonMapper json;

    private Visitor visitor;
    private String id;

    @Test
    void anInvitationIsShownInParts() throws Exception {
        reading("invite-parts", invitation("invite-parts", "google"));
        var message = api.json(visitor.get("/messages/" + id));
        assertThat(message.at("/invitation").asString()).isEqualTo("/api/v1/messages/" + id + "/invitation");
        var event = event();
        assertThat(event.at("/method").asString()).isEqualTo("request");
        assertThat(event.at("/summary").asString()).isEqualTo("Harbour walk; planning");
        assertThat(event.at("/start/local").asString()).isEqualTo("2030-01-07T09:30:00");
        assertThat(event.at("/start/instant").asString()).isEqualTo("2030-01-07T08:30:00Z");
        assertThat(event.at("/start/zone").asString()).isEqualTo("Europe/Berlin");
        assertThat(event.at("/allDay").asBoolean()).isFalse();
        assertThat(event.at("/recurrence/frequency").asString()).isEqualTo("weekly");
        assertThat(event.at("/recurrence/days/1/day").asString()).isEqualTo("TH");
        assertThat(event.at("/recurrence/until").asString()).isEqualTo("2030-03-31");
        assertThat(event.at("/next").size()).isEqualTo(3);
        assertThat(event.at("/organizer/email").asString()).isEqualTo("luis@example.org");
        assertThat(event.at("/me").asString()).isEqualTo("invite-parts@example.org");
        assertThat(event.at("/replyable").asBoolean()).isTrue();
        assertThat(event.at("/reply").isNull()).isTrue();
    }

    @Test
    void wholeDaysEndOnTheirLastDay() throws Exception {
        reading("invite-days", invitation("invite-days", "apple"));
        var event = event();
        assertThat(event.at("/allDay").asBoolean()).isTrue();
        assertThat(event.at("/start/local").asString()).isEqualTo("2030-04-30");
        assertThat(event.at("/end/local").asString()).isEqualTo("2030-05-01");
        assertThat(event.at("/start/instant").isNull()).isTrue();
    }

    @Test
    void anAnswerGoesToTheOrganizerAloneAndIsRemembered() throws Exception {
        reading("invite-yes", invitation("invite-yes", "outlook"));
        reply("yes-1", Map.of("status", "accepted", "comment", "With pleasure; I'll bring charts, maps"))
                .andExpect(status().isAccepted());
        var sent = sentTo("zoe@example.org", "Accepted: Abstimmung Hafenfest");
        assertThat(sent.recipients()).containsExactly("zoe@example.org");
        var mail = MimeReader.read(sent.message());
        assertThat(mail.envelope().from().getFirst().email()).isEqualTo("invite-yes@example.org");
        assertThat(mail.envelope().to())
                .singleElement()
                .satisfies(to -> assertThat(to.email()).isEqualTo("zoe@example.org"));
        assertThat(mail.envelope().inReplyTo()).containsExactly(Mail.idOf("outlook"));
        assertThat(mail.structure().type()).isEqualTo("multipart/alternative");
        assertThat(sent.text()).contains("Content-Type: text/calendar; charset=utf-8; method=REPLY");
        var calendar = mail.text(mail.structure().children().get(1));
        var lines = calendar.replace("\r\n ", "").lines().toList();
        assertThat(lines)
                .contains(
                        "METHOD:REPLY",
                        "UID:040000008200E00074C5B7101A82E00800000000A0B1C2D3E4F5D60100000000000000001000000"
                                + "0F1E2D3C4B5A69788796A5B4C3D2E1F00",
                        "SEQUENCE:3",
                        "DTSTART:20300702T120000Z",
                        "ORGANIZER:mailto:zoe@example.org",
                        "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Example, Anna\":mailto:INVITE-YES@EXAMPLE.ORG",
                        "COMMENT:With pleasure\\; I'll bring charts\\, maps")
                .filteredOn(line -> line.startsWith("ATTENDEE"))
                .hasSize(1);
        assertThat(calendar.lines()).allMatch(line -> line.length() <= 75);

        var event = event();
        assertThat(event.at("/reply/status").asString()).isEqualTo("accepted");
        assertThat(event.at("/reply/outdated").asBoolean()).isFalse();
        assertThat(api.json(visitor.get("/messages/" + id)).at("/keywords").toString())
                .doesNotContain("answered");
    }

    @Test
    void theSameKeyAnswersOnceAndAnotherWishNeedsAnotherKey() throws Exception {
        reading("invite-twice", invitation("invite-twice", "google"));
        var first = api.json(reply("twice", Map.of("status", "tentative")));
        var again = api.json(reply("twice", Map.of("status", "tentative")));
        assertThat(again.at("/id").asString()).isEqualTo(first.at("/id").asString());
        reply("twice", Map.of("status", "declined")).andExpect(status().isConflict());
        assertThat(event().at("/reply/status").asString()).isEqualTo("tentative");
        reply("twice-2", Map.of("status", "declined")).andExpect(status().isAccepted());
        assertThat(event().at("/reply/status").asString()).isEqualTo("declined");
    }

    @Test
    void anAnswerTakenBackWasNotGiven() throws Exception {
        reading("invite-undo", invitation("invite-undo", "google"));
        reply("undo-1", Map.of("status", "accepted")).andExpect(status().isAccepted());
        var held = api.json(reply("undo-2", Map.of("status", "declined", "undoSeconds", 60)));
        assertThat(held.at("/state").asString()).isEqualTo("held");
        assertThat(event().at("/reply/status").asString()).isEqualTo("declined");
        visitor.delete("/submissions/" + held.at("/id").asString()).andExpect(status().isOk());
        assertThat(event().at("/reply/status").asString())
                .as("what was said before")
                .isEqualTo("accepted");
    }

    @Test
    void anAnswerHoldsForTheEventUntilItIsChanged() throws Exception {
        var file = file("invite-update", "google");
        reading("invite-update", invited("First", file), invited("Later", file.replace("SEQUENCE:0", "SEQUENCE:1")));
        id = visitor.message("First");
        reply("update-1", Map.of("status", "accepted")).andExpect(status().isAccepted());
        id = visitor.message("Later");
        assertThat(event().at("/updated").asBoolean()).isTrue();
        assertThat(event().at("/reply/status").asString()).isEqualTo("accepted");
        assertThat(event().at("/reply/outdated").asBoolean()).isTrue();
    }

    @Test
    void whatCannotBeAnsweredIsNot() throws Exception {
        unanswerable("invite-cancel", "nextcloud", "METHOD:CANCEL", "METHOD:CANCEL");
        unanswerable("invite-status", "google", "STATUS:CONFIRMED", "STATUS:CANCELLED");
        unanswerable("invite-publish", "google", "METHOD:REQUEST", "METHOD:PUBLISH");
        unanswerable("invite-stranger", "google", "mailto:invite-stranger@", "mailto:somebody@");
        unanswerable("invite-own", "google", "mailto:luis@", "mailto:invite-own@");
        unanswerable("invite-nobody", "google", "ORGANIZER.*", "ORGANIZER:urn:uuid:1234");
        unanswerable("invite-many", "google", "ORGANIZER.*", "ORGANIZER:mailto:a@example.org?bcc=b@example.org");
        unanswerable("invite-lines", "google", "ORGANIZER.*", "ORGANIZER:mailto:a@example.org%0D%0ABcc:b@example.org");
        unanswerable("invite-uid", "google", "UID:.*", "UID:a\\\\nMETHOD:CANCEL");
    }

    @Test
    void badWishesAreRefusedByField() throws Exception {
        reading("invite-bad", invitation("invite-bad", "google"));
        refused(Map.of("status", "maybe"), "/status");
        refused(Map.of("status", "accepted", "comment", "a\r\nBcc: b@example.org"), "/comment");
        refused(Map.of("status", "accepted", "comment", "next \u0085 line"), "/comment");
        refused(Map.of("status", "accepted", "comment", "x".repeat(1001)), "/comment");
        refused(Map.of("status", "accepted", "undoSeconds", 500), "/undoSeconds");
        refused(Map.of(), "/status");
        visitor.post("/messages/" + id + "/invitation/reply", Map.of("status", "accepted"))
                .andExpect(status().isBadRequest());
        assertThat(event().at("/reply").isNull()).isTrue();
    }

    @Test
    void messagesWithoutAnEventHaveNone() throws Exception {
        reading(
                "invite-none",
                Mails.plain("plain"),
                Mails.invitation("empty", "REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
                Mails.withAttachment("huge", "huge.ics", "text/calendar", Mails.noise(1_100_000)),
                Mails.withAttachment("rubbish", "rubbish.ics", "text/calendar", Mails.noise(10_000)));
        for (var subject : new String[] {"plain", "empty", "huge", "rubbish"}) {
            id = visitor.message(subject);
            visitor.get("/messages/" + id + "/invitation").andExpect(status().isNotFound());
            reply("none-" + subject, Map.of("status", "accepted")).andExpect(status().isNotFound());
        }
        id = visitor.message("plain");
        assertThat(api.json(visitor.get("/messages/" + id)).at("/invitation").isNull())
                .isTrue();
        api.signedIn("invite-other").get("/messages/" + id + "/invitation").andExpect(status().isNotFound());
    }

    @Test
    void aFileThatCameAlongIsAnEventToo() throws Exception {
        reading(
                "invite-file",
                Mails.withAttachment(
                        "file",
                        "event.ics",
                        "application/octet-stream",
                        file("invite-file", "google").getBytes(StandardCharsets.UTF_8)));
        assertThat(event().at("/summary").asString()).isEqualTo("Harbour walk; planning");
    }

    private void unanswerable(String name, String file, String pattern, String instead) throws Exception {
        reading(name, invited(name, file(name, file).replaceAll(pattern, instead)));
        assertThat(event().at("/replyable").asBoolean()).as(name).isFalse();
        int before = api.upstream().transport().sent().size();
        reply(name, Map.of("status", "accepted"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"));
        assertThat(api.upstream().transport().sent()).hasSize(before);
    }

    private void refused(Map<String, Object> wish, String pointer) throws Exception {
        reply("bad", wish)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    /** A person of that name reads the first of these. */
    private void reading(String name, Mail... mails) {
        var store = api.upstream().user(Api.address(name), Api.password());
        for (var mail : mails) {
            store.holds(mail);
        }
        visitor = api.signedIn(name);
        id = visitor.message(MimeReader.read(mails[0].bytes()).envelope().subject());
    }

    private JsonNode event() throws Exception {
        return api.json(visitor.get("/messages/" + id + "/invitation").andExpect(status().isOk()));
    }

    private ResultActions reply(String key, Map<String, Object> wish) {
        return visitor.send(MockMvcRequestBuilders.post("/api/v1/messages/" + id + "/invitation/reply")
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(wish)));
    }

    private Sent sentTo(String recipient, String subject) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> api.upstream().transport().sent().stream()
                                .filter(sent -> sent.recipients().contains(recipient)
                                        && sent.text().contains("Subject: " + subject))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Mail invitation(String person, String file) throws IOException {
        return invited(file, file(person, file));
    }

    private static Mail invited(String subject, String file) {
        return Mails.invitation(subject, "REQUEST", file);
    }

    /** An invitation of the test resources, for that person instead of Anna. */
    private static String file(String person, String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/invitations", name + ".ics"))
                .replace("\n", "\r\n")
                .replace("anna@example.org", Api.address(person))
                .replace("Anna@Example.ORG", Api.address(person).toUpperCase(Locale.ROOT));
    }
}
