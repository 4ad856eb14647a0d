package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountRemoved;
import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchingTests {
    @AutoClose
    private final TestAccount anna = new TestAccount(FreshDatabase.migrated());

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @BeforeEach
    void start() {
        store.holds(Mails.plain("first"));
        node.watching.start();
    }

    private void watches() {
        node.watching.keep(ANNA);
        Mirror.await(() -> anna.upstream.watches() == 1);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void nobodyIsWatchedWhomNobodyNeeds() {
        assertThat(node.watching.watched()).isEmpty();
        assertThat(anna.upstream.watches()).isZero();
    }

    @Test
    void whatAnotherProgramDoesAnywhereIsSeen() {
        watches();
        store.holds(Mails.plain("new"));
        store.holds("Archive", Mails.plain("filed"));
        store.marks(INBOX, store.messages(INBOX).getFirst().id(), Keyword.SEEN);
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));
        Mirror.awaitEqual(node.jdbc, account, store);
        store.deleteMailbox("Junk");
        store.renameMailbox("Projects", "Work");
        store.expunges(INBOX, store.messages(INBOX).getFirst().id());
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void aMailboxRenamedElsewhereKeepsItsIdAndThoseOfItsMessages() {
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));
        store.holds("Projects", Mails.plain("too"), Keyword.SEEN);
        watches();
        var before = node.mailbox(account, "Projects");
        var ids = Mirror.ids(node.jdbc, account, "Projects");
        store.renameMailbox("Projects", "Work");
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(node.mailbox(account, "Work").id()).isEqualTo(before.id());
        assertThat(Mirror.ids(node.jdbc, account, "Work")).isEqualTo(ids);
    }

    @Test
    void aMailboxThatWouldNotOpenIsTriedAgain() {
        watches();
        store.hidesOnce(INBOX);
        store.marks(INBOX, store.messages(INBOX).getFirst().id(), Keyword.FLAGGED);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void whatHappenedWhileTheProviderWasAwayIsCaughtUpWith() {
        watches();
        anna.upstream.goesDown();
        Mirror.await(() -> node.mailboxes.staleSince(account).isPresent());
        store.receives(INBOX, Mails.plain("meanwhile").bytes(), Mails.NOON, java.util.Set.of());
        anna.upstream.comesBack();
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(node.mailboxes.staleSince(account)).isEmpty();
    }

    @Test
    void aRefusedPasswordIsToldAndNotTriedAgain() {
        watches();
        anna.upstream.changesPassword(TestAccount.ADDRESS, "other");
        Mirror.await(() -> anna.accounts.rejected().contains(account));
        int signIns = anna.upstream.signIns();
        node.watching.keep(ANNA);
        assertThat(anna.upstream.signIns()).isEqualTo(signIns);
    }

    @Test
    void newCredentialsStartTheWatchAgain() {
        aRefusedPasswordIsToldAndNotTriedAgain();
        anna.upstream.user(TestAccount.ADDRESS, "secret");
        anna.accounts.accepts(account);
        store.receives(INBOX, Mails.plain("meanwhile").bytes(), Mails.NOON, java.util.Set.of());
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.await(() -> anna.upstream.watches() == 1);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void anAccountThatIsAddedIsReadAtOnce() {
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
        Mirror.await(() -> anna.upstream.watches() == 1);
    }

    @Test
    void aNodeThatWasPausedFillsAgain() {
        node.watching.stop();
        node.watching.start();
        // More than the first page, so that filling has something to do.
        for (int i = 0; i < 2 * MailboxSync.FIRST_PAGE; i++) {
            store.holds(Mails.plain("more " + i));
        }
        node.lifecycle.added(new AccountAdded(ANNA, account));
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void anAccountThatIsRemovedLeavesNothing() {
        watches();
        node.lifecycle.removing(new AccountRemoved(ANNA, account));
        anna.accounts.remove(account);
        node.lifecycle.removed(new AccountRemoved(ANNA, account));
        assertThat(anna.upstream.watches()).isZero();
        assertThat(anna.upstream.forgotten()).contains(account);
        for (var table : new String[] {
            "mailbox", "message", "message_place", "mailbox_thread", "thread_reference", "thread_link", "watch_lease"
        }) {
            assertThat(node.jdbc
                            .sql("select count(*) from " + table)
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    @Test
    void oneNodeWatchesAndTheOtherTakesOverWhenItStops() {
        watches();
        try (var other = anna.anotherNode()) {
            other.watching.start();
            other.watching.keep(ANNA);
            Mirror.await(
                    () -> !other.leases.renew(UUID.randomUUID(), Watching.LEASE).contains(account));
            assertThat(other.watching.watched()).isEmpty();
            assertThat(anna.upstream.watches()).isEqualTo(1);

            node.watching.stop();
            Mirror.await(() -> other.watching.watched().contains(account));
            Mirror.await(() -> anna.upstream.watches() == 1);
            store.holds(Mails.plain("seen by the other"));
            Mirror.awaitEqual(other.jdbc, account, store);
        }
    }

    @Test
    void theLeaseOfADeadNodeIsTakenOverWhenItExpires() {
        var dead = UUID.randomUUID();
        node.leases.keepActive(account, java.time.Duration.ofMinutes(1));
        Mirror.await(() -> node.watching.watched().contains(account));
        node.jdbc
                .sql("update watch_lease set holder = ?, held_until = now() + interval '1 hour'")
                .param(dead)
                .update();
        Mirror.await(() -> anna.upstream.watches() == 0);
        assertThat(node.leases.take(UUID.randomUUID(), Watching.LEASE, 10)).isEmpty();
        node.jdbc
                .sql("update watch_lease set held_until = now() - interval '1 second'")
                .update();
        Mirror.await(() -> node.watching.watched().contains(account) && anna.upstream.watches() == 1);
    }

    @Test
    void anAccountOutOfUseIsLetGo() {
        watches();
        node.jdbc
                .sql("update watch_lease set active_until = now() - interval '1 second'")
                .update();
        Mirror.await(() -> anna.upstream.watches() == 0);
        assertThat(node.watching.watched()).isEmpty();
    }
}
