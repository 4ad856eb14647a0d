package dev.valija.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mails;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class ContactApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    @Autowired
    Api api;

    @Autowired
    JsonMapper json;

    @Autowired
    JdbcClient jdbc;

    private Visitor visitor;

    @BeforeEach
    void someone() {
        visitor = api.signedIn("contacts" + PEOPLE.incrementAndGet());
    }

    @Test
    void whoIsAddedIsFoundByAnyWordWhateverItsAccentsAndCase() throws Exception {
        var made = add("Chloé d'Árbol", "chloe.martin@Example.fr")
                .andExpect(status().isCreated())
                .andExpect(header().string("ETag", "\"1\""));
        var path = made.andReturn().getResponse().getHeader("Location");
        visitor.get(path.substring("/api/v1".length()))
                .andExpect(jsonPath("$.name").value("Chloé d'Árbol"));

        for (var text : List.of("ch", "CHLOE", "arb", "mart", "example.fr", "chloe arbol", "chloe.martin@ex", "fr")) {
            assertThat(suggested(text)).as(text).containsExactly("chloe.martin@Example.fr");
        }
        for (var text : List.of("hloe", "chloe berg", "@", "..")) {
            assertThat(suggested(text)).as(text).isEmpty();
        }
    }

    @Test
    void peopleOfOnesMailAreSuggested() {
        var name = "learner" + PEOPLE.incrementAndGet();
        var me = Api.address(name);
        api.upstream().user(me, Api.password());
        var store = api.upstream().store(me);
        store.holds("Sent", Mails.plain("out").from("Me", me).to("Bert Berg", "bert@example.net"));
        store.holds(
                FakeMailStore.INBOX,
                Mails.plain("in").from("Nina News", "nina@example.net").to("Me", me));
        store.holds(
                "Junk", Mails.plain("spam").from("Prince", "prince@example.net").to("Me", me));
        visitor = api.signedIn(name);
        visitor.get("/accounts/" + visitor.accountId() + "/mailboxes");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> suggested("example.net").size() == 2);
        assertThat(suggested("example.net")).containsExactly("bert@example.net", "nina@example.net");
        assertThat(suggested("")).containsExactly("bert@example.net", "nina@example.net");
        assertThat(listed("collected")).containsExactly("Bert Berg", "Nina News");
        assertThat(listed("saved")).isEmpty();
    }

    @Test
    void onesOwnAddressComesLast() {
        add("Myself", Api.address("contacts" + PEOPLE.get()));
        add("Zoe", "zoe@example.org");
        assertThat(suggested("example").getFirst()).isEqualTo("zoe@example.org");
        assertThat(suggested("")).containsExactly("zoe@example.org");
    }

    @Test
    void theAddressBookGoesByNameAPageAtATime() {
        var names = List.of("Álvaro", "bert", "Chloé", "Dora", "émile");
        for (int i : List.of(4, 2, 0, 3, 1)) {
            add(names.get(i), "p" + i + "@example.org");
        }
        var found = new ArrayList<String>();
        var path = "/contacts?list=saved&limit=2";
        for (var next = path; next != null; ) {
            var page = api.json(visitor.get(next));
            page.at("/items").forEach(item -> found.add(item.at("/name").asString()));
            next = page.at("/next").isNull()
                    ? null
                    : path + "&cursor=" + page.at("/next").asString();
        }
        assertThat(found).isEqualTo(names);
        assertThat(texts(visitor.get("/contacts?list=saved&q=p3"), "/name")).containsExactly("Dora");
        assertThat(listed("collected")).isEmpty();
    }

    @Test
    void aChangeNamesTheRevisionItWasMadeTo() throws Exception {
        var id = id(add("Bert", "bert@example.org"));
        add("Zoe", "zoe@example.org");

        change(id, 1, "Bert Berg", "bert@example.net")
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", "\"2\""));
        change(id, 1, "Bertram", "bert@example.net")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
        change(id, 2, "Bert", "ZOE@example.org")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"));
        change(id, 2, null, "bert@example.net").andExpect(status().isOk());
        assertThat(suggested("berg")).isEmpty();
        assertThat(suggested("bert")).containsExactly("bert@example.net");
        assertThat(suggested("example.org")).containsExactly("zoe@example.org");
    }

    @Test
    void anAddressIsThereOnce() throws Exception {
        var first = id(add("Bert", "bert@example.org"));
        add("Another", "BERT@example.org")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"))
                .andExpect(header().string("Location", "/api/v1/contacts/" + first));
        assertThat(listed("saved")).containsExactly("Bert");
    }

    @Test
    void whoIsTakenOutMayComeBackByHandOnly() throws Exception {
        var id = id(add("Bert", "bert@example.org"));
        visitor.delete("/contacts/" + id).andExpect(status().isNoContent());
        visitor.delete("/contacts/" + id).andExpect(status().isNotFound());
        visitor.get("/contacts/" + id).andExpect(status().isNotFound());
        change(id, 2, "Bert", "bert@example.org").andExpect(status().isNotFound());
        assertThat(suggested("bert")).isEmpty();
        assertThat(listed("saved") + "" + listed("collected")).isEqualTo("[][]");
        assertThat(jdbc.sql("select name is null from contact where id = ?")
                        .param(Long.parseLong(id))
                        .query(Boolean.class)
                        .single())
                .isTrue();

        assertThat(id(add(null, "bert@example.org"))).isEqualTo(id);
        assertThat(suggested("bert")).containsExactly("bert@example.org");
    }

    @Test
    void contactsAreTheUsersAlone() throws Exception {
        var id = id(add("Private", "private@example.org"));
        var mine = visitor;
        visitor = api.signedIn("othercontacts" + PEOPLE.incrementAndGet());

        visitor.get("/contacts/" + id).andExpect(status().isNotFound());
        change(id, 1, "Stolen", "private@example.org").andExpect(status().isNotFound());
        visitor.delete("/contacts/" + id).andExpect(status().isNotFound());
        assertThat(suggested("private")).isEmpty();
        assertThat(suggested("")).isEmpty();
        add("Mine", "mine@example.org");
        assertThat(exported()).contains("FN:Mine").doesNotContain("Private");
        mine.get("/contacts/" + id).andExpect(jsonPath("$.name").value("Private"));
        for (var nonsense : List.of("x", "0", "-1", "99999999999999999999")) {
            visitor.get("/contacts/" + nonsense).andExpect(status().isNotFound());
        }
    }

    @Test
    void whatCannotBeKeptIsNamed() throws Exception {
        for (var email : List.of("nobody", "a b@example.org", "@example.org", "a@", "a@b@c", "a,b@example.org")) {
            add("X", email)
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/email"));
        }
        for (var name : List.of("a\r\nb", "a\u0085b", "x".repeat(201))) {
            add(name, "a@example.org")
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/name"));
        }
        bad("list=all", "list");
        bad("limit=0", "limit");
        bad("limit=501", "limit");
        bad("q=" + "x".repeat(321), "q");
        bad("q=a%0Ab", "q");
        bad("list=saved&cursor=nonsense", "cursor");
        bad("cursor=AAAAAAAAAAAB", "cursor");
        add("A", "a@example.org");
        add("B", "b@example.org");
        var cursor = api.json(visitor.get("/contacts?list=saved&limit=1"))
                .at("/next")
                .asString();
        bad("list=collected&cursor=" + cursor, "cursor");
        for (var tag : List.of("*", "1", "W/\"1\"", "\"0\"")) {
            change("1", tag, "X", "a@example.org")
                    .andExpect(status().isBadRequest())
                    .andExpect(jsonPath("$.errors[0].pointer").value("If-Match"));
        }
        assertThat(listed("saved")).containsExactly("A", "B");
    }

    @Test
    void cardsComeInAndGoOut() throws Exception {
        add("Bert", "bert@example.org");
        add("Luis", "luis@example.org");
        var cards = """
                BEGIN:VCARD
                VERSION:3.0
                FN:Bert
                EMAIL:bert@example.org
                END:VCARD
                BEGIN:VCARD
                VERSION:3.0
                FN:Luis García
                EMAIL:LUIS@example.org
                EMAIL:luis@work.example
                EMAIL:no address
                END:VCARD
                BEGIN:VCARD
                VERSION:3.0
                FN:Only A Phone
                TEL:+49 30 123456
                END:VCARD
                """;
        imports(cards)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.made").value(1))
                .andExpect(jsonPath("$.updated").value(1))
                .andExpect(jsonPath("$.skipped").value(3));
        imports(cards)
                .andExpect(jsonPath("$.made").value(0))
                .andExpect(jsonPath("$.updated").value(0));

        var out = exported();
        assertThat(out.lines().filter("BEGIN:VCARD"::equals)).hasSize(3);
        assertThat(out).contains("\r\nFN:Luis García\r\nEMAIL:luis@example.org\r\n");
        visitor = api.signedIn("mover" + PEOPLE.incrementAndGet());
        imports(out).andExpect(jsonPath("$.made").value(3));
        assertThat(listed("saved")).containsExactly("Bert", "Luis García", "Luis García");
    }

    @Test
    void whatIsNoAddressBookIsRefused() throws Exception {
        imports("Name,Email\nAnna,anna@example.org")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"));
        visitor.send(post("/api/v1/contacts/import").contentType("text/csv").content("Anna"))
                .andExpect(status().isUnsupportedMediaType());
        imports("x".repeat(40 << 20)).andExpect(status().isContentTooLarge());
    }

    @Test
    void anAddressBookHasRoomForSoMany() throws Exception {
        add("Zoe", "zoe@example.org");
        var cards = new StringBuilder();
        for (int i = 0; i < Contacts.MOST; i++) {
            cards.append("BEGIN:VCARD\nEMAIL:p").append(i).append("@example.org\nEND:VCARD\n");
        }
        imports(cards.toString())
                .andExpect(status().isInsufficientStorage())
                .andExpect(jsonPath("$.detail").value("An address book has room for 20,000 addresses."));
        assertThat(listed("saved")).containsExactly("Zoe");
        imports(cards.substring(0, cards.lastIndexOf("BEGIN")))
                .andExpect(jsonPath("$.made").value(Contacts.MOST - 1));
        add("One", "more@example.org").andExpect(status().isInsufficientStorage());
        assertThat(exported().lines().filter("BEGIN:VCARD"::equals)).hasSize(Contacts.MOST);
    }

    private void bad(String query, String field) throws Exception {
        var request = MockMvcRequestBuilders.get(URI.create("/api/v1/contacts?" + query));
        visitor.send(request)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(field));
    }

    private ResultActions add(String name, String email) {
        return visitor.post("/contacts", contact(name, email));
    }

    private ResultActions change(String id, int revision, String name, String email) {
        return change(id, "\"" + revision + "\"", name, email);
    }

    private ResultActions change(String id, String tag, String name, String email) {
        return visitor.send(put("/api/v1/contacts/" + id)
                .header("If-Match", tag)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(contact(name, email))));
    }

    private static Map<String, Object> contact(String name, String email) {
        var contact = new HashMap<String, Object>();
        contact.put("name", name);
        contact.put("email", email);
        return contact;
    }

    private ResultActions imports(String cards) {
        return visitor.send(post("/api/v1/contacts/import")
                .contentType("text/vcard")
                .content(cards.getBytes(StandardCharsets.UTF_8)));
    }

    private String exported() throws Exception {
        var answer = visitor.get("/contacts.vcf")
                .andExpect(status().isOk())
                .andReturn()
                .getResponse();
        assertThat(answer.getContentType()).isEqualTo("text/vcard;charset=utf-8");
        return answer.getContentAsString(StandardCharsets.UTF_8);
    }

    private String id(ResultActions answer) {
        return api.json(answer).at("/id").asString();
    }

    private List<String> suggested(String text) {
        return texts(text.isEmpty() ? visitor.get("/contacts") : visitor.get("/contacts?q={q}", text), "/email");
    }

    private List<String> listed(String list) {
        return texts(visitor.get("/contacts?list={list}&limit=500", list), "/name");
    }

    private List<String> texts(ResultActions answer, String pointer) {
        var texts = new ArrayList<String>();
        api.json(answer).at("/items").forEach(item -> texts.add(item.at(pointer).asString()));
        return texts;
    }
}
