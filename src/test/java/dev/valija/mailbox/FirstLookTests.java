package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountAdded;
import dev.valija.account.FakeAccounts;
import dev.valija.account.LoginProven;
import dev.valija.account.UserId;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new user is shown first is read before anybody asks, and once. */
class FirstLookTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final UserId ANNA = new UserId(1);
    private static long accounts = 500;

    private final long account = ++accounts;
    private final FakeUpstream upstream = new FakeUpstream();
    private final FakeAccounts known = new FakeAccounts(upstream);
    private FakeMailStore store;
    private TestNode node;

    @BeforeEach
    void start() {
        known.add(ANNA, account, "anna@example.org");
        store = upstream.user("anna@example.org", "secret");
        for (int i = 1; i <= 120; i++) {
            store.holds(Mails.plain("mail " + i).sentAt(Mails.NOON.plusSeconds(60L * i)));
        }
        node = new TestNode(DATABASE, upstream, known);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void theFirstPageIsReadOnceHoweverManyAskForIt() throws Exception {
        node.lifecycle.proven(new LoginProven(upstream.login(account, "anna@example.org")));
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var looks = IntStream.range(0, 5)
                    .mapToObj(i -> askers.submit(this::look))
                    .toList();
            for (var look : looks) {
                assertThat(look.get()).isEqualTo(120);
            }
        }
        assertThat(Mirror.rows(node.jdbc, account, INBOX))
                .extracting(Mirror.Seen::subject)
                .contains("mail 120", "mail 70");
        assertThat(store.calls().stream().filter(call -> call.startsWith("newest")))
                .containsExactly("newest INBOX");
    }

    private int look() {
        node.mailboxes.list(ANNA, account);
        return node.freshness.lookedAt(node.mailbox(account, INBOX)).total();
    }

    @Test
    void nothingIsStoredBeforeTheAccountIs() {
        node.lifecycle.proven(new LoginProven(upstream.login(account, "anna@example.org")));
        Mirror.await(() -> store.calls().contains("mailboxes"));
        assertThat(node.index.list(account)).isEmpty();
        assertThat(store.calls()).containsExactly("newest INBOX", "mailboxes");
    }

    @Test
    void aLookThatFailsIsTakenAgain() {
        store.failsWith(new UpstreamException.Unavailable("down", null));
        node.lifecycle.proven(new LoginProven(upstream.login(account, "anna@example.org")));
        Mirror.await(() -> store.calls().contains("newest INBOX"));
        store.failsWith(null);
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void whatCameAfterTheLookIsFoundToo() {
        node.lifecycle.proven(new LoginProven(upstream.login(account, "anna@example.org")));
        Mirror.await(() -> store.calls().contains("mailboxes"));
        store.holds(Mails.plain("later"));
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
    }
}
