package dev.valija.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.SyncProgressed;
import dev.valija.sharing.PresenceTold;
import dev.valija.support.Api;
import dev.valija.support.LiveTest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What members hear of an account of somebody else, on an open stream. */
@LiveTest
class SharedNewsTests {
    @Autowired
    Api api;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    @Test
    void aMemberHearsOfTheSharedMailboxUntilItIsTakenBack() throws Exception {
        var anna = person("shared-anna");
        var ben = person("shared-ben");
        long team = anna.mailbox("Team");
        long other = anna.mailbox("Other");
        var share = anna.shares(team, ben);
        try (var stream = ben.stream("")) {
            stream.nextId();
            anna.receives(other, 1);
            anna.receives(team, 2);
            var event = stream.next();
            assertThat(event.name()).isEqualTo("message");
            assertThat(event.data()).contains(anna.account + "-2").doesNotContain(anna.account + "-1\"");
            anna.visitor
                    .delete("/accounts/" + anna.account + "/shares/" + share)
                    .andExpect(status().isNoContent());
            assertThat(stream.next().name()).isEqualTo("share");
            var over = stream.next();
            assertThat(over.name()).isEqualTo("account");
            assertThat(over.data()).contains("removed");
            anna.receives(team, 3);
            ben.receives(7, 4);
            assertThat(stream.next().data()).contains(ben.account + "-4");
            assertThat(stream.rest()).isEmpty();
        }
        try (var again = ben.stream("?since=0")) {
            assertThat(again.next(3).toString()).contains("removed").doesNotContain(anna.account + "-" + team);
        }
    }

    @Test
    void passingNewsGoToThoseWhoSeeTheMailbox() {
        var anna = person("passing-anna");
        var ben = person("passing-ben");
        long team = anna.mailbox("Team");
        long other = anna.mailbox("Other");
        anna.shares(team, ben);
        var message = new MessageKey(anna.account, 5);
        try (var his = ben.stream("");
                var hers = anna.stream("")) {
            his.nextId();
            hers.nextId();
            events.publishEvent(new SyncProgressed(anna.user, anna.account, other, "syncing", 1, 2));
            events.publishEvent(new PresenceTold(
                    new MailboxKey(anna.account, other), message, anna.user, "anna@example.org", "replying"));
            events.publishEvent(new SyncProgressed(anna.user, anna.account, team, "syncing", 3, 4));
            assertThat(his.next().data()).contains("\"done\":3");
            assertThat(hers.next().data()).contains("\"done\":1");
            assertThat(hers.next().data()).contains("\"done\":3");
            events.publishEvent(new PresenceTold(
                    new MailboxKey(anna.account, team), message, anna.user, "anna@example.org", "reading"));
            var event = his.next();
            assertThat(event.name()).isEqualTo("presence");
            assertThat(event.data()).contains("anna@example.org").contains("reading");
            assertThat(his.rest()).isEmpty();
            assertThat(hers.rest()).isEmpty();
        }
    }

    /** Each transaction tells two people; were their logs taken in the order of telling, these would wait for each other. */
    @Test
    void whoShareWithEachOtherNeverWaitForEachOther() throws Exception {
        var anna = person("mutual-anna");
        var ben = person("mutual-ben");
        long hers = anna.mailbox("Team");
        long his = ben.mailbox("Team");
        anna.shares(hers, ben);
        ben.shares(his, anna);
        Callable<Integer> annas = () -> receives(anna, hers);
        Callable<Integer> bens = () -> receives(ben, his);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(List.of(annas, bens, annas, bens))) {
                assertThat(done.get()).isEqualTo(100);
            }
        }
    }

    private static int receives(Person person, long mailbox) {
        for (int i = 1; i <= 100; i++) {
            person.receives(mailbox, i);
        }
        return 100;
    }

    private Person person(String name) {
        return Person.of(name, api, jdbc, port, events, transaction);
    }
}
