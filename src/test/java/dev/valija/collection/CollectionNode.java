package dev.valija.collection;

import dev.valija.account.FakeAccounts;
import dev.valija.account.TestKeys;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Upstream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One running instance of the module, put together by hand, that dies where it is told to. Several share a database. */
final class CollectionNode implements AutoCloseable {
    final TestMailboxes seen;
    final CollectionRows rows;
    final Passwords passwords = new Passwords(TestKeys.dataKeys());
    final Collecting collecting;
    private final MortalLedger ledger;

    CollectionNode(FreshDatabase database, Upstream upstream, FakeAccounts accounts, Clock clock) {
        seen = TestMailboxes.of(database, upstream, accounts);
        var source = seen.dataSource();
        var jdbc = JdbcClient.create(source);
        rows = new CollectionRows(
                jdbc, new TransactionTemplate(new JdbcTransactionManager(source)), TestAlarms.of(source));
        ledger = new MortalLedger(jdbc, rows);
        var target = new TargetMailbox(accounts, upstream, seen.mailboxes(), seen.places(), ledger);
        collecting = new Collecting(
                upstream,
                passwords,
                new Session.Tools(
                        rows, ledger, new Planner(ledger), target, new Spools(Path.of("target/test-spools")), clock));
    }

    /** It is killed with the n-th thing of that kind from now on written down, and nothing done after. */
    void diesWhenItHasWritten(String kind, int n) {
        ledger.kind = kind;
        ledger.left = n;
    }

    @Override
    public void close() {
        seen.close();
    }

    private static final class MortalLedger extends Ledger {
        private String kind = "";
        private int left;

        MortalLedger(JdbcClient jdbc, CollectionRows rows) {
            super(jdbc, rows);
        }

        private void written(String what) {
            if (what.equals(kind) && --left == 0) {
                kind = "";
                throw new Error("killed");
            }
        }

        @Override
        void seen(MailCollection mine, List<String> names, List<Long> octets) {
            super.seen(mine, names, octets);
            written("seen");
        }

        @Override
        Item retrieved(MailCollection mine, Plan.Known message, Letter letter, Instant doubtfulUntil) {
            var item = super.retrieved(mine, message, letter, doubtfulUntil);
            written("retrieved");
            return item;
        }

        @Override
        Item stored(MailCollection mine, Item item, String mailboxName, RemoteId remote, Instant now) {
            var stored = super.stored(mine, item, mailboxName, remote, now);
            written("stored");
            return stored;
        }

        @Override
        void deleting(MailCollection mine, Item item) {
            super.deleting(mine, item);
            written("deleting");
        }

        @Override
        void gone(MailCollection mine, Collection<Item> items, Instant now) {
            super.gone(mine, items, now);
            written("gone");
        }
    }
}
