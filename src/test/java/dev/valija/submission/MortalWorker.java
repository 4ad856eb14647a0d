package dev.valija.submission;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.support.FreshDatabase;
import dev.valija.support.TestUpstream;
import dev.valija.upload.TestUploads;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * An outbox in a process of its own, which sends what the database holds until it is killed. It can be told to die at a
 * commit: no hook runs and no connection is closed then, as with a kill -9.
 */
final class MortalWorker {

    /** Its way to the servers, and when it dies: {@code BEFORE gate} or {@code AFTER gate} has that state committed. */
    record Orders(FreshDatabase database, int smtp, int imap, String certificates, String death) {
        String[] arguments() {
            return new String[] {
                database.url(), database.username(), database.password(), "" + smtp, "" + imap, certificates, death
            };
        }

        static Orders of(String[] arguments) {
            return new Orders(
                    new FreshDatabase(arguments[0], arguments[1], arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    arguments[5],
                    arguments[6]);
        }
    }

    public static void main(String[] arguments) throws IOException {
        var orders = Orders.of(arguments);
        var upstream = new TestUpstream("trusted-certificates", orders.certificates()).upstream();
        var imap = new ServerSettings("localhost", orders.imap(), Security.TLS);
        var smtp = new ServerSettings("localhost", orders.smtp(), Security.TLS);
        outbox(
                        orders.database(),
                        orders.database().dataSource(),
                        OutboxCase.ACCOUNTS,
                        upstream,
                        imap,
                        smtp,
                        state -> die(orders.death(), state))
                .start();
        System.out.println("alive");
        System.in.transferTo(OutputStream.nullOutputStream()); // which ends with who started us
    }

    /** An outbox of the first accounts of an {@link OutboxCase}, told of each state within its commit. */
    static Outbox outbox(
            FreshDatabase database,
            DataSource source,
            int count,
            Upstream upstream,
            ServerSettings imap,
            ServerSettings smtp,
            Consumer<String> states) {
        var accounts = new FakeAccounts(
                (id, address) -> new ServerLogin(id, imap, smtp, new Credentials(address, OutboxCase.PASSWORD)));
        for (long id = 1; id <= count; id++) {
            accounts.add(new UserId(1), id, OutboxCase.address(id));
        }
        var jdbc = JdbcClient.create(source);
        var seen = TestMailboxes.of(database, upstream, accounts);
        var claims = new Claims(
                jdbc,
                new SentDrafts(new DraftRows(jdbc, JsonMapper.shared()), TestUploads.holds(jdbc), event -> {}),
                new TransactionTemplate(new JdbcTransactionManager(source)),
                event -> {
                    if (event instanceof SubmissionChanged changed) {
                        states.accept(changed.state());
                    }
                });
        var filing = new Filing(accounts, accounts.accesses(jdbc), upstream, seen.places(), seen.mailboxes());
        return new Outbox(
                claims,
                new Delivery(
                        accounts,
                        accounts.accesses(jdbc),
                        upstream,
                        claims,
                        filing,
                        new ServerLimits(accounts, upstream)));
    }

    private static void die(String death, String state) {
        if (death.equals("BEFORE " + state)) {
            Runtime.getRuntime().halt(137);
        }
        if (death.equals("AFTER " + state)) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    Runtime.getRuntime().halt(137);
                }
            });
        }
    }

    private MortalWorker() {}
}
