package dev.valija.snooze;

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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.ResultActions;

/** Snoozing over the API, by the clock. */
@ApiTest
class SnoozeApiTests {
    private static final Instant TOMORROW =
            Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    private FakeMailStore store;
    private Visitor visitor;

    @Test
    void itIsListedWithItsTimeAndComesBackByItself() throws Exception {
        var id = someoneWith("snooze-comes");
        snooze(id, TOMORROW)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.changed").value(1));
        assertThat(subjects("INBOX")).isEmpty();
        assertThat(mailbox("snoozed")).isNotNull();
        visitor.get("/accounts/" + visitor.accountId() + "/snoozes")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].id").value(id))
                .andExpect(jsonPath("$.items[0].until").value(TOMORROW.toString()))
                .andExpect(jsonPath("$.items[0].mailboxId").value(mailbox("inbox")))
                .andExpect(jsonPath("$.items[0].late").value(false));

        snooze(id, Instant.now().plusSeconds(2)).andExpect(status().isOk());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> visitor.get("/messages/" + id)
                        .andExpect(jsonPath("$.keywords").isEmpty())
                        .andExpect(jsonPath("$.mailboxId").value(mailbox("inbox"))));
        assertThat(subjects("INBOX")).containsExactly("Bill");
        await().until(() -> snoozes().isEmpty());
    }

    @Test
    void itCanBeTakenBack() throws Exception {
        var id = someoneWith("snooze-back");
        snooze(id, TOMORROW).andExpect(status().isOk());
        for (int i = 0; i < 2; i++) {
            visitor.delete("/messages/snooze", Map.of("ids", List.of(id)))
                    .andExpect(status().isOk())
                    .andExpect(jsonPath("$.changed").value(1));
        }
        assertThat(subjects("INBOX")).containsExactly("Bill");
        assertThat(store.messages("INBOX").getFirst().keywords()).containsExactly(Keyword.SEEN);
        assertThat(snoozes()).isEmpty();
    }

    @Test
    void whoeverMovesItByHandEndsIt() throws Exception {
        var id = someoneWith("snooze-moved");
        snooze(id, TOMORROW).andExpect(status().isOk());
        visitor.patch("/messages", Map.of("ids", List.of(id), "mailboxId", mailbox("archive")))
                .andExpect(status().isOk());
        await().atMost(Duration.ofSeconds(20)).until(() -> snoozes().isEmpty());
        assertThat(store.messages("Archive").getFirst().keywords()).containsExactly(Keyword.SEEN);
        visitor.get("/messages/" + id).andExpect(jsonPath("$.mailboxId").value(mailbox("archive")));
    }

    @Test
    void whatWaitsForANewPasswordComesBackOnceThereIsOne() throws Exception {
        var id = someoneWith("snooze-password");
        snooze(id, TOMORROW).andExpect(status().isOk());
        api.upstream().changesPassword(Api.address("snooze-password"), "another");
        snooze(id, Instant.now().plusSeconds(1)).andExpect(status().isOk());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("select max(tries) from snooze where message_id = ?")
                                .param(Long.parseLong(id.split("-")[1]))
                                .query(Integer.class)
                                .single()
                        > 0);
        visitor.patch("/accounts/" + visitor.accountId(), Map.of("password", "another"))
                .andExpect(status().isOk());
        await().atMost(Duration.ofSeconds(20)).until(() -> subjects("INBOX").equals(List.of("Bill")));
    }

    @Test
    void withItsAccountItIsForgotten() throws Exception {
        var id = someoneWith("snooze-removed");
        snooze(id, TOMORROW).andExpect(status().isOk());
        visitor.delete("/accounts/" + visitor.accountId()).andExpect(status().isNoContent());
        assertThat(jdbc.sql("select count(*) from snooze where message_id = ?")
                        .param(Long.parseLong(id.split("-")[1]))
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(store.messages("Snoozed")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"})
    void aTimeThatIsNoneIsNamed(String time) throws Exception {
        var id = someoneWith("snooze-time-" + time.substring(0, 4));
        visitor.post("/messages/snooze", Map.of("ids", List.of(id), "until", time))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.type").value("/problems/invalid-request"))
                .andExpect(jsonPath("$.errors[0].pointer").value("/until"));
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        var id = someoneWith("snooze-missing");
        visitor.post("/messages/snooze", Map.of("ids", List.of(id)))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/until"));
        visitor.post("/messages/snooze", Map.of("until", TOMORROW.toString()))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/ids"));
        visitor.delete("/messages/snooze", Map.of("ids", List.of()))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/ids"));
        visitor.get("/accounts/999999/snoozes").andExpect(status().isNotFound());
        visitor.get("/accounts/x/snoozes").andExpect(status().isNotFound());
    }

    @Test
    void noneOfAnothersMessagesAreTouched() throws Exception {
        var id = someoneWith("snooze-hers");
        var hers = store;
        someoneWith("snooze-his");
        snooze(id, TOMORROW)
                .andExpect(jsonPath("$.changed").value(0))
                .andExpect(jsonPath("$.failed[0].type").value("/problems/not-found"));
        assertThat(hers.messages("INBOX")).hasSize(1);
    }

    /** Signs in somebody who has one message. @return its id */
    private String someoneWith(String name) {
        store = api.upstream().user(Api.address(name), Api.password());
        store.holds(Mails.plain("Bill"), Keyword.SEEN);
        visitor = api.signedIn(name);
        return api.json(visitor.get("/mailboxes/" + mailbox("inbox") + "/messages"))
                .at("/items/0/id")
                .asString();
    }

    private ResultActions snooze(String id, Instant until) {
        return visitor.post("/messages/snooze", Map.of("ids", List.of(id), "until", until.toString()));
    }

    private List<String> snoozes() {
        return api.json(visitor.get("/accounts/" + visitor.accountId() + "/snoozes"))
                .at("/items")
                .valueStream()
                .map(item -> item.at("/id").asString())
                .toList();
    }

    private List<String> subjects(String mailbox) {
        return store.messages(mailbox).stream()
                .map(message -> message.envelope().subject())
                .toList();
    }

    private String mailbox(String role) {
        return api.json(visitor.get("/accounts/" + visitor.accountId() + "/mailboxes"))
                .at("/items")
                .valueStream()
                .filter(one -> one.at("/role").asString("").equals(role))
                .findFirst()
                .orElseThrow()
                .at("/id")
                .asString();
    }
}
