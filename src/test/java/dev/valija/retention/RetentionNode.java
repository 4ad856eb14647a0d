package dev.valija.retention;

import dev.valija.account.FakeAccounts;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Upstream;
import java.time.Clock;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One running instance of the module, put together by hand. Several share a database. */
final class RetentionNode implements AutoCloseable {
    final TestMailboxes seen;
    final Retention retention;
    final Departures departures;
    final Departing departing;
    final VisitRows visits;

    RetentionNode(
            FreshDatabase database,
            Upstream upstream,
            FakeAccounts accounts,
            RetentionProperties operator,
            Clock clock) {
        seen = TestMailboxes.of(database, upstream, accounts);
        var source = seen.dataSource();
        var jdbc = JdbcClient.create(source);
        var transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        var rules = new Rules(jdbc, accounts, seen.mailboxes(), operator);
        var stays = new StayRows(jdbc, new JdbcTemplate(source));
        var departed = new DepartedRows(jdbc);
        var residents = seen.residents();
        var survey = new Survey(residents, stays, operator);
        visits = new VisitRows(jdbc, transaction, TestAlarms.of(source));
        retention = new Retention(
                accounts, seen.mailboxes(), residents, rules, survey, stays, visits, operator, transaction, clock);
        departures =
                new Departures(accounts, seen.mailboxes(), seen.places(), seen.moves(), rules, stays, departed, clock);
        var removal = new Removal(seen.moves(), stays, departed);
        departing = new Departing(seen.mailboxes(), residents, rules, survey, stays, departed, removal, visits, clock);
    }

    @Override
    public void close() {
        seen.close();
    }
}
