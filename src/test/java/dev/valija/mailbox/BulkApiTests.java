package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static dev.valija.mailbox.ReaderAt.subjects;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ApiTest
class BulkApiTests {
    @Autowired
    Api api;

    @Autowired
    Freshness freshness;

    @Test
    void manyAreMarkedByOneCommandAndTheIndexFollows() {
        var anna = holding("bulk-mark", 5);
        var ids = ids(anna.page(anna.inbox(), ""));
        for (int i = 0; i < 2; i++) {
            var result = anna.patch(Map.of("ids", ids, "keywords", Map.of("$seen", true, "Work", true)));
            assertThat(result.required("changed").asInt()).isEqualTo(5);
            assertThat(result.required("failed").isEmpty()).isTrue();
        }
        assertThat(calls(anna, "changeKeywords")).isEqualTo(2);
        assertThat(anna.store.messages("INBOX"))
                .allSatisfy(m -> assertThat(m.keywords()).contains(Keyword.SEEN, new Keyword("work")));
        assertThat(anna.page(anna.inbox(), "filter=unread").required("total").asInt())
                .isZero();
        assertThat(anna.page(anna.inbox(), "").at("/items/0/keywords").toString())
                .isEqualTo("[\"$seen\",\"work\"]");

        anna.patch(Map.of("ids", ids.subList(0, 2), "keywords", Map.of("$seen", false)));
        assertThat(anna.page(anna.inbox(), "filter=unread").required("total").asInt())
                .isEqualTo(2);
    }

    @Test
    void aMovedMessageKeepsItsId() throws Exception {
        var anna = holding("bulk-move", 3);
        var archive = anna.mailbox("Archive");
        complete(anna, archive);
        var ids = ids(anna.page(anna.inbox(), ""));
        var result = anna.patch(Map.of("ids", ids.subList(0, 2), "mailboxId", archive));
        assertThat(result.required("changed").asInt()).isEqualTo(2);
        assertThat(calls(anna, "move")).isEqualTo(1);
        assertThat(ids(anna.page(archive, ""))).isEqualTo(ids.subList(0, 2));
        assertThat(ids(anna.page(anna.inbox(), ""))).isEqualTo(ids.subList(2, 3));
        assertThat(anna.page(archive, "").required("total").asInt()).isEqualTo(2);
        anna.visitor()
                .get("/messages/" + ids.getFirst())
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.mailboxId").value(archive));
        // Again: they are there already, so nothing has to be done.
        assertThat(anna.patch(Map.of("ids", ids.subList(0, 2), "mailboxId", archive))
                        .required("changed")
                        .asInt())
                .isEqualTo(2);
        assertThat(calls(anna, "move")).isEqualTo(1);
    }

    @Test
    void aMoveWithoutNewIdsIsMatchedWhenTheTargetIsRead() {
        var anna = holding("bulk-move-blind", 2);
        anna.store.hidesNewIds();
        var archive = anna.mailbox("Archive");
        complete(anna, archive);
        var ids = ids(anna.page(anna.inbox(), ""));
        anna.patch(Map.of("ids", ids, "mailboxId", archive));
        await().atMost(10, SECONDS).untilAsserted(() -> {
            assertThat(ids(anna.page(archive, ""))).isEqualTo(ids);
            anna.visitor().get("/messages/" + ids.getFirst()).andExpect(status().isOk());
        });
        assertThat(anna.page(archive, "").required("total").asInt()).isEqualTo(2);
    }

    @Test
    void aWholeMailboxCanBeMeant() {
        var anna = holding("bulk-select", 4);
        var ids = ids(anna.page(anna.inbox(), ""));
        anna.patch(Map.of("ids", ids.subList(0, 1), "keywords", Map.of("$seen", true)));
        var all = anna.patch(Map.of(
                "select", Map.of("mailboxId", anna.inbox(), "filter", "unread"), "keywords", Map.of("$seen", true)));
        assertThat(all.required("changed").asInt()).isEqualTo(3);
        var moved =
                anna.patch(Map.of("select", Map.of("mailboxId", anna.inbox()), "mailboxId", anna.mailbox("Archive")));
        assertThat(moved.required("changed").asInt()).isEqualTo(4);
        assertThat(anna.page(anna.inbox(), "").required("items").isEmpty()).isTrue();
        assertThat(anna.store.messages("Archive")).hasSize(4);
    }

