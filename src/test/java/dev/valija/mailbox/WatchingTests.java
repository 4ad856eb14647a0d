package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountRemoved;
import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchingTests {
    private static final UserId ANNA = new UserId(1);
    private static final long ACCOUNT = 5;

    private final FreshDatabase database = FreshDatabase.migrated();
    private final FakeUpstream upstream = new FakeUpstream();
    private final FakeAccounts known = new FakeAccounts(upstream);
    private FakeMailStore store;
    private TestNode node;

    @BeforeEach
    void start() {
        known.add(ANNA, ACCOUNT, "anna@example.org");
        store = upstream.user("anna@example.org", "secret");
        store.holds(Mails.plain("first"));
        node = new TestNode(database, upstream, known);
        node.watching.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void watches() {
        node.watching.keep(ANNA);
        Mirror.await(() -> upstream.watches() == 1);
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
    }

    @Test
    void nobodyIsWatchedWhomNobodyNeeds() {
        assertThat(node.watching.watched()).isEmpty();
        assertThat(upstream.watches()).isZero();
    }

    @Test
    void whatAnotherProgramDoesAnywhereIsSeen() {
        watches();
        store.holds(Mails.plain("new"));
        store.holds("Archive", Mails.plain("filed"));
        store.marks(INBOX, store.messages(INBOX).getFirst().id(), Keyword.SEEN);
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
        store.deleteMailbox("Junk");
        store.renameMailbox("Projects", "Work");
        store.expunges(INBOX, store.messages(INBOX).getFirst().id());
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
    }

    @Test
    void aMailboxRenamedElsewhereKeepsItsIdAndThoseOfItsMessages() {
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));
        store.holds("Projects", Mails.plain("too"), Keyword.SEEN);
        watches();
        var before = node.mailbox(ACCOUNT, "Projects");
        var ids = Mirror.ids(node.jdbc, ACCOUNT, "Projects");
        store.renameMailbox("Projects", "Work");
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
        assertThat(node.mailbox(ACCOUNT, "Work").id()).isEqualTo(before.id());
        assertThat(Mirror.ids(node.jdbc, ACCOUNT, "Work")).isEqualTo(ids);
    }

    @Test
    void whatHappenedWhileTheProviderWasAwayIsCaughtUpWith() {
        watches();
        upstream.goesDown();
        Mirror.await(() -> node.mailboxes.staleSince(ACCOUNT).isPresent());
        store.receives(INBOX, Mails.plain("meanwhile").bytes(), Mails.NOON, java.util.Set.of());
        upstream.comesBack();
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
        assertThat(node.mailboxes.staleSince(ACCOUNT)).isEmpty();
    }

    @Test
    void aRefusedPasswordIsToldAndNotTriedAgain() {
        watches();
        upstream.changesPassword("anna@example.org", "other");
        Mirror.await(() -> known.rejected().contains(ACCOUNT));
        int signIns = upstream.signIns();
        node.watching.keep(ANNA);
        assertThat(upstream.signIns()).isEqualTo(signIns);
    }

    @Test
    void newCredentialsStartTheWatchAgain() {
        aRefusedPasswordIsToldAndNotTriedAgain();
        upstream.user("anna@example.org", "secret");
        known.accepts(ACCOUNT);
        store.receives(INBOX, Mails.plain("meanwhile").bytes(), Mails.NOON, java.util.Set.of());
        node.lifecycle.added(new AccountAdded(ANNA, ACCOUNT));
        Mirror.await(() -> upstream.watches() == 1);
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
    }

    @Test
    void anAccountThatIsAddedIsReadAtOnce() {
        node.lifecycle.added(new AccountAdded(ANNA, ACCOUNT));
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
        assertThat(upstream.watches()).isEqualTo(1);
    }

    @Test
    void aNodeThatWasPausedFillsAgain() {
        node.watching.stop();
        node.watching.start();
        // More than the first page, so that filling has something to do.
        for (int i = 0; i < 2 * MailboxSync.FIRST_PAGE; i++) {
            store.holds(Mails.plain("more " + i));
        }
        node.lifecycle.added(new AccountAdded(ANNA, ACCOUNT));
        Mirror.awaitEqual(node.jdbc, ACCOUNT, store);
    }

    @Test
    void anAccountThatIsRemovedLeavesNothing() {
        watches();
        node.lifecycle.removing(new AccountRemoved(ANNA, ACCOUNT));
        known.remove(ACCOUNT);
        node.lifecycle.removed(new AccountRemoved(ANNA, ACCOUNT));
        assertThat(upstream.watches()).isZero();
        assertThat(upstream.forgotten()).contains(ACCOUNT);
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
        try (var other = new TestNode(database, upstream, known)) {
            other.watching.start();
            other.watching.keep(ANNA);
            Mirror.await(
                    () -> !other.leases.renew(UUID.randomUUID(), Watching.LEASE).contains(ACCOUNT));
            assertThat(other.watching.watched()).isEmpty();
            assertThat(upstream.watches()).isEqualTo(1);

            node.watching.stop();
            Mirror.await(() -> other.watching.watched().contains(ACCOUNT));
            Mirror.await(() -> upstream.watches() == 1);
            store.holds(Mails.plain("seen by the other"));
            Mirror.awaitEqual(other.jdbc, ACCOUNT, store);
        }
    }

    @Test
    void theLeaseOfADeadNodeIsTakenOverWhenItExpires() {
        var dead = UUID.randomUUID();
        node.leases.keepActive(ACCOUNT, java.time.Duration.ofMinutes(1));
        Mirror.await(() -> node.watching.watched().contains(ACCOUNT));
        node.jdbc
                .sql("update watch_lease set holder = ?, held_until = now() + interval '1 hour'")
                .param(dead)
                .update();
        Mirror.await(() -> upstream.watches() == 0);
        assertThat(node.leases.take(UUID.randomUUID(), Watching.LEASE, 10)).isEmpty();
        node.jdbc
                .sql("update watch_lease set held_until = now() - interval '1 second'")
                .update();
        Mirror.await(() -> node.watching.watched().contains(ACCOUNT) && upstream.watches() == 1);
    }

    @Test
    void anAccountOutOfUseIsLetGo() {
        watches();
        node.jdbc
                .sql("update watch_lease set active_until = now() - interval '1 second'")
                .update();
        Mirror.await(() -> upstream.watches() == 0);
        assertThat(node.watching.watched()).isEmpty();
    }
}
