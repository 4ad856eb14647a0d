package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mails;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ApiTest
class MailboxApiTests {
    @Autowired
    Api api;

    /** Someone with mailboxes. */
    private final class Person {
        final Api.Visitor visitor;
        final FakeMailStore store;
        final String path;

        Person(String name) {
            visitor = api.signedIn(name);
            store = api.upstream().store(Api.address(name));
            path = "/accounts/" + visitor.accountId() + "/mailboxes";
        }

        List<JsonNode> list() {
            return api.json(visitor.get(path)).required("items").values().stream()
                    .toList();
        }

        JsonNode named(String name) {
            return list().stream()
                    .filter(m -> m.required("name").asString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        String id(String name) {
            return named(name).required("id").asString();
        }

        String makes(String name, String parentId) {
            var body = new HashMap<String, Object>(Map.of("name", name));
            body.put("parentId", parentId);
            return api.json(visitor.post(path, body)).required("id").asString();
        }

        List<String> upstream() {
            return store.mailboxes().stream()
                    .filter(m -> m.selectable())
                    .map(m -> m.name())
                    .toList();
        }
    }

    @Test
    void mailboxesAreListedParentsFirstWithTheirRolesAndCounts() {
        var anna = new Person("tree");
        anna.store.createMailbox("Projects/2026");
        anna.store.holds("Projects/2026", Mails.plain("one"));
        anna.store.holds("Projects/2026", Mails.plain("two"), Keyword.SEEN);
        Mirror.await(() ->
                anna.list().size() == 8 && anna.named("2026").required("total").asInt() == 2);

        var list = anna.list();
        assertThat(list.getFirst().required("role").asString()).isEqualTo("inbox");
        var parent = anna.named("Projects");
        var child = anna.named("2026");
        assertThat(parent.required("selectable").asBoolean()).isFalse();
        assertThat(child.required("parentId")).isEqualTo(parent.required("id"));
        assertThat(child.required("path").values())
                .extracting(JsonNode::asString)
                .containsExactly("Projects", "2026");
        assertThat(child.required("unread").asInt()).isEqualTo(1);
        assertThat(list.indexOf(parent)).isLessThan(list.indexOf(child));
        assertThat(list.getFirst().at("/rights/rename").asBoolean()).isFalse();
        assertThat(child.at("/rights/delete").asBoolean()).isTrue();
        assertThat(parent.at("/rights/delete").asBoolean()).isFalse();
    }

    @Test
    void aMailboxIsMadeAtTheProviderToo() throws Exception {
        var anna = new Person("makes");
        anna.visitor
                .post(anna.path, Map.of("name", "Rechnungen ü"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.name").value("Rechnungen ü"))
                .andExpect(jsonPath("$.role").isEmpty());
        anna.makes("März", anna.id("Rechnungen ü"));
        assertThat(anna.upstream()).contains("Rechnungen ü", "Rechnungen ü/März");
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        var anna = new Person("taken");
        for (var name : List.of("Archive", "INBOX", "inbox")) {
            anna.visitor
                    .post(anna.path, Map.of("name", name))
                    .andExpect(status().isConflict())
                    .andExpect(jsonPath("$.type").value("/problems/already-exists"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "tab\tin", "nul\u0000", "  ", "star*", "per%cent", "line\nbreak"})
    void aNameThatIsNoneIsRefusedWithAPointer(String name) throws Exception {
        var anna = new Person("names");
        anna.visitor
                .post(anna.path, Map.of("name", name))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/name"));
        assertThat(anna.upstream()).hasSize(6);
    }

    @Test
    void renamingAndMovingKeepsAllIds() throws Exception {
        var anna = new Person("moves");
        var projects = anna.makes("Projects", null);
        var child = anna.makes("2026", projects);
        var home = anna.makes("Home", null);

        anna.visitor
                .patch("/mailboxes/" + projects, Map.of("name", "Work", "parentId", home))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.id").value(projects))
                .andExpect(jsonPath("$.path[0]").value("Home"))
                .andExpect(jsonPath("$.path[1]").value("Work"));
        assertThat(anna.upstream()).contains("Home/Work", "Home/Work/2026").doesNotContain("Projects");
        assertThat(anna.id("2026")).isEqualTo(child);
        assertThat(anna.named("2026").required("path").values())
                .extracting(JsonNode::asString)
                .containsExactly("Home", "Work", "2026");

        anna.visitor
                .patch("/mailboxes/" + projects, "{\"parentId\": null}")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.path[0]").value("Work"))
                .andExpect(jsonPath("$.parentId").isEmpty());
        assertThat(anna.upstream()).contains("Work/2026");
    }

    @Test
    void aMailboxCannotLieWithinItself() throws Exception {
        var anna = new Person("cycle");
        var projects = anna.makes("Projects", null);
        var child = anna.makes("2026", projects);
        anna.visitor
                .patch("/mailboxes/" + projects, Map.of("parentId", child))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/parentId"));
    }

    @Test
    void whatMailProgramsRelyOnStays() throws Exception {
        var anna = new Person("stays");
        for (var name : List.of("INBOX", "Sent", "Trash")) {
            anna.visitor
                    .patch("/mailboxes/" + anna.id(name), Map.of("name", "Other"))
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(jsonPath("$.type").value("/problems/operation-not-supported"));
            anna.visitor.delete("/mailboxes/" + anna.id(name)).andExpect(status().isUnprocessableContent());
        }
        assertThat(anna.upstream()).hasSize(6);
    }

    @Test
    void aMailboxWithMailboxesInItIsNotDeleted() throws Exception {
        var anna = new Person("deletes");
        var projects = anna.makes("Projects", null);
        var child = anna.makes("2026", projects);
        anna.visitor
                .delete("/mailboxes/" + projects)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
        anna.visitor.delete("/mailboxes/" + child).andExpect(status().isNoContent());
        anna.visitor.delete("/mailboxes/" + projects).andExpect(status().isNoContent());
        anna.visitor.delete("/mailboxes/" + projects).andExpect(status().isNotFound());
        assertThat(anna.upstream()).doesNotContain("Projects", "Projects/2026");
        assertThat(anna.list()).hasSize(6);
    }

    @Test
    void subscribingReachesTheProvider() throws Exception {
        var anna = new Person("subscribes");
        anna.visitor
                .patch("/mailboxes/" + anna.id("Archive"), Map.of("subscribed", false))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.subscribed").value(false));
        assertThat(anna.store.mailboxes())
                .filteredOn(m -> m.name().equals("Archive"))
                .allMatch(m -> !m.subscribed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"name\": 1}", "{\"subscribed\": \"no\"}", "{\"parentId\": 7}", "{\"x\": 1}"})
    void aChangeThatSaysNothingSensibleIsRefused(String body) throws Exception {
        var anna = new Person("nonsense");
        anna.visitor.patch("/mailboxes/" + anna.id("Archive"), body).andExpect(status().isBadRequest());
    }

    @Test
    void othersMailboxesAreNotThere() throws Exception {
        var anna = new Person("owner");
        var mallory = new Person("mallory");
        var archive = anna.id("Archive");
        mallory.visitor.get(anna.path).andExpect(status().isNotFound());
        mallory.visitor.post(anna.path, Map.of("name", "Mine")).andExpect(status().isNotFound());
        mallory.visitor.patch("/mailboxes/" + archive, Map.of("name", "Mine")).andExpect(status().isNotFound());
        mallory.visitor.delete("/mailboxes/" + archive).andExpect(status().isNotFound());
        for (var id : List.of("1-99999999", "0", "x", "1", "-1-1", "1-1-1", "99999999999999999999-1")) {
            mallory.visitor.delete("/mailboxes/" + id).andExpect(status().isNotFound());
        }
        mallory.visitor
                .post(mallory.path, Map.of("name", "Within", "parentId", archive))
                .andExpect(status().is4xxClientError());
        assertThat(anna.upstream()).hasSize(6);
    }

    @Test
    void aProviderThatFailsLeavesEverythingAsItWas() throws Exception {
        var anna = new Person("faults");
        assertThat(anna.list()).hasSize(6);
        anna.store.failsWith(new dev.valija.upstream.UpstreamException.Unavailable("down", null));
        anna.visitor.get(anna.path).andExpect(status().isOk());
        anna.visitor.post(anna.path, Map.of("name", "Later")).andExpect(status().isServiceUnavailable());
        anna.store.failsWith(null);
        assertThat(anna.list()).hasSize(6);
        assertThat(anna.upstream()).hasSize(6);
    }
}
