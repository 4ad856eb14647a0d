package dev.valija.support;

import dev.valija.upstream.Https;
import dev.valija.upstream.net.Dialer;
import java.util.Map;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.MockMvcBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API as a caller sees it. */
public final class Api {
    private static final String PASSWORD = "correct horse";

    private final MockMvc mvc;
    private final FakeUpstream upstream;
    private final JsonMapper json;

    Api(MockMvc mvc, FakeUpstream upstream, JsonMapper json) {
        this.mvc = mvc;
        this.upstream = upstream;
        this.json = json;
    }

    @TestConfiguration(proxyBeanMethods = false)
    public static class Configuration {
        @Bean
        @Primary
        FakeUpstream fakeUpstream() {
            return new FakeUpstream();
        }

        /** The web is {@link WebServer}s on this machine. */
        @Bean
        @Primary
        Https webOfTests() {
            return new Https(new Dialer(TestUpstream.properties("allowed-web-hosts", "localhost")));
        }

        @Bean
        MockMvcBuilderCustomizer contract() {
            var contract = new Contract();
            return builder -> builder.alwaysExpect(contract);
        }

        @Bean
        Api api(MockMvc mvc, FakeUpstream upstream, JsonMapper json) {
            return new Api(mvc, upstream, json);
        }
    }

    /** The provider behind {@code example.org}. */
    public FakeUpstream upstream() {
        return upstream;
    }

    /** The address of that person. */
    public static String address(String name) {
        return name + "@example.org";
    }

    /** A person who has mail at example.org and shows a token of theirs. */
    public Visitor signedIn(String name) {
        upstream.user(address(name), PASSWORD);
        return withToken(tokenOf(address(name), PASSWORD));
    }

    /** The body of a sign-in. */
    public static Map<String, Object> signIn(String address, String password) {
        return Map.of("address", address, "password", password);
    }

    /** The password of everybody who came by {@link #signedIn}. */
    public static String password() {
        return PASSWORD;
    }

    /** Whoever shows that token. */
    public Visitor withToken(String token) {
        return new Visitor(token);
    }

    /** Nobody in particular. */
    public Visitor stranger() {
        return new Visitor(null);
    }

    /** The JSON of an answer. */
    public JsonNode json(ResultActions answer) {
        return json.readTree(answer.andReturn().getResponse().getContentAsByteArray());
    }

    /** Any request, as it is. */
    public ResultActions perform(MockHttpServletRequestBuilder request) {
        try {
            return mvc.perform(request);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String tokenOf(String address, String password) {
        var answer = stranger().post("/tokens", Map.of("name", "test", "address", address, "password", password));
        return json(answer).required("token").asString();
    }

    /** Someone who makes requests. Paths are below {@code /api/v1}; bodies are JSON texts or become JSON. */
    public final class Visitor {
        private final String token;

        private Visitor(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }

        public ResultActions get(String path, Object... variables) {
            return send(MockMvcRequestBuilders.get("/api/v1" + path, variables));
        }

        public ResultActions post(String path, Object body) {
            return send(withBody(MockMvcRequestBuilders.post("/api/v1" + path), body));
        }

        public ResultActions patch(String path, Object body) {
            return send(withBody(MockMvcRequestBuilders.patch("/api/v1" + path), body));
        }

        public ResultActions put(String path, Object body) {
            return send(withBody(MockMvcRequestBuilders.put("/api/v1" + path), body));
        }

        public ResultActions delete(String path) {
            return send(MockMvcRequestBuilders.delete("/api/v1" + path));
        }

        public ResultActions delete(String path, Object body) {
            return send(withBody(MockMvcRequestBuilders.delete("/api/v1" + path), body));
        }

        /** That request with our token. */
        public ResultActions send(MockHttpServletRequestBuilder request) {
            return perform(token == null ? request : request.header("Authorization", "Bearer " + token));
        }

        /** The id of the message of that subject in INBOX. */
        public String message(String subject) {
            return message("inbox", subject);
        }

        /** The id of a message in the mailbox of that role. */
        public String message(String role, String subject) {
            for (var mailbox :
                    json(get("/accounts/" + accountId() + "/mailboxes")).at("/items")) {
                if (mailbox.at("/role").asString("").equals(role)) {
                    var messages = "/mailboxes/" + mailbox.at("/id").asString() + "/messages?limit=500";
                    for (var item : json(get(messages)).at("/items")) {
                        if (item.at("/subject").asString().equals(subject)) {
                            return item.at("/id").asString();
                        }
                    }
                }
            }
            throw new AssertionError("no message " + subject);
        }

        /** The id of the account they signed up with. */
        public String accountId() {
            return json(get("/session")).at("/accounts/0/id").asString();
        }

        private MockHttpServletRequestBuilder withBody(MockHttpServletRequestBuilder request, Object body) {
            return request.contentType(MediaType.APPLICATION_JSON)
                    .content(body instanceof String text ? text : json.writeValueAsString(body));
        }
    }
}
