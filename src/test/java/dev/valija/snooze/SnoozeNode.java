package dev.valija.snooze;

import dev.valija.account.FakeAccounts;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Upstream;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One running instance of the module, put together by hand, that dies where it is told to. Several share a database. */
final class SnoozeNode implements AutoCloseable {
    final TestMailboxes seen;
    final SnoozeRows rows;
    final Snoozes snoozes;
    final Waking waking;
    private final MortalCarrier carrier;

    SnoozeNode(FreshDatabase database, Upstream upstream, FakeAccounts accounts, Clock clock) {
        seen = TestMailboxes.of(database, upstream, accounts);
        var source = seen.dataSource();
        carrier = new MortalCarrier(seen);
        rows = new SnoozeRows(
                JdbcClient.create(source),
                new TransactionTemplate(new JdbcTransactionManager(source)),
                TestAlarms.of(source));
        var homes = new Homes(seen.mailboxes());
        var selection = new Selection(accounts, seen.places());
        snoozes = new Snoozes(accounts, selection, seen.moves(), carrier, homes, rows, clock);
        waking = new Waking(seen.mailboxes(), seen.places(), carrier, homes, rows, clock);
    }

    /** It is killed with what it wants written down, and nothing done. */
    void diesBeforeItMoves() {
        carrier.before = true;
    }

    /** It is killed with all done, and nothing of that written down. */
    void diesWhenItHasMoved() {
        carrier.after = true;
    }

    @Override
    public void close() {
        seen.close();
    }

    private static final class MortalCarrier extends Carrier {
        private boolean before;
        private boolean after;

        MortalCarrier(TestMailboxes seen) {
            super(seen.moves());
        }

        @Override
        Carried carry(List<Snooze> snoozes, Marks marks, @Nullable MailboxKey target) {
            if (before) {
                before = false;
                throw new Error("killed");
            }
            var carried = super.carry(snoozes, marks, target);
            if (after) {
                after = false;
                throw new Error("killed");
            }
            return carried;
        }
    }
}
