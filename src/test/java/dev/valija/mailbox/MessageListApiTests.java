package dev.valija.mailbox;

import static dev.valija.mailbox.ReaderAt.subjects;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mails;
import dev.valija.upstream.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@ApiTest
class MessageListApiTests {
    @Autowired
    Api api;

    @Autowired
    Freshness freshness;

    @Test
    void aMailboxNeverSeenIsListedAtOnceNewestFirst() throws Exception {
        var anna = new ReaderAt(api, "list-first");
        holds(anna, 3);
        var page = anna.page(anna.inbox(), "limit=2");
        assertThat(subjects(page)).containsExactly("mail 2", "mail 1");
        assertThat(page.required("total").asInt()).isEqualTo(3);
        var item = page.at("/items/0");
        assertThat(item.at("/from/0/email").asString()).isEqualTo("anna@example.org");
        assertThat(item.required("receivedAt").asString())
                .isEqualTo(Mails.NOON.plusSeconds(120).toString());
        assertThat(item.has("threadSize")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "receivedAt, b a d c",
        "-receivedAt, c d a b",
        "sentAt, b a d c",
        "-size, a d c b",
        "size, b c d a",
        "subject, a b c d",
        "-subject, d c b a",
        "from, c b d a",
        "-from, a d b c",
        "-unread, c a d b",
        "unread, b d a c"
    })
    void everyOrderIsTheSameInOnePageAndInPagesOfOne(String sort, String expected) {
        var anna = new ReaderAt(api, "list-sort-" + sort.replace("-", "d").toLowerCase(java.util.Locale.ROOT));
        anna.store.holds(Mails.plain("b", "x").sentAt(Mails.NOON).from("Berta", "berta@example.org"), Keyword.SEEN);
        anna.store.holds(Mails.plain("Re: a", "x".repeat(900))
                .sentAt(Mails.NOON.plusSeconds(1))
                .from("Zoë", "z@x.org"));
        anna.store.holds(
                Mails.plain("D", "x".repeat(200))
                        .sentAt(Mails.NOON.plusSeconds(2))
                        .from("émile", "e@x.org"),
                Keyword.SEEN);
        anna.store.holds(Mails.plain("Fwd: C", "x".repeat(90))
                .sentAt(Mails.NOON.plusSeconds(3))
                .from("ANNA", "a@x.org"));
        var inbox = anna.inbox();
        complete(anna, inbox);
        var bases = List.of(expected.split(" "));
        assertThat(bases(subjects(anna.page(inbox, "sort=" + sort)))).isEqualTo(bases);

        var forward = walk(anna, inbox, "limit=1&sort=" + sort, "next");
        assertThat(bases(forward)).isEqualTo(bases);
        var back = walk(anna, inbox, "limit=1&offset=3&sort=" + sort, "previous");
        assertThat(bases(back)).isEqualTo(bases.reversed());
        assertThat(bases(subjects(anna.page(inbox, "offset=2&limit=1&sort=" + sort))))
                .containsExactly(bases.get(2));
    }

    private static List<String> walk(ReaderAt reader, String mailbox, String first, String direction) {
        var page = reader.page(mailbox, first);
        var found = new ArrayList<>(subjects(page));
        while (!page.required(direction).isNull()) {
            var list = first.replaceFirst("&offset=[0-9]+", "");
            page = reader.page(
                    mailbox, list + "&cursor=" + page.required(direction).asString());
            found.addAll(subjects(page));
        }
        return found;
    }

    @Test
    void mailOfOneSecondIsListedInTheOrderItCameIn() {
        var anna = new ReaderAt(api, "list-ties");
        IntStream.range(0, 60)
                .forEach(i -> anna.store.holds(Mails.plain("mail " + i).sentAt(Mails.NOON)));
        var inbox = anna.inbox();
        // The newest page comes in first, the rest behind it: our own ids do not tell the order.
        complete(anna, inbox);
        var all = IntStream.range(0, 60).mapToObj(i -> "mail " + i).toList();
        assertThat(subjects(anna.page(inbox, "limit=100"))).isEqualTo(all.reversed());
        assertThat(subjects(anna.page(inbox, "limit=100&sort=receivedAt"))).isEqualTo(all);
        assertThat(walk(anna, inbox, "limit=7", "next")).isEqualTo(all.reversed());
    }

