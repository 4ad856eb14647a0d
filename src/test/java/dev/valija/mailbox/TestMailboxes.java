package dev.valija.mailbox;

import dev.valija.account.FakeAccounts;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Upstream;
import java.util.List;
import javax.sql.DataSource;

/** What other modules see of this one, put together by hand. */
public final class TestMailboxes implements AutoCloseable {
    private final TestNode node;
    private final FakeAccounts accounts;

    private TestMailboxes(TestNode node, FakeAccounts accounts) {
        this.node = node;
        this.accounts = accounts;
    }

    /** On that database, for as long as the process lives, or until it is closed. */
    public static TestMailboxes of(FreshDatabase database, Upstream upstream, FakeAccounts accounts) {
        return new TestMailboxes(new TestNode(database, upstream, accounts), accounts);
    }

    public DataSource dataSource() {
        return node.pool;
    }

    public Mailboxes mailboxes() {
        return node.mailboxes;
    }

    public MessagePlaces places() {
        return new MessagePlaces(node.jdbc, node.accesses);
    }

    public MessageMoves moves() {
        return new MessageMoves(accounts, node.bulk, node.edits);
    }

    public Residents residents() {
        return new Residents(node.jdbc, node.provider, node.index);
    }

    /** Reads all mailboxes of the account to their ends. */
    public MailboxKey fills(long accountId, String remoteName) {
        return node.fills(accountId, remoteName).key();
    }

    /** Brings a mailbox up to date. */
    public void refresh(MailboxKey key) {
        node.refresh(key);
    }

    /** The index is lost, as when its tables are dropped. */
    public void loses(long accountId) {
        node.messages.removeAccount(accountId);
        node.index.removeAccount(accountId);
    }

    /** What was published so far. */
    public List<MailboxChanged> changes() {
        return node.changes();
    }

    @Override
    public void close() {
        node.close();
    }
}
