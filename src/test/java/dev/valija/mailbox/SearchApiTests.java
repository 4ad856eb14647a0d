package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static dev.valija.mailbox.ReaderAt.subjects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mails;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class SearchApiTests {
    private static ReaderAt reader;

    @Autowired
    Api api;

    /** One person with some mail, for all the tests that only look. */
    private ReaderAt reader() {
        if (reader == null) {
            var anna = new ReaderAt(api, "search-anna");
            var store = anna.store;
            store.holds(Mails.plain("Café con José", "Nos vemos.").sentAt(Mails.NOON));
            store.holds(
                    Mails.plain("Plan for Thursday", "Bring the zebra.")
                            .from("Luis García", "luis@example.com")
                            .sentAt(Mails.NOON.plusSeconds(60)),
                    Keyword.SEEN,
                    Keyword.FLAGGED);
            store.holds(
                    Mails.plain("Plan for Friday", "No animals.")
                            .cc("Zoë", "zoe@example.net")
                            .sentAt(Mails.NOON.plusSeconds(120)),
                    Keyword.SEEN,
                    Keyword.ANSWERED);
            store.holds(
                    Mails.withAttachment("Report", "Quarterly-report_2026.pdf", "application/pdf", Mails.noise(9000))
                            .sentAt(Mails.NOON.plusSeconds(180)),
                    Keyword.SEEN);
            store.holds(Mails.plain("会議のお知らせ", "x").sentAt(Mails.NOON.plusSeconds(240)), Keyword.SEEN);
            store.holds(
                    "Archive", Mails.plain("Old plan", "A zebra again.").sentAt(Mails.NOON.minusSeconds(86_400L * 90)));
            complete(anna, anna.inbox());
            complete(anna, anna.mailbox("Archive"));
            reader = anna;
        }
        return reader;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cafe                     | Café con José",
                "CAFÉ jose                | Café con José",
                "plan                     | Plan for Friday;Plan for Thursday;Old plan",
                "pla thurs                | Plan for Thursday",
                "\"for thursday\"         | Plan for Thursday",
                "\"thursday for\"         | ",
                "\"for thurs\"            | ",
                "plan -friday -old        | Plan for Thursday",
                "friday OR report         | Report;Plan for Friday",
                "from:garcia              | Plan for Thursday",
                "from:luis@example.com    | Plan for Thursday",
                "from:example.com         | Plan for Thursday",
                "cc:zoe                   | Plan for Friday",
                "to:zoe                   | ",
                "subject:luis             | ",
                "会議                     | 会議のお知らせ",
                "知らせ                   | 会議のお知らせ",
                "議                       | 会議のお知らせ",
                "\"会議のお\"              | 会議のお知らせ",
                "お会議                   | ",
                "has:attachment           | Report",
                "filename:report          | Report",
                "filename:2026.pdf        | Report",
                "is:flagged               | Plan for Thursday",
                "is:answered              | Plan for Friday",
                "is:unread in:inbox       | Café con José",
                "in:archive               | Old plan",
                "in:nowhere               | ",
                "before:2026-01-01        | Old plan",
                "plan after:2026-01-01    | Plan for Friday;Plan for Thursday",
                "after:2026-03-15         | ",
                "larger:5k                | Report",
                "smaller:5k report        | ",
                "body:zebra               | Plan for Thursday;Old plan",
                "body:zebra -in:archive   | Plan for Thursday",
                "-body:zebra plan         | Plan for Friday",
                "zebra                    | ",
            })
    void queriesFindWhatTheySay(String query, String expected) {
        var page = search(reader(), query, "");
        assertThat(subjects(page)).isEqualTo(expected == null ? List.of() : List.of(expected.split(";")));
        assertThat(page.required("total").asInt())
                .isEqualTo(page.required("items").size());
    }

    @Test
    void hitsComeInPages() {
        var found = new ArrayList<String>();
        String cursor = "";
        do {
            var page = search(reader(), "plan", "limit=1" + cursor);
            assertThat(page.required("items").size()).isEqualTo(1);
            found.addAll(subjects(page));
            cursor = page.required("next").isNull()
                    ? null
                    : "&cursor=" + page.required("next").asString();
        } while (cursor != null);
        assertThat(found).containsExactly("Plan for Friday", "Plan for Thursday", "Old plan");
    }

    @Test
    void oneMailboxCanBeSearchedAlone() {
        var archive = reader().mailbox("Archive");
        assertThat(subjects(search(reader(), "plan", "mailboxId=" + archive))).containsExactly("Old plan");
    }

    @Test
    void asLinesBareWordsAreLookedForInBodiesToo() throws Exception {
        var lines = lines("zebra", "");
        assertThat(hits(lines)).containsExactly("Plan for Thursday", "Old plan");
        assertThat(lines.getLast().required("done").toString()).isEqualTo("{\"hits\":2,\"complete\":true,\"gaps\":[]}");
        var progress = lines.stream().filter(line -> line.has("progress")).toList();
        assertThat(progress).isNotEmpty();
        assertThat(progress.getLast().at("/progress/searched").asInt())
                .isEqualTo(progress.getLast().at("/progress/total").asInt())
                .isEqualTo(6);
        lines.forEach(line -> assertThat(line.size()).isEqualTo(1));
    }

    @Test
    void theIndexsHitsComeBeforeTheProvidersAndNoneTwice() throws Exception {
        assertThat(hits(lines("animals OR report", ""))).containsExactly("Report", "Plan for Friday");
        assertThat(hits(lines("plan -zebra", ""))).containsExactly("Plan for Friday");
    }

    @Test
    void theLimitEndsAStream() throws Exception {
        var lines = lines("zebra", "&limit=1");
        assertThat(hits(lines)).containsExactly("Plan for Thursday");
        assertThat(lines.getLast().at("/done/complete").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from: | at character 1 | 0 | 5",
                "a \"b | at character 3 | 2 | 2",
                "😀 is:purple | at character 6 | 6 | 6",
                "... | at character 1 | 0 | 3"
            })
    void aQueryThatMakesNoSenseIsRefusedWithThePlace(String query, String detail, int offset, int length)
            throws Exception {
        for (var accept : List.of("application/json", "application/x-ndjson")) {
            reader().visitor()
                    .send(request(query, "").header("Accept", accept))
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("q"))
                    .andExpect(jsonPath("$.errors[0].offset").value(offset))
                    .andExpect(jsonPath("$.errors[0].length").value(length))
                    .andExpect(jsonPath("$.errors[0].detail").value(org.hamcrest.Matchers.startsWith(detail)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table message; --",
                "' & !x:*",
                "a:*B | b",
                "\\",
                "%",
                "<->",
                "\"\\\"\"",
                "subject:'a'",
                "🎉",
                "(a|b)",
                ":p0 :account",
                "x\u0301\u200d",
                "in:%",
                "filename:../../etc/passwd",
            })
    void textsNeverBecomeCommands(String query) {
        search(reader(), "plan " + query, "");
    }

    @Test
    void nobodySeesAnothersMail() throws Exception {
        var berta = new ReaderAt(api, "search-berta");
        berta.store.holds(Mails.plain("Berta's plan"));
        complete(berta, berta.inbox());
        assertThat(subjects(search(berta, "plan", ""))).containsExactly("Berta's plan");
        for (var other : List.of("accountId=" + reader().account(), "mailboxId=" + reader().inbox(), "accountId=x")) {
            berta.visitor().get("/search?q=plan&" + other).andExpect(status().isNotFound());
        }
        berta.visitor().get("/search?q=plan&cursor=AAAA").andExpect(status().isBadRequest());
        berta.visitor().get("/search").andExpect(status().isBadRequest());
        berta.visitor().get("/search?q=" + "a".repeat(1001)).andExpect(status().isBadRequest());
    }

    @Test
    void aProviderThatIsAwayLeavesTheIndexsHits() throws Exception {
        var carla = new ReaderAt(api, "search-carla");
        carla.store.holds(Mails.plain("Carla's plan", "zebra"));
        complete(carla, carla.inbox());
        carla.store.failsWith(new dev.valija.upstream.UpstreamException.Unavailable("down", null));
        assertThat(subjects(search(carla, "plan", ""))).containsExactly("Carla's plan");
        carla.visitor().get("/search?q=body:zebra").andExpect(status().isServiceUnavailable());
        var lines = lines(carla, "plan", "");
        assertThat(hits(lines)).containsExactly("Carla's plan");
        assertThat(lines.getLast().at("/done/complete").asBoolean()).isFalse();
        assertThat(lines.getLast().at("/done/gaps/0").toString())
                .isEqualTo("{\"accountId\":\"" + carla.account() + "\",\"mailboxId\":null,\"reason\":\"unreachable\"}");
    }

    private static JsonNode search(ReaderAt reader, String query, String more) {
        return reader.ok(reader.visitor().send(request(query, more).header("Accept", "application/json")));
    }

    private List<JsonNode> lines(String query, String more) throws Exception {
        return lines(reader(), query, more);
    }

    private static List<JsonNode> lines(ReaderAt reader, String query, String more) throws Exception {
        var answer = reader.visitor()
                .send(request(query, more).header("Accept", "application/x-ndjson"))
                .andExpect(status().isOk())
                .andExpect(content().contentTypeCompatibleWith("application/x-ndjson"))
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
        return answer.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    private static org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder request(
            String query, String more) {
        return MockMvcRequestBuilders.get("/api/v1/search?" + more).queryParam("q", query);
    }

    private static List<String> hits(List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.has("hit"))
                .map(line -> line.at("/hit/subject").asString())
                .toList();
    }
}
