package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountRemoved;
import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What was asked of a provider for an index that has changed meanwhile, or is no more. */
class FencedWritesTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @Test
    void theFirstPageOfAnAccountThatIsGoneIsNotKept() throws Exception {
        anna.holds(3);
        node.tree.known(account);
        whileHeldBack("newest INBOX", () -> node.sync.firstPage(node.mailbox(account, INBOX)), this::removesAccount);
        nothingIsKept();
    }

    @Test
    void rowsForAPageOfAnAccountThatIsGoneAreNotKept() throws Exception {
        anna.holds(60);
        node.tree.known(account);
        var inbox = node.sync.firstPage(node.mailbox(account, INBOX));
        whileHeldBack("fetch INBOX", () -> node.serverPages.index(store, inbox.key(), oldest(5)), this::removesAccount);
        nothingIsKept();
    }

    @Test
    void theMailboxesOfAnAccountThatIsGoneAreNotKept() throws Exception {
        node.tree.known(account);
        whileHeldBack("mailboxes", () -> node.tree.relist(account), this::removesAccount);
        nothingIsKept();
    }

    @Test
    void rowsForAPageOfAMailboxThatIsGoneAreNotKept() throws Exception {
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));
        node.tree.known(account);
        var projects = node.mailbox(account, "Projects");
        var within = store.messages("Projects").stream().map(RemoteMessage::id).toList();
        whileHeldBack("fetch Projects", () -> node.serverPages.index(store, projects.key(), within), () -> {
            node.writes.run(account, () -> node.messages.deleteAll(projects.key()));
            node.writes.run(account, () -> node.index.delete(projects.key()));
        });
        assertThat(kept("message_place")).isZero();
    }

    @Test
    void theFirstPageThatAnotherNodeHasReadIsLeftAsItIs() {
        anna.holds(3);
        node.fills(account, INBOX);
        var newest = store.newest(INBOX, MailboxSync.FIRST_PAGE);
        store.marks(INBOX, store.messages(INBOX).getFirst().id(), Keyword.SEEN);
        node.refresh(node.mailbox(account, INBOX).key());

        node.syncWrites.firstPage(node.mailbox(account, INBOX).key(), newest);

        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.mailbox(account, INBOX).complete()).isTrue();
        assertThat(node.mailbox(account, INBOX).unread()).isEqualTo(2);
    }

    @Test
    void aMessageThatWentWhileItsRowWasFetchedDoesNotComeBack() {
        anna.holds(100);
        node.tree.known(account);
        var key = node.sync.firstPage(node.mailbox(account, INBOX)).key();
        node.sync.compare(key);
        var then = node.mailbox(account, INBOX);
        var fetched = store.messages(INBOX).subList(0, 5);
        store.expunges(INBOX, fetched.getFirst().id());
        node.sync.refresh(key);

        assertThat(node.syncWrites.add(then, new RowBatch(account, fetched))).isEqualTo(SyncWrites.Chunk.OVERTAKEN);

        node.serverPages.index(
                store, key, fetched.stream().map(RemoteMessage::id).toList());
        assertThat(Mirror.rows(node.jdbc, account, INBOX)).hasSize(MailboxSync.FIRST_PAGE + 4);
        node.refresh(key);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
    }

    @Test
    void rowsForAPageOfAMailboxNumberedAnewKeepTheirIds() {
        // More than are read at once, so that the oldest are without a place for a while.
        anna.holds(MailboxSync.MOST_AT_ONCE + 20);
        var key = node.fills(account, INBOX).key();
        var before = Mirror.ids(node.jdbc, account, INBOX);
        store.renumbers(INBOX);
        node.sync.compare(key);
        assertThat(node.mailbox(account, INBOX).complete()).isFalse();

        node.serverPages.index(store, key, oldest(10));

        assertThat(Mirror.ids(node.jdbc, account, INBOX)).isEqualTo(before);
        node.refresh(key);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(Mirror.ids(node.jdbc, account, INBOX)).isEqualTo(before);
    }

    private void whileHeldBack(String call, Runnable asking, Runnable meanwhile) throws InterruptedException {
        store.holdsBack(call);
        long asked = calls(call);
        var asker = Thread.startVirtualThread(() -> Freshness.now("asking", asking));
        try {
            Mirror.await(() -> calls(call) > asked);
            meanwhile.run();
        } finally {
            store.letsGo();
            asker.join();
        }
    }

    private long calls(String call) {
        return store.calls().stream().filter(call::equals).count();
    }

    /** As it happens within the transaction that removes it; the account's events after that are still to come. */
    private void removesAccount() {
        node.lifecycle.removing(new AccountRemoved(ANNA, account));
        anna.accounts.remove(account);
    }

    private List<RemoteId> oldest(int messages) {
        return store.messages(INBOX).stream()
                .map(RemoteMessage::id)
                .limit(messages)
                .toList();
    }

    private void nothingIsKept() {
        for (var table : List.of("mailbox", "message", "message_place", "message_words", "thread_reference")) {
            assertThat(kept(table)).as(table).isZero();
        }
    }

    private long kept(String table) {
        return node.jdbc
                .sql("select count(*) from " + table + " where account_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }
}