    @Test
    void backFromAPageIsThePageBeforeWhateverCameMeanwhile() {
        var anna = new ReaderAt(api, "list-back");
        holds(anna, 7);
        var inbox = anna.inbox();
        complete(anna, inbox);
        var second = anna.page(
                inbox,
                "limit=3&cursor=" + anna.page(inbox, "limit=3").required("next").asString());
        anna.store.holds(Mails.plain("late").sentAt(Mails.NOON.plusSeconds(9999)));
        freshness.refresh(MailboxKey.parse(inbox));
        var before =
                anna.page(inbox, "limit=3&cursor=" + second.required("previous").asString());
        assertThat(subjects(before)).containsExactly("mail 6", "mail 5", "mail 4");
        assertThat(subjects(anna.page(
                        inbox, "limit=3&cursor=" + before.required("next").asString())))
                .containsExactly("mail 3", "mail 2", "mail 1");
        var top =
                anna.page(inbox, "limit=3&cursor=" + before.required("previous").asString());
        assertThat(subjects(top)).containsExactly("late");
        assertThat(top.required("previous").isNull()).isTrue();
    }

    @Test
    void mailThatArrivesBetweenPagesNeitherHidesNorRepeatsAnything() {
        var anna = new ReaderAt(api, "list-stable");
        holds(anna, 6);
        var inbox = anna.inbox();
        complete(anna, inbox);
        var first = anna.page(inbox, "limit=3");
        anna.store.holds(Mails.plain("late").sentAt(Mails.NOON.plusSeconds(9999)));
        anna.store.expunges("INBOX", anna.store.messages("INBOX").get(5).id());
        freshness.refresh(MailboxKey.parse(inbox));
        assertThat(subjects(anna.page(inbox, "limit=2"))).containsExactly("late", "mail 4");
        var second = anna.page(inbox, "limit=3&cursor=" + first.required("next").asString());
        assertThat(subjects(first)).containsExactly("mail 5", "mail 4", "mail 3");
        assertThat(subjects(second)).containsExactly("mail 2", "mail 1", "mail 0");
        assertThat(second.required("next").isNull()).isTrue();
    }

    @Test
    void filtersSelectAndCount() {
        var anna = new ReaderAt(api, "list-filter");
        anna.store.holds(Mails.plain("seen"), Keyword.SEEN);
        anna.store.holds(Mails.plain("new"));
        anna.store.holds(Mails.plain("flagged"), Keyword.SEEN, Keyword.FLAGGED);
        anna.store.holds(Mails.withAttachment("attached", "a.pdf", "application/pdf", Mails.noise(30)), Keyword.SEEN);
        var inbox = anna.inbox();
        complete(anna, inbox);
        for (var filter : List.of("unread:new", "flagged:flagged", "attachment:attached")) {
            var page = anna.page(inbox, "filter=" + filter.split(":")[0]);
            assertThat(subjects(page)).containsExactly(filter.split(":")[1]);
            assertThat(page.required("total").asInt()).isEqualTo(1);
        }
    }

    @Test
    void threadsShowTheirNewestMessageWithTheirSize() {
        var anna = new ReaderAt(api, "list-threads");
        var plan = Mails.plain("plan").sentAt(Mails.NOON);
        anna.store.holds(plan);
        anna.store.holds(Mails.plain("other").sentAt(Mails.NOON.plusSeconds(5)));
        anna.store.holds(Mails.plain("Re: plan").replyTo(plan).sentAt(Mails.NOON.plusSeconds(9)));
        var inbox = anna.inbox();
        complete(anna, inbox);
        var page = anna.page(inbox, "view=threads");
        assertThat(subjects(page)).containsExactly("Re: plan", "other");
        assertThat(page.at("/items/0/threadSize").asInt()).isEqualTo(2);
        assertThat(page.at("/items/1/threadSize").asInt()).isEqualTo(1);
        assertThat(page.required("total").asInt()).isEqualTo(2);

        var thread = anna.ok(
                anna.visitor().get("/threads/" + page.at("/items/0/threadId").asString()));
        assertThat(subjects(thread)).containsExactly("plan", "Re: plan");
    }

