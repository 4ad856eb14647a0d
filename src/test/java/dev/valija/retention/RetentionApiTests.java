package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.FakeMailStore;
import dev.valija.support.Mails;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rules over the API; what takes days is made to have taken them in the database. */
@ApiTest
class RetentionApiTests {
    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    private FakeMailStore store;
    private Visitor visitor;
    private String inbox;

    @Test
    void itIsPreviewedSetSeenAndTakenBack() throws Exception {
        someone("retention-whole");
        visitor.post("/mailboxes/" + inbox + "/retention/preview", Map.of("afterDays", 90))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.count").value(1))
                .andExpect(jsonPath("$.total").value(2))
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].subject").value("Old"))
                .andExpect(jsonPath("$.items[0].from[0].email").value("anna@example.org"))
                .andExpect(jsonPath("$.actsAt").isString());
        visitor.get("/mailboxes/" + inbox + "/retention")
                .andExpect(jsonPath("$.afterDays").isEmpty())
                .andExpect(jsonPath("$.setBy").isEmpty());

        visitor.put("/mailboxes/" + inbox + "/retention", Map.of("afterDays", 90))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.mailboxId").value(inbox))
                .andExpect(jsonPath("$.afterDays").value(90))
                .andExpect(jsonPath("$.keepFlagged").value(true))
                .andExpect(jsonPath("$.setBy").value("user"))
                .andExpect(jsonPath("$.operatorDays").isEmpty())
                .andExpect(jsonPath("$.target").value("trash"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> visitor.get("/accounts/" + visitor.accountId() + "/departures")
                        .andExpect(jsonPath("$.total").value(1))
                        .andExpect(jsonPath("$.items[0].id").value(id("Old"))));
        visitor.get("/accounts/" + visitor.accountId() + "/retention")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].leaving").value(1));

