package dev.valija.mailbox;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.Upstream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Anna's account at a provider in memory, and a node that serves it. Its id is its own, so that the tests of a class
 * can share a database.
 */
final class TestAccount implements AutoCloseable {
    static final UserId ANNA = new UserId(1);
    static final String ADDRESS = "anna@example.org";
    private static final AtomicLong IDS = new AtomicLong(100);

    final long id = newId();
    final FakeUpstream upstream = new FakeUpstream();
    final FakeAccounts accounts = new FakeAccounts(upstream);
    final FakeMailStore store = upstream.user(ADDRESS, "secret");
    final TestNode node;
    private final FreshDatabase database;

    TestAccount(FreshDatabase database) {
        this.database = database;
        accounts.add(ANNA, id, ADDRESS);
        node = anotherNode();
    }

    /** For one more account in the same database. */
    static long newId() {
        return IDS.incrementAndGet();
    }

    /** Has so many messages in INBOX, number i sent i minutes after noon. */
    void holds(int messages) {
        for (int i = 1; i <= messages; i++) {
            store.holds(Mails.plain("mail " + i).sentAt(Mails.NOON.plusSeconds(60L * i)));
        }
    }

    /** One more node, beside the first or after it. Whoever asks closes it. */
    TestNode anotherNode() {
        return anotherNode(upstream);
    }

    /** One more node that sees the provider so. Whoever asks closes it. */
    TestNode anotherNode(Upstream seen) {
        return new TestNode(database, seen, accounts);
    }

    @Override
    public void close() {
        node.close();
    }
}
