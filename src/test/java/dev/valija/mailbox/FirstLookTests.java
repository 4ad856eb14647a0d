package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountAdded;
import dev.valija.account.LoginProven;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new user is shown first is read before anybody asks, and once. */
class FirstLookTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @BeforeEach
    void start() {
        anna.holds(120);
    }

    @Test
    void theFirstPageIsReadOnceHoweverManyAskForIt() throws Exception {
        node.lifecycle.proven(new LoginProven(anna.upstream.login(account, TestAccount.ADDRESS)));
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
        assertThat(store.calls()).containsOnlyOnce("newest INBOX");
    }

    private int look() {
        node.mailboxes.list(ANNA, account);
        return node.freshness.lookedAt(node.mailbox(account, INBOX)).total();
    }

    @Test
    void nothingIsStoredBeforeTheAccountIs() {
        node.lifecycle.proven(new LoginProven(anna.upstream.login(account, TestAccount.ADDRESS)));
        Mirror.await(() -> store.calls().contains("mailboxes"));
        assertThat(node.index.list(account)).isEmpty();
        assertThat(store.calls()).containsExactly("newest INBOX", "mailboxes");
    }

    @Test
    void aLookThatFailsIsTakenAgain() {
        store.failsWith(new UpstreamException.Unavailable("down", null));
        node.lifecycle.proven(new LoginProven(anna.upstream.login(account, TestAccount.ADDRESS)));
        Mirror.await(() -> store.calls().contains("newest INBOX"));
        store.failsWith(null);
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void whatCameAfterTheLookIsFoundToo() {
        node.lifecycle.proven(new LoginProven(anna.upstream.login(account, TestAccount.ADDRESS)));
        Mirror.await(() -> store.calls().contains("mailboxes"));
        store.holds(Mails.plain("later"));
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
    }
}