    @Test
    void previewsComeAfterwards() {
        var anna = new ReaderAt(api, "list-preview");
        anna.store.holds(Mails.plain("hello", "First words."));
        anna.store.holds(Mails.plain("empty", ""));
        var inbox = anna.inbox();
        anna.page(inbox, "");
        await().atMost(10, SECONDS).untilAsserted(() -> {
            var items = anna.page(inbox, "sort=subject").required("items");
            assertThat(items.get(0).required("preview").asString("?")).isEmpty();
            assertThat(items.get(1).required("preview").asString("?")).isEqualTo("First words.");
        });
        assertThat(anna.store.calls().stream().filter("previews INBOX"::equals)).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aMailboxThatIsBeingFilledIsSortedByTheProvider() {
        var anna = new ReaderAt(api, "list-filling");
        holds(anna, 700);
        var inbox = anna.inbox();
        assertThat(subjects(anna.page(inbox, "limit=3"))).containsExactly("mail 699", "mail 698", "mail 697");
        assertThat(subjects(anna.page(inbox, "sort=receivedAt&limit=2"))).containsExactly("mail 0", "mail 1");
        assertThat(subjects(anna.page(inbox, "offset=698&limit=5"))).containsExactly("mail 1", "mail 0");
        var deep = anna.page(inbox, "offset=400&limit=2");
        assertThat(subjects(deep)).containsExactly("mail 299", "mail 298");
        var next = anna.page(inbox, "limit=2&cursor=" + deep.required("next").asString());
        assertThat(subjects(next)).containsExactly("mail 297", "mail 296");
        var back =
                anna.page(inbox, "limit=2&cursor=" + deep.required("previous").asString());
        assertThat(subjects(back)).containsExactly("mail 301", "mail 300");
        assertThat(subjects(anna.page(inbox, "sort=-unread&offset=698&limit=5")))
                .containsExactly("mail 1", "mail 0");
        complete(anna, inbox);
        assertThat(subjects(anna.page(inbox, "offset=400&limit=1"))).containsExactly("mail 299");
        assertThat(anna.page(inbox, "").required("total").asInt()).isEqualTo(700);
    }

    @Test
    void halfAMailboxIsNeverTakenForTheWhole() throws Exception {
        var anna = new ReaderAt(api, "list-half");
        IntStream.range(0, 55).forEach(i -> anna.store.holds(Mails.plain("mail " + i), Keyword.SEEN));
        anna.store.holds(Mails.withAttachment("attached", "a.pdf", "application/pdf", Mails.noise(30)));
        var inbox = anna.inbox();
        anna.store.holdsBack("changes INBOX");
        anna.page(inbox, "");
        // No provider tells of attachments or of our threads: what has been read so far is the top, and no end is
        // claimed.
        var attached = anna.page(inbox, "filter=attachment");
        assertThat(subjects(attached)).containsExactly("attached");
        assertThat(attached.required("total").isNull()).isTrue();
        assertThat(attached.required("next").isNull()).isFalse();
        for (var list : List.of("view=threads&sort=subject", "filter=attachment&sort=size")) {
            anna.visitor()
                    .get("/mailboxes/" + inbox + "/messages?" + list)
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().string("Retry-After", "2"));
        }
        anna.store.letsGo();
        complete(anna, inbox);
        assertThat(anna.page(inbox, "filter=attachment").required("next").isNull())
                .isTrue();
    }

    @Test
    void whereTheProviderCannotSortItIsByArrival() {
        var anna = new ReaderAt(api, "list-nosort");
        anna.store.lacks(Capability.SORT);
        holds(anna, 60);
        anna.page(anna.inbox(), "");
        var page = anna.page(anna.inbox(), "sort=subject&limit=500");
        assertThat(subjects(page)).hasSize(60);
    }

