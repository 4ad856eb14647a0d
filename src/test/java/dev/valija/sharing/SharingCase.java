package dev.valija.sharing;

import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mail;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An owner with mail in INBOX, Archive and Private, and others at the same mail server. */
public final class SharingCase {
    private final Api api;
    final String name;
    public final FakeMailStore store;
    public final Visitor owner;
    public final String account;

    public SharingCase(Api api, String name, Mail... inbox) throws Exception {
        this.api = api;
        this.name = name;
        store = api.upstream().user(Api.address(name), Api.password());
        for (var mail : inbox) {
            store.holds(mail);
        }
        owner = api.signedIn(name);
        account = owner.accountId();
        mailboxes(owner);
    }

    /** Somebody else at the server, who has mail and an account of their own. */
    public Visitor other(String other) {
        api.upstream().user(Api.address(other), Api.password());
        return api.signedIn(other);
    }

    /** With whom it is shared, and who has accepted. */
    public Visitor member(String other, String role, @Nullable String mailboxId) throws Exception {
        var member = other(other);
        var share = invite(other, role, mailboxId);
        member.patch("/shares/" + share, Map.of("state", "accepted")).andExpect(status().isOk());
        return member;
    }

    /** The share's id. */
    public String invite(String other, String role, @Nullable String mailboxId) throws Exception {
        var wanted = new HashMap<String, Object>(Map.of("address", Api.address(other), "role", role));
        wanted.put("mailboxId", mailboxId);
        return api.json(owner.post("/accounts/" + account + "/shares", wanted).andExpect(status().isCreated()))
                .at("/id")
                .asString();
    }

    public JsonNode mailboxes(Visitor visitor) {
        return api.json(visitor.get("/accounts/" + account + "/mailboxes")).at("/items");
    }

    /** The id of a mailbox by its name. */
    public String mailbox(String mailbox) {
        return mailboxes(owner)
                .valueStream()
                .filter(one -> one.at("/name").asString().equals(mailbox))
                .findFirst()
                .orElseThrow()
                .at("/id")
                .asString();
    }

    /** The id of the message of that subject, as its owner sees it; waits for what has just come. */
    public String message(String mailbox, String subject) {
        var list = "/mailboxes/" + mailbox(mailbox) + "/messages?limit=500";
        return await().until(
                        () -> api.json(owner.get(list))
                                .at("/items")
                                .valueStream()
                                .filter(one -> one.at("/subject").asString().equals(subject))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .at("/id")
                .asString();
    }
}
