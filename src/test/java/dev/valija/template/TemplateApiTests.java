package dev.valija.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.json.JsonMapper;

@ApiTest
class TemplateApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    JsonMapper json;

    private Visitor visitor;

    @BeforeEach
    void someone() {
        visitor = api.signedIn("templates" + PEOPLE.incrementAndGet());
    }

    @Test
    void aTextIsKeptAndComesBackAsItWas() throws Exception {
        var made = visitor.post(
                        "/templates",
                        Map.of(
                                "name",
                                " Weekly ",
                                "subject",
                                "Grüße 🚀",
                                "html",
                                "<p>Hello <script>alert(1)</script></p>",
                                "to",
                                List.of(Map.of("name", "Luis", "email", "luis@example.org"))))
                .andExpect(status().isCreated())
                .andExpect(header().string("ETag", "\"1\""))
                .andExpect(jsonPath("$.name").value("Weekly"));
        var location = made.andReturn().getResponse().getHeader("Location").substring("/api/v1".length());

        visitor.get(location)
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", "\"1\""))
                .andExpect(jsonPath("$.subject").value("Grüße 🚀"))
                .andExpect(jsonPath("$.html").value("<p>Hello <script>alert(1)</script></p>"))
                .andExpect(jsonPath("$.text").isEmpty())
                .andExpect(jsonPath("$.to[0].email").value("luis@example.org"))
                .andExpect(jsonPath("$.cc").isEmpty());
        add("another");
        assertThat(names()).containsExactly("another", "Weekly");

        visitor.delete(location).andExpect(status().isNoContent());
        visitor.get(location).andExpect(status().isNotFound());
        visitor.delete(location).andExpect(status().isNotFound());
        assertThat(names()).containsExactly("another");
    }

    @Test
    void aChangeIsMadeToWhatTheCallerKnowsAndTwiceIsOnce() throws Exception {
        var id = add("Reply");
        change(id, 1, "Reply", "<p>One</p>").andExpect(status().isOk()).andExpect(header().string("ETag", "\"2\""));
        change(id, 1, "Reply", "<p>One</p>").andExpect(status().isOk()).andExpect(header().string("ETag", "\"2\""));
        change(id, 1, "Reply", "<p>Two</p>")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
        change(id, 2, "REPLY", "<p>Two</p>")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.name").value("REPLY"));
        visitor.get("/templates/" + id).andExpect(jsonPath("$.html").value("<p>Two</p>"));
        change("999999", 1, "x", "x").andExpect(status().isNotFound());
        visitor.send(put("/api/v1/templates/" + id)
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"name\":\"x\"}"))
                .andExpect(status().isBadRequest());
    }

    @Test
    void noTwoAreCalledAlike() throws Exception {
        var first = add("Thanks");
        var second = add("Sorry");
        visitor.post("/templates", Map.of("name", "THANKS"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"))
                .andExpect(header().string("Location", "/api/v1/templates/" + first));
        change(second, 1, "thanks", "x")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/already-exists"))
                .andExpect(header().string("Location", "/api/v1/templates/" + first));
        assertThat(names()).containsExactly("Sorry", "Thanks");
        api.signedIn("templates-other")
                .post("/templates", Map.of("name", "Thanks"))
                .andExpect(status().isCreated());
    }

    @Test
    void ofManyWhoAddTheSameAtOnceOneDoes() throws Exception {
        Callable<Integer> adding = () -> visitor.post("/templates", Map.of("name", "Race"))
                .andReturn()
                .getResponse()
                .getStatus();
        try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = many
                    .invokeAll(IntStream.range(0, 8).mapToObj(n -> adding).toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(answers).containsOnlyOnce(201).containsOnly(201, 409);
        }
        assertThat(names()).containsExactly("Race");
    }

    @Test
    void nobodySeesOrTouchesAnothers() throws Exception {
        var id = add("Mine");
        var other = api.signedIn("templates-stranger");
        other.get("/templates/" + id).andExpect(status().isNotFound());
        other.delete("/templates/" + id).andExpect(status().isNotFound());
        change(other, id, 1, "Yours", "x").andExpect(status().isNotFound());
        other.get("/templates").andExpect(jsonPath("$.items").isEmpty());
        api.stranger().get("/templates").andExpect(status().isUnauthorized());
        visitor.get("/templates/" + id).andExpect(jsonPath("$.name").value("Mine"));
    }

    @Test
    void whatIsTooMuchIsRefused() throws Exception {
        bad(Map.of(), "/name");
        bad(Map.of("name", ""), "/name");
        bad(Map.of("name", "  \u2003"), "/name");
        bad(Map.of("name", "two\nlines"), "/name");
        bad(Map.of("name", "x".repeat(201)), "/name");
        bad(Map.of("name", "x", "subject", "two\nlines"), "/subject");
        bad(Map.of("name", "x", "html", "x".repeat(200_001)), "/html");
        bad(Map.of("name", "x", "text", "x".repeat(200_001)), "/text");
        bad(Map.of("name", "x", "to", List.of(Map.of("email", ""))), "/to/0/email");
        visitor.get("/templates/nonsense").andExpect(status().isNotFound());

        add("first");
        jdbc.sql("""
                        insert into template (user_id, name, name_key, content)
                        select user_id, 'n' || n, 'n' || n, content from template, generate_series(2, ?) n
                         where user_id = (select max(user_id) from template)
                        """).param(Templates.MOST).update();
        visitor.post("/templates", Map.of("name", "one more"))
                .andExpect(status().is(507))
                .andExpect(jsonPath("$.type").value("/problems/over-quota"));
    }

    private void bad(Map<String, Object> body, String pointer) throws Exception {
        visitor.post("/templates", body)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    private String add(String name) {
        return api.json(visitor.post("/templates", Map.of("name", name, "html", "<p>x</p>")))
                .at("/id")
                .asString();
    }

    private ResultActions change(String id, int revision, String name, String html) {
        return change(visitor, id, revision, name, html);
    }

    private ResultActions change(Visitor who, String id, int revision, String name, String html) {
        var body = Map.of("name", name, "html", html);
        return who.send(put("/api/v1/templates/" + id)
                .header("If-Match", "\"" + revision + "\"")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(body)));
    }

    private List<String> names() {
        return api.json(visitor.get("/templates"))
                .at("/items")
                .valueStream()
                .map(one -> one.at("/name").asString())
                .toList();
    }
}
