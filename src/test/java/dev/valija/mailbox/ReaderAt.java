package dev.valija.mailbox;

import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.FakeMailStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;

/** Somebody who reads their mail over the API, and their mail. */
final class ReaderAt {
    private final Api api;
    private final String name;
    final FakeMailStore store;
    private Api.Visitor visitor;
    private String account;

    ReaderAt(Api api, String name) {
        this.api = api;
        this.name = name;
        this.store = api.upstream().user(Api.address(name), Api.password());
    }

    /** Signs in at the first call: what the store holds by then is there from the start. */
    Api.Visitor visitor() {
        if (visitor == null) {
            visitor = api.signedIn(name);
            account = visitor.accountId();
        }
        return visitor;
    }

    String account() {
        visitor();
        return account;
    }

    /** The id of the mailbox of that path. */
    String mailbox(String... path) {
        for (var mailbox :
                json(visitor().get("/accounts/" + account() + "/mailboxes")).required("items")) {
            var names = new ArrayList<String>();
            mailbox.required("path").forEach(name -> names.add(name.asString()));
            if (names.equals(List.of(path))) {
                return mailbox.required("id").asString();
            }
        }
        throw new AssertionError("no mailbox " + List.of(path));
    }

    String inbox() {
        return mailbox("INBOX");
    }

    JsonNode page(String mailbox, String parameters) {
        return ok(visitor().get("/mailboxes/" + mailbox + "/messages?" + parameters));
    }

    /** The id of the message of that subject. */
    String message(String mailbox, String subject) {
        for (var item : page(mailbox, "limit=500").required("items")) {
            if (item.required("subject").asString().equals(subject)) {
                return item.required("id").asString();
            }
        }
        throw new AssertionError("no message " + subject);
    }

    JsonNode ok(ResultActions answer) {
        try {
            answer.andExpect(status().isOk());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return json(answer);
    }

    JsonNode json(ResultActions answer) {
        return api.json(answer);
    }

    JsonNode patch(Map<String, Object> change) {
        return ok(visitor().patch("/messages", change));
    }

    static List<String> subjects(JsonNode page) {
        var subjects = new ArrayList<String>();
        page.required("items")
                .forEach(item -> subjects.add(item.required("subject").asString()));
        return subjects;
    }
}
