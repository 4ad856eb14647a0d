package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Texts that would end a line of a protocol and begin another, or that nothing can hold, in every text that the contract
 * takes: each is refused with a problem that names the field.
 */
@ApiTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InputTests {
    private static final List<String> LINES = List.of("a\r\nb", "a\nb", "a\rb", "\r\nA9 LOGOUT\r\n");
    private static final List<String> BROKEN = List.of("a\0b", "a\ud800b", "a\udc00b", "\0");
    /** What is a text of many lines, in which CR and LF are at home. */
    private static final Set<String> TEXTS = Set.of("text", "html", "signatureHtml", "content");
    /** What is looked up or chosen from, and never said to anybody: that there is none is as good an answer. */
    private static final Set<String> KEYS = Set.of(
            "mailboxId",
            "parentId",
            "messageId",
            "threadId",
            "accountId",
            "partId",
            "inReplyTo",
            "forwardOf",
            "filter",
            "ids");

    private final Map<?, ?> contract = new Yaml().load(Files.readString(Path.of("openapi.yaml")));

    @Autowired
    Api api;

    /** Writes half a character as an escape, which is the only way to say it. */
    private final JsonMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Api.Visitor anna;
    private String mailboxId;

    InputTests() throws IOException {}

    /** A text in the body of an operation. */
    record BodyText(String method, String path, List<String> at, Object schema) {
        String pointer() {
            return "/" + String.join("/", at);
        }

        String name() {
            return at.getLast().equals("0") ? "ids" : at.getLast();
        }

        @Override
        public String toString() {
            return method.toUpperCase(java.util.Locale.ROOT) + " " + path + " " + pointer();
        }
    }

    @ParameterizedTest
    @MethodSource("bodyTexts")
    void aTextThatIsNoLineIsRefusedByName(BodyText text) {
        var values = new ArrayList<>(BROKEN);
        if (!TEXTS.contains(text.name())) {
            values.addAll(LINES);
        }
        for (String value : values) {
            var answer = send(text, value);
            int status = answer.getResponse().getStatus();
            boolean key = KEYS.contains(text.name());
            assertThat(status).as("%s of %s", value, text).isIn(key ? List.of(200, 400, 404) : List.of(400));
            if (!key) {
                assertThat(pointers(answer.getResponse().getContentAsByteArray()))
                        .as("%s of %s", value, text)
                        .contains(text.pointer());
            }
        }
    }

    @Test
    void aSearchThatIsNoLineIsRefusedByName() {
        for (String value : List.of("a\r\nb", "a\nb", "a\0b", "subject:\"x\r\nA9 LOGOUT\"")) {
            var answer = anna().get("/search?q={q}", value).andReturn().getResponse();
            assertThat(answer.getStatus()).as(value).isEqualTo(400);
            assertThat(pointers(answer.getContentAsByteArray())).containsExactly("q");
        }
    }

    @Test
    void aKeywordThatIsNoAtomIsRefusedByName() {
        for (String keyword : List.of("a\r\nb", "a b", "a\0b", "\\Seen", "a(b")) {
            var change = Map.of("ids", List.of("1-1"), "keywords", Map.of(keyword, true));
            var answer = anna().patch("/messages", json.writeValueAsString(change))
                    .andReturn()
                    .getResponse();
            assertThat(answer.getStatus()).as(keyword).isEqualTo(400);
            assertThat(pointers(answer.getContentAsByteArray())).allMatch(pointer -> pointer.startsWith("/keywords"));
        }
    }

    /** Paths and other parameters are keys and choices: whatever stands there, the answer is a problem and no fault. */
    @Test
    void noPathOrParameterMakesAFault() {
        for (var operation : operations()) {
            for (String value : List.of("%00", "a%0D%0Ab", "%ED%A0%80", "%F0%9F%98%80")) {
                // Control characters in a path end at the firewall in front of all controllers.
                var path = operation.path.replaceAll("\\{[^}]*}", value.replaceAll("%0[0AD]", "x"));
                var query = new StringBuilder();
                for (String name : operation.queries) {
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(name)
                            .append('=')
                            .append(value);
                }
                if (path.equals(operation.path) && query.isEmpty()) {
                    continue;
                }
                var request = MockMvcRequestBuilders.request(
                        HttpMethod.valueOf(operation.method.toUpperCase(java.util.Locale.ROOT)),
                        java.net.URI.create("/api/v1" + path + query));
                var body = request.contentType(MediaType.APPLICATION_JSON).content("{}");
                int status = anna().send(body).andReturn().getResponse().getStatus();
                assertThat(status).as("%s %s%s", operation.method, path, query).isBetween(400, 499);
            }
        }
    }

    private org.springframework.test.web.servlet.MvcResult send(BodyText text, String value) {
        var body = sample(text.schema, text.at, value);
        var request = MockMvcRequestBuilders.request(
                        HttpMethod.valueOf(text.method.toUpperCase(java.util.Locale.ROOT)),
                        "/api/v1"
                                + text.path
                                        .replace("{accountId}", anna().accountId())
                                        .replace("{mailboxId}", mailboxId())
                                        .replaceAll("\\{[^}]*}", "1"))
                .header("Idempotency-Key", text.toString())
                .header("If-Match", "\"1\"")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.writeValueAsString(body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return anna().send(request).andReturn();
    }

    private Api.Visitor anna() {
        if (anna == null) {
            anna = api.signedIn("input-anna");
        }
        return anna;
    }

    /** A mailbox that may be renamed. */
    private String mailboxId() {
        if (mailboxId == null) {
            var path = "/accounts/" + anna().accountId() + "/mailboxes";
            mailboxId = api.json(anna().post(path, Map.of("name", "Input")))
                    .at("/id")
                    .asString();
        }
        return mailboxId;
    }

    private List<String> pointers(byte[] problem) {
        return json.readTree(problem)
                .path("errors")
                .valueStream()
                .map(error -> error.path("pointer").asString())
                .toList();
    }

    private record Operation(String method, String path, List<String> queries, Map<?, ?> described) {}

    private List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        ((Map<?, ?>) contract.get("paths"))
                .forEach((path, item) -> ((Map<?, ?>) item).forEach((method, described) -> {
                    if (Set.of("get", "post", "put", "patch", "delete").contains(method) && !path.equals("/events")) {
                        var map = (Map<?, ?>) described;
                        var queries = list(map.get("parameters")).stream()
                                .map(this::resolved)
                                .filter(parameter -> "query".equals(parameter.get("in")))
                                .map(parameter -> String.valueOf(parameter.get("name")))
                                .toList();
                        operations.add(new Operation(method.toString(), path.toString(), queries, map));
                    }
                }));
        return operations;
    }

    Stream<BodyText> bodyTexts() {
        var texts = new ArrayList<BodyText>();
        for (var operation : operations()) {
            var body = resolved(operation.described.get("requestBody"));
            if (body.get("content") instanceof Map<?, ?> content
                    && content.get("application/json") instanceof Map<?, ?> json) {
                var schema = json.get("schema");
                collect(operation, schema, schema, List.of(), texts);
            }
        }
        assertThat(texts).as("the contract was read").hasSizeGreaterThan(50);
        return texts.stream();
    }

    private void collect(Operation operation, Object whole, Object schema, List<String> at, List<BodyText> into) {
        var map = resolved(schema);
        if (types(map).contains("string") && !"date-time".equals(map.get("format"))) {
            into.add(new BodyText(operation.method, operation.path, at, whole));
        }
        for (var inner : alternatives(map)) {
            collect(operation, whole, inner, at, into);
        }
        if (map.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, inner) -> collect(operation, whole, inner, plus(at, name.toString()), into));
        }
        if (map.get("items") != null) {
            collect(operation, whole, map.get("items"), plus(at, "0"), into);
        }
    }

    /** The least that the schema takes, with that value at that place. */
    private Object sample(Object schema, List<String> at, Object value) {
        var map = resolved(schema);
        if (at.isEmpty() && value != null) {
            return value;
        }
        var all = new LinkedHashMap<String, Object>();
        boolean object = false;
        for (var part : Stream.concat(Stream.of(map), alternatives(map).stream().map(this::resolved))
                .toList()) {
            if (part.get("properties") instanceof Map<?, ?> properties) {
                object = true;
                var required = list(part.get("required"));
                properties.forEach((name, inner) -> {
                    boolean wanted = !at.isEmpty() && at.getFirst().equals(name);
                    if (wanted || required.contains(name) && !all.containsKey(name.toString())) {
                        var rest = wanted ? at.subList(1, at.size()) : List.<String>of();
                        all.put(name.toString(), wanted ? sample(inner, rest, value) : sample(inner, rest, null));
                    }
                });
            }
        }
        if (object) {
            if (!at.isEmpty() && at.getFirst().equals("select")) {
                all.remove("ids");
            }
            return all;
        }
        var types = types(map);
        if (types.contains("array")) {
            return List.of(sample(map.get("items"), at.isEmpty() ? at : at.subList(1, at.size()), value));
        }
        if (types.contains("integer")) {
            return 993;
        }
        if (types.contains("boolean")) {
            return true;
        }
        return map.get("enum") instanceof List<?> choices ? String.valueOf(choices.getFirst()) : "anna@example.org";
    }

    private List<?> alternatives(Map<?, ?> schema) {
        return Stream.of("allOf", "oneOf", "anyOf")
                .flatMap(kind -> list(schema.get(kind)).stream())
                .toList();
    }

    private Map<?, ?> resolved(Object described) {
        if (!(described instanceof Map<?, ?> map)) {
            return Map.of();
        }
        if (map.get("$ref") instanceof String reference) {
            Object found = contract;
            for (var step : reference.substring(2).split("/", -1)) {
                found = ((Map<?, ?>) found).get(step);
            }
            return resolved(found);
        }
        return map;
    }

    private static List<?> types(Map<?, ?> schema) {
        return schema.get("type") instanceof List<?> several ? several : List.of(String.valueOf(schema.get("type")));
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static List<String> plus(List<String> at, String name) {
        var longer = new ArrayList<>(at);
        longer.add(name);
        return longer;
    }
}