    @Test
    void deletingGoesToTrashAndFromThereForEver() {
        var anna = holding("bulk-delete", 2);
        var trash = anna.mailbox("Trash");
        complete(anna, trash);
        var ids = ids(anna.page(anna.inbox(), ""));
        var first = anna.ok(anna.visitor().delete("/messages", Map.of("ids", ids)));
        assertThat(first.required("changed").asInt()).isEqualTo(2);
        assertThat(ids(anna.page(trash, ""))).isEqualTo(ids);
        assertThat(anna.store.messages("Trash")).hasSize(2);
        anna.ok(anna.visitor().delete("/messages", Map.of("ids", ids.subList(0, 1))));
        assertThat(ids(anna.page(trash, ""))).isEqualTo(ids.subList(1, 2));
        assertThat(anna.store.messages("Trash")).hasSize(1);
        var again = anna.ok(anna.visitor().delete("/messages", Map.of("ids", ids.subList(0, 1))));
        assertThat(again.at("/failed/0/type").asString()).isEqualTo("/problems/not-found");
    }

    @Test
    void whereThereIsNoTrashOneIsMade() {
        var anna = new ReaderAt(api, "bulk-no-trash");
        anna.store.deleteMailbox("Trash");
        MessageListApiTests.holds(anna, 2);
        complete(anna, anna.inbox());
        for (var id : ids(anna.page(anna.inbox(), ""))) {
            assertThat(anna.ok(anna.visitor().delete("/messages", Map.of("ids", List.of(id))))
                            .required("changed")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(anna.store.messages("Trash")).hasSize(2);
    }

    @Test
    void copiesAreNewMessages() {
        var anna = holding("bulk-copy", 1);
        var archive = anna.mailbox("Archive");
        complete(anna, archive);
        var ids = ids(anna.page(anna.inbox(), ""));
        var result = anna.ok(anna.visitor().post("/messages/copy", Map.of("ids", ids, "mailboxId", archive)));
        assertThat(result.required("changed").asInt()).isEqualTo(1);
        await().atMost(10, SECONDS)
                .untilAsserted(
                        () -> assertThat(subjects(anna.page(archive, ""))).containsExactly("mail 0"));
        assertThat(ids(anna.page(archive, ""))).doesNotContainAnyElementsOf(ids);
        assertThat(ids(anna.page(anna.inbox(), ""))).isEqualTo(ids);
    }

    @Test
    void whatIsNotThereOrAnothersIsToldById() {
        var anna = holding("bulk-failed", 1);
        var berta = holding("bulk-failed-b", 1);
        var mine = ids(anna.page(anna.inbox(), "")).getFirst();
        var hers = ids(berta.page(berta.inbox(), "")).getFirst();
        var result = anna.patch(Map.of(
                "ids",
                List.of(mine, hers, "nonsense", anna.account() + "-999999", mine),
                "keywords",
                Map.of("$flagged", true)));
        assertThat(result.required("changed").asInt()).isEqualTo(1);
        var failed = new ArrayList<String>();
        result.required("failed").forEach(f -> {
            assertThat(f.required("type").asString()).isEqualTo("/problems/not-found");
            failed.add(f.required("id").asString());
        });
        assertThat(failed).containsExactlyInAnyOrder(hers, "nonsense", anna.account() + "-999999");
        assertThat(berta.store.messages("INBOX").getFirst().keywords()).isEmpty();
    }

    @Test
    void aFailureOfTheProviderLeavesNothingHalfDone() throws Exception {
        var anna = holding("bulk-down", 2);
        var ids = ids(anna.page(anna.inbox(), ""));
        anna.store.failsWith(new UpstreamException.Unavailable("down", null));
        anna.visitor()
                .patch("/messages", Map.of("ids", ids, "keywords", Map.of("$seen", true)))
                .andExpect(status().isServiceUnavailable());
        anna.store.failsWith(null);
        assertThat(anna.page(anna.inbox(), "filter=unread").required("total").asInt())
                .isEqualTo(2);
        anna.store.isFull();
        anna.visitor()
                .patch("/messages", Map.of("ids", ids, "mailboxId", anna.mailbox("Archive")))
                .andExpect(status().is(507));
        assertThat(ids(anna.page(anna.inbox(), ""))).isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource({"changeKeywords", "move", "delete"})
    void ofAChangeBrokenOffItIsToldWhatWasDone(String method) {
        var anna = holding("bulk-broken-" + method.toLowerCase(java.util.Locale.ROOT), 5);
        var trash = anna.mailbox("Trash");
        complete(anna, trash);
        if (method.equals("delete")) {
            anna.patch(Map.of("ids", ids(anna.page(anna.inbox(), "")), "mailboxId", trash));
        }
        var place = method.equals("delete") ? trash : anna.inbox();
        var ids = ids(anna.page(place, ""));
        anna.store.breaksOff(method, 2);

        var result = switch (method) {
            case "changeKeywords" -> anna.patch(Map.of("ids", ids, "keywords", Map.of("$seen", true)));
            case "move" -> anna.patch(Map.of("ids", ids, "mailboxId", anna.mailbox("Archive")));
            default -> anna.ok(anna.visitor().delete("/messages", Map.of("ids", ids)));
        };

        assertThat(result.required("changed").asInt()).isEqualTo(2);
        var failed = new ArrayList<String>();
        result.required("failed").forEach(f -> {
            assertThat(f.required("type").asString()).isEqualTo("/problems/upstream-unavailable");
            failed.add(f.required("id").asString());
        });
        var left = method.equals("changeKeywords") ? "filter=unread" : "";
        assertThat(ids(anna.page(place, left))).hasSize(3).containsExactlyInAnyOrderElementsOf(failed);
    }

    @Test
    void mailStaysInItsAccount() throws Exception {
        var anna = holding("bulk-account", 1);
        var second = api.upstream().user(Api.address("bulk-account2"), Api.password());
        assertThat(second).isNotNull();
        var account = anna.json(anna.visitor()
                        .post("/accounts", Api.signIn(Api.address("bulk-account2"), Api.password()))
                        .andExpect(status().isCreated()))
                .required("id")
                .asString();
        var target = anna.ok(anna.visitor().get("/accounts/" + account + "/mailboxes"))
                .at("/items/0/id")
                .asString();
        var ids = ids(anna.page(anna.inbox(), ""));
        anna.visitor()
                .patch("/messages", Map.of("ids", ids, "mailboxId", target))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.type").value("/problems/operation-not-supported"));
        var berta = holding("bulk-account-b", 0);
        anna.visitor()
                .patch("/messages", Map.of("ids", ids, "mailboxId", berta.inbox()))
                .andExpect(status().isNotFound());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ids\":[],\"keywords\":{\"$seen\":true}} | /ids",
                "{\"keywords\":{\"$seen\":true}} | /ids",
                "{\"ids\":[\"1-1\"],\"select\":{\"mailboxId\":\"1-1\"},\"keywords\":{\"$seen\":true}} | /select",
                "{\"select\":{},\"keywords\":{\"$seen\":true}} | /select/mailboxId",
                "{\"select\":{\"mailboxId\":\"1-1\",\"filter\":\"x\"},\"keywords\":{\"$seen\":true}} | /select/filter",
                "{\"ids\":[\"1-1\"]} | ''",
                "{\"ids\":[\"1-1\"],\"keywords\":{}} | /keywords",
                "{\"ids\":[\"1-1\"],\"keywords\":{\"a b\":true}} | /keywords/a b",
                "{\"ids\":[\"1-1\"],\"keywords\":{\"a/b(\":true}} | /keywords/a~1b(",
                "{\"ids\":[\"1-1\"],\"keywords\":{\"\":true}} | /keywords/",
                "{\"ids\":[\"1-1\"],\"keywords\":{\"a\":null}} | /keywords/a",
                "{\"ids\":[\"1-1\",null],\"keywords\":{\"a\":true}} | /ids/1",
                "{\"ids\":[\"1-1\"],\"keywords\":{\"A\":true,\"a\":false}} | /keywords/a",
            })
    void badRequestsNameTheField(String body, String pointer) throws Exception {
        var anna = holding("bulk-bad", 0);
        anna.visitor()
                .patch("/messages", body)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    @Test
    void tenThousandAtOnceAreAllowedAndNoMore() throws Exception {
        var anna = holding("bulk-many", 1);
        var id = ids(anna.page(anna.inbox(), "")).getFirst();
        var ids = new ArrayList<>(IntStream.range(1, 10_000)
                .mapToObj(i -> anna.account() + "-" + (5_000_000 + i))
                .toList());
        ids.add(id);
        var result = anna.patch(Map.of("ids", ids, "keywords", Map.of("$seen", true)));
        assertThat(result.required("changed").asInt()).isEqualTo(1);
        assertThat(result.required("failed").size()).isEqualTo(9_999);
        ids.add("1-1");
        anna.visitor()
                .patch("/messages", Map.of("ids", ids, "keywords", Map.of("$seen", true)))
                .andExpect(status().isBadRequest());
    }

    private ReaderAt holding(String name, int count) {
        var reader = new ReaderAt(api, name);
        MessageListApiTests.holds(reader, count);
        complete(reader, reader.inbox());
        return reader;
    }

    private static long calls(ReaderAt reader, String method) {
        return reader.store.calls().stream()
                .filter((method + " " + FakeMailStore.INBOX)::equals)
                .count();
    }

    private static List<String> ids(JsonNode page) {
        var ids = new ArrayList<String>();
        page.required("items").forEach(item -> ids.add(item.required("id").asString()));
        return ids;
    }
}