        aWeekPasses();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> store.messages("Trash").size() == 1);
        var old = id("Old");
        await().untilAsserted(() -> visitor.get("/accounts/" + visitor.accountId() + "/departed")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].id").value(old))
                .andExpect(jsonPath("$.items[0].mailboxId").value(inbox)));
        visitor.post("/departed/return", Map.of("ids", List.of(old, "x")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.changed").value(1))
                .andExpect(jsonPath("$.failed[0].id").value("x"));
        assertThat(store.messages("INBOX")).hasSize(2);

        for (int i = 0; i < 2; i++) {
            visitor.delete("/mailboxes/" + inbox + "/retention").andExpect(status().isNoContent());
        }
        visitor.get("/accounts/" + visitor.accountId() + "/retention")
                .andExpect(jsonPath("$.items").isEmpty());
    }

    @Test
    void pinnedByTheUserItIsListedNoMore() throws Exception {
        someone("retention-pin");
        visitor.put("/mailboxes/" + inbox + "/retention", Map.of("afterDays", 90, "keepFlagged", false))
                .andExpect(jsonPath("$.keepFlagged").value(false));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> visitor.get("/accounts/" + visitor.accountId() + "/departures")
                        .andExpect(jsonPath("$.items.length()").value(1)));
        visitor.patch("/messages", Map.of("ids", List.of(id("Old")), "keywords", Map.of("$pinned", true)))
                .andExpect(status().isOk());
        visitor.get("/accounts/" + visitor.accountId() + "/departures")
                .andExpect(jsonPath("$.items").isEmpty());
        assertThat(store.messages("INBOX").getFirst().keywords()).contains(Keyword.PINNED);
    }

    @Test
    void toKeepEverythingIsARuleToo() throws Exception {
        someone("retention-all");
        var all = new HashMap<String, Object>();
        all.put("afterDays", null);
        visitor.put("/mailboxes/" + inbox + "/retention", all)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.afterDays").isEmpty())
                .andExpect(jsonPath("$.actsAt").isEmpty())
                .andExpect(jsonPath("$.setBy").value("user"));
        visitor.post("/mailboxes/" + inbox + "/retention/preview", all)
                .andExpect(jsonPath("$.count").value(0))
                .andExpect(jsonPath("$.actsAt").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "{}, /afterDays",
        "{\"afterDays\":0}, /afterDays",
        "{\"afterDays\":-90}, /afterDays",
        "{\"afterDays\":3651}, /afterDays",
        "{\"afterDays\":99999999999}, /afterDays",
        "{\"afterDays\":1.5}, /afterDays",
        "{\"afterDays\":\"90\"}, /afterDays",
        "{\"afterDays\":true}, /afterDays",
        "'{\"afterDays\":90,\"keepFlagged\":1}', /keepFlagged",
        "'{\"afterDays\":90,\"more\":1}', /more",
    })
    void whatIsWrongIsNamedAndSetsNothing(String body, String pointer) throws Exception {
        someone("retention-wrong" + body.hashCode());
        visitor.put("/mailboxes/" + inbox + "/retention", body)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"))
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
        visitor.post("/mailboxes/" + inbox + "/retention/preview", body).andExpect(status().isBadRequest());
        visitor.get("/accounts/" + visitor.accountId() + "/retention")
                .andExpect(jsonPath("$.items").isEmpty());
    }

    @Test
    void anothersMailboxesAreNotThere() throws Exception {
        someone("retention-hers");
        var hers = inbox;
        var account = visitor.accountId();
        visitor.put("/mailboxes/" + hers + "/retention", Map.of("afterDays", 90))
                .andExpect(status().isOk());
        someone("retention-his");
        visitor.get("/mailboxes/" + hers + "/retention").andExpect(status().isNotFound());
        visitor.put("/mailboxes/" + hers + "/retention", Map.of("afterDays", 1)).andExpect(status().isNotFound());
        visitor.delete("/mailboxes/" + hers + "/retention").andExpect(status().isNotFound());
        visitor.post("/mailboxes/" + hers + "/retention/preview", Map.of("afterDays", 1))
                .andExpect(status().isNotFound());
        for (var list : List.of("retention", "departures", "departed")) {
            visitor.get("/accounts/" + account + "/" + list).andExpect(status().isNotFound());
            visitor.get("/accounts/x/" + list).andExpect(status().isNotFound());
        }
        visitor.put("/mailboxes/" + mailbox("drafts") + "/retention", Map.of("afterDays", 90))
                .andExpect(status().isUnprocessableContent())
                .andExpect(jsonPath("$.type").value("/problems/operation-not-supported"));
    }

    @Test
    void withItsAccountItIsForgotten() throws Exception {
        someone("retention-removed");
        visitor.put("/mailboxes/" + inbox + "/retention", Map.of("afterDays", 90))
                .andExpect(status().isOk());
        var account = Long.parseLong(visitor.accountId());
        visitor.delete("/accounts/" + account).andExpect(status().isNoContent());
        for (var table : List.of("rule", "stay", "survey", "departed", "visit")) {
            assertThat(jdbc.sql("select count(*) from retention_" + table + " where account_id = ?")
                            .param(account)
                            .query(Integer.class)
                            .single())
                    .as(table)
                    .isZero();
        }
        assertThat(store.messages("INBOX")).hasSize(2);
    }

    /** Signs in somebody who has an old message and a new one. */
    private void someone(String name) {
        store = api.upstream().user(Api.address(name), Api.password());
        store.receives(
                "INBOX", Mails.plain("Old").bytes(), Instant.now().minus(Duration.ofDays(200)), Set.of(Keyword.SEEN));
        store.receives("INBOX", Mails.plain("New").bytes(), Instant.now(), Set.of());
        visitor = api.signedIn(name);
        inbox = mailbox("inbox");
        await().until(() -> api.json(visitor.get("/mailboxes/" + inbox + "/messages"))
                        .at("/items")
                        .size()
                == 2);
    }

    private void aWeekPasses() throws Exception {
        jdbc.sql("""
                        update retention_stay set announced_at = announced_at - interval '7 days',
                               leaves_at = leaves_at - interval '7 days'
                         where account_id = ?
                        """).param(Long.parseLong(visitor.accountId())).update();
        visitor.put("/mailboxes/" + inbox + "/retention", Map.of("afterDays", 90))
                .andExpect(status().isOk());
    }

    private String id(String subject) {
        return visitor.accountId() + "-"
                + jdbc.sql("select id from message where account_id = ? and subject = ?")
                        .param(Long.parseLong(visitor.accountId()))
                        .param(subject)
                        .query(Long.class)
                        .single();
    }

    private String mailbox(String role) {
        for (var mailbox : api.json(visitor.get("/accounts/" + visitor.accountId() + "/mailboxes"))
                .at("/items")) {
            if (mailbox.at("/role").asString("").equals(role)) {
                return mailbox.at("/id").asString();
            }
        }
        throw new AssertionError(role);
    }
}