    @Test
    void aProviderThatIsAwayLeavesTheListAndMarksIt() throws Exception {
        var anna = new ReaderAt(api, "list-stale");
        holds(anna, 2);
        var inbox = anna.inbox();
        complete(anna, inbox);
        anna.visitor().get("/mailboxes/" + inbox + "/messages").andExpect(header().doesNotExist("Valija-Stale"));
        anna.store.failsWith(new dev.valija.upstream.UpstreamException.Unavailable("down", null));
        anna.visitor()
                .patch(
                        "/messages",
                        java.util.Map.of(
                                "ids",
                                List.of(anna.message(inbox, "mail 1")),
                                "keywords",
                                java.util.Map.of("$seen", true)))
                .andExpect(status().isServiceUnavailable());
        anna.visitor()
                .get("/mailboxes/" + inbox + "/messages")
                .andExpect(status().isOk())
                .andExpect(header().string("Valija-Stale", "true"))
                .andExpect(jsonPath("$.items.length()").value(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cursor=nonsense",
                "cursor=AQ",
                "cursor=%20",
                "cursor=AQAAAABvAAAAAA",
                "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            })
    void whatIsNoCursorOfTheListIsRefused(String parameters) throws Exception {
        var anna = new ReaderAt(api, "list-cursor");
        anna.visitor()
                .get("/mailboxes/" + anna.inbox() + "/messages?" + parameters)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"))
                .andExpect(jsonPath("$.errors[0].pointer").value("cursor"));
    }

    @Test
    void aCursorHoldsForItsOwnListOnly() throws Exception {
        var anna = new ReaderAt(api, "list-cursor-own");
        holds(anna, 3);
        var next = anna.page(anna.inbox(), "limit=1").required("next").asString();
        for (var other : List.of("sort=subject", "filter=unread", "view=threads", "sort=receivedAt")) {
            anna.visitor()
                    .get("/mailboxes/" + anna.inbox() + "/messages?cursor=" + next + "&" + other)
                    .andExpect(status().isBadRequest());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=501, limit",
        "limit=x, limit",
        "offset=-1, offset",
        "offset=99999999999, offset",
        "sort=colour, sort",
        "sort=--size, sort",
        "filter=blue, filter",
        "view=tree, view",
    })
    void badParametersAreNamed(String parameters, String pointer) throws Exception {
        var anna = new ReaderAt(api, "list-params");
        anna.visitor()
                .get("/mailboxes/" + anna.inbox() + "/messages?" + parameters)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    @Test
    void anothersMailboxIsNotThere() throws Exception {
        var anna = new ReaderAt(api, "list-mine");
        var berta = new ReaderAt(api, "list-hers");
        holds(anna, 1);
        var thread = anna.page(anna.inbox(), "").at("/items/0/threadId").asString();
        for (var path : List.of(
                "/mailboxes/" + anna.inbox() + "/messages",
                "/mailboxes/" + berta.account() + "-999999/messages",
                "/mailboxes/x/messages",
                "/mailboxes/1-0/messages",
                "/threads/" + thread,
                "/threads/" + berta.account() + "-1")) {
            berta.visitor()
                    .get(path)
                    .andExpect(status().isNotFound())
                    .andExpect(jsonPath("$.type").value("/problems/not-found"));
        }
        api.stranger().get("/mailboxes/" + anna.inbox() + "/messages").andExpect(status().isUnauthorized());
    }

    static void holds(ReaderAt reader, int count) {
        IntStream.range(0, count)
                .forEach(i -> reader.store.holds(Mails.plain("mail " + i).sentAt(Mails.NOON.plusSeconds(60L * i))));
    }

    static void complete(ReaderAt reader, String mailbox) {
        reader.page(mailbox, "");
        await().atMost(20, SECONDS).until(() -> {
            for (var box : reader.ok(reader.visitor().get("/accounts/" + reader.account() + "/mailboxes"))
                    .required("items")) {
                if (box.required("id").asString().equals(mailbox)) {
                    return box.at("/sync/state").asString().equals("complete");
                }
            }
            return false;
        });
    }

    private static List<String> bases(List<String> subjects) {
        return subjects.stream()
                .map(s -> s.replaceFirst("^(Re|Fwd): ", "").toLowerCase(java.util.Locale.ROOT))
                .toList();
    }
}
