package dev.valija.mailbox;

import static dev.valija.mailbox.ReaderAt.subjects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ApiTest
class ThreadApiTests {
    @Autowired
    Api api;

    @Autowired
    MessageQueries queries;

    @Autowired
    ThreadMembers members;

    private static Mail at(Mail mail, int seconds) {
        return mail.sentAt(Mails.NOON.plusSeconds(seconds));
    }

    private ReaderAt reader(String name) {
        var anna = new ReaderAt(api, name);
        var plan = at(Mails.plain("plan"), 0);
        var answer = at(Mails.plain("Re: plan").replyTo(plan), 1);
        anna.store.holds(plan, Keyword.SEEN);
        anna.store.holds(answer);
        anna.store.holds(at(Mails.plain("Re: Re: plan").replyTo(answer), 2), Keyword.SEEN, Keyword.FLAGGED);
        anna.store.holds(at(Mails.plain("other"), 3), Keyword.SEEN);
        var inbox = anna.inbox();
        anna.page(inbox, "");
        Mirror.await(() -> anna.page(inbox, "").required("total").asInt() == 4
                && anna.page(inbox, "view=threads").required("total").isInt());
        return anna;
    }

    private static String thread(JsonNode page, int number) {
        return page.at("/items/" + number + "/threadId").asString();
    }

    @Test
    void aThreadIsListedIfAnyOfItPassesTheFilter() {
        var anna = reader("threads-filter");
        var inbox = anna.inbox();
        for (var filter : List.of("unread", "flagged")) {
            var page = anna.page(inbox, "view=threads&filter=" + filter);
            assertThat(subjects(page)).containsExactly("Re: Re: plan");
            assertThat(page.required("total").asInt()).isEqualTo(1);
            assertThat(page.at("/items/0/threadSize").asInt()).isEqualTo(3);
            assertThat(page.at("/items/0/threadUnread").asInt()).isEqualTo(1);
        }
        assertThat(subjects(anna.page(inbox, "view=threads&filter=attachment"))).isEmpty();
        for (var sort : List.of("sentAt", "subject", "from", "size", "receivedAt", "unread")) {
            assertThat(subjects(anna.page(inbox, "view=threads&sort=" + sort)))
                    .containsExactlyInAnyOrder("other", "Re: Re: plan");
        }
        assertThat(subjects(anna.page(inbox, "view=threads&sort=-unread"))).containsExactly("Re: Re: plan", "other");
        var first = anna.page(inbox, "view=threads&limit=1");
        assertThat(subjects(anna.page(
                        inbox,
                        "view=threads&limit=1&cursor=" + first.required("next").asString())))
                .containsExactly("Re: Re: plan");
        assertThat(subjects(anna.page(inbox, "view=threads&limit=1&offset=1"))).containsExactly("Re: Re: plan");
    }

    @Test
    void aThreadIsSplitAndJoinedAgain() {
        var anna = reader("threads-split");
        var inbox = anna.inbox();
        var page = anna.page(inbox, "view=threads");
        var thread = thread(page, 1);
        var answer = anna.message(inbox, "Re: plan");
        var split = anna.ok(anna.visitor().post("/threads/" + thread + "/split", Map.of("ids", List.of(answer))));
        assertThat(subjects(split)).containsExactly("Re: plan", "Re: Re: plan");
        assertThat(subjects(anna.page(inbox, "view=threads"))).containsExactly("other", "Re: Re: plan", "plan");

        var joined = anna.ok(anna.visitor()
                .post(
                        "/threads/" + thread(anna.page(inbox, "view=threads"), 2) + "/join",
                        Map.of("threadId", split.required("id").asString())));
        assertThat(subjects(joined)).containsExactly("plan", "Re: plan", "Re: Re: plan");
        assertThat(joined.at("/links/0/reason").asString()).isEqualTo("references");
        assertThat(joined.at("/links/0/id").asString()).isEqualTo(answer);
        assertThat(subjects(anna.page(inbox, "view=threads"))).containsExactly("other", "Re: Re: plan");
    }

    @Test
    void ofAThreadTooLongToBeShownTheNewestIsShown() {
        var anna = reader("threads-long");
        var thread = ThreadKey.parse(thread(anna.page(anna.inbox(), "view=threads"), 1));
        assertThat(queries.thread(thread, 2).stream().map(row -> row.summary().subject()))
                .containsExactly("Re: plan", "Re: Re: plan");
        assertThat(members.of(thread.accountId(), thread.id(), 2).stream()
                        .map(member -> member.envelope().subject()))
                .containsExactly("Re: plan", "Re: Re: plan");
    }

    @Test
    void aThreadEndsWithTheMessageTheListShowsOfIt() {
        var anna = new ReaderAt(api, "threads-second");
        var question = Mails.plain("question");
        anna.store.holds(question);
        anna.store.holds(Mails.plain("Re: question").replyTo(question));
        var inbox = anna.inbox();
        anna.page(inbox, "");
        Mirror.await(() -> anna.page(inbox, "view=threads").required("items").size() == 1);
        var shown = anna.page(inbox, "view=threads");
        assertThat(subjects(shown)).containsExactly("Re: question");
        assertThat(subjects(anna.ok(anna.visitor().get("/threads/" + thread(shown, 0)))))
                .containsExactly("question", "Re: question");
    }

    @Test
    void otherPeoplesThreadsAreNotThere() throws Exception {
        var anna = reader("threads-anna");
        var berta = reader("threads-berta");
        var hers = thread(anna.page(anna.inbox(), "view=threads"), 1);
        var theirs = thread(berta.page(berta.inbox(), "view=threads"), 0);
        var message = anna.message(anna.inbox(), "Re: plan");
        berta.visitor()
                .post("/threads/" + hers + "/split", Map.of("ids", List.of(message)))
                .andExpect(status().isNotFound());
        berta.visitor()
                .post("/threads/" + theirs + "/join", Map.of("threadId", hers))
                .andExpect(status().isNotFound());
        berta.visitor()
                .post("/threads/" + hers + "/join", Map.of("threadId", theirs))
                .andExpect(status().isNotFound());
    }

    @Test
    void badRequestsNameTheField() throws Exception {
        var anna = reader("threads-bad");
        var page = anna.page(anna.inbox(), "view=threads");
        var path = "/threads/" + thread(page, 1);
        var other = page.at("/items/0/id").asString();
        bad(anna, path + "/split", Map.of(), "/ids");
        bad(anna, path + "/split", Map.of("ids", List.of()), "/ids");
        bad(anna, path + "/split", Map.of("ids", List.of(other)), "/ids/0");
        bad(anna, path + "/split", Map.of("ids", List.of(anna.message(anna.inbox(), "plan"))), "/ids");
        bad(anna, path + "/join", Map.of(), "/threadId");
    }

    private static void bad(ReaderAt reader, String path, Map<String, Object> body, String pointer) throws Exception {
        reader.visitor()
                .post(path, body)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }
}
