package dev.valija.snooze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.message.Keyword;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.support.TestClock;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Anna, whose mail is at a provider in memory, and a clock that stands until it is put forward. */
abstract class SnoozeCase {
    static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final DataSource POOL = DATABASE.pooled();
    static final String ADDRESS = "anna@example.org";
    static final Duration LEASE = SnoozeRows.LEASE.plusSeconds(1);
    private static final AtomicLong IDS = new AtomicLong(100);

    final JdbcClient jdbc = JdbcClient.create(POOL);
    final UserId anna = new UserId(newUser());
    final long account = IDS.incrementAndGet();
    final TestClock clock = new TestClock();
    final FakeUpstream upstream = new FakeUpstream();
    final FakeAccounts accounts = new FakeAccounts(upstream);
    final FakeMailStore store = upstream.user(ADDRESS, "secret");
    SnoozeNode node;
    MailboxKey inbox;

    @BeforeEach
    void start() {
        jdbc.sql("""
                        insert into account (id, user_id, first, address, name, login_name, store_host, store_port,
                               store_security, transport_host, transport_port, transport_security, master_key, data_key,
                               password)
                        values (?, ?, true, ?, '', ?, 'h', 1, 'TLS', 'h', 1, 'TLS', '', '', '')
                        """)
                .param(account)
                .param(anna.value())
                .param(ADDRESS)
                .param(ADDRESS)
                .update();
        accounts.add(anna, account, ADDRESS);
        node = anotherNode();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    SnoozeNode anotherNode() {
        return new SnoozeNode(DATABASE, upstream, accounts, clock);
    }

    private long newUser() {
        return jdbc.sql("insert into users (store_host, store_port, login_name) values ('h', 1, ?) returning id")
                .param("anna" + IDS.incrementAndGet())
                .query(Long.class)
                .single();
    }

    /** INBOX has these messages, read by their owner, and the index knows them. */
    void holds(String... subjects) {
        for (var subject : subjects) {
            store.holds(Mails.plain(subject), Keyword.SEEN);
        }
        inbox = node.seen.fills(account, "INBOX");
        node.seen.refresh(inbox);
    }

    /** Our id of the message, wherever it is. */
    String id(String subject) {
        return account + "-"
                + jdbc.sql("select id from message where account_id = ? and subject = ?")
                        .param(account)
                        .param(subject)
                        .query(Long.class)
                        .single();
    }

    Instant in(Duration time) {
        return clock.instant().plus(time);
    }

    void snooze(String subject, Duration time) {
        var result = node.snoozes.snooze(anna, Set.of(id(subject)), in(time));
        assertThat(result.failed()).isEmpty();
        assertThat(result.changed()).isOne();
        settles();
    }

    /** The index has read the mailbox Snoozed, which may be new. */
    void settles() {
        node.seen.fills(account, "INBOX");
    }

    /** Time passes, and alarms go off. */
    void passes(Duration time) {
        clock.passes(time);
        alarmsGoOff(node);
    }

    void alarmsGoOff(SnoozeNode by) {
        for (int due = due(); due > 0; due = due()) {
            for (int i = 0; i < due; i++) {
                by.waking.work(account);
            }
        }
    }

    private int due() {
        return TestAlarms.due(jdbc, SnoozeRows.WORK, account, clock.instant());
    }

    /** Mailboxes that have messages, and these with their keywords. */
    Map<String, List<String>> held() {
        var held = new TreeMap<String, List<String>>();
        for (var mailbox : ((MailStore) store).mailboxes()) {
            if (mailbox.selectable() && mailbox.total() > 0) {
                held.put(
                        mailbox.name(),
                        store.messages(mailbox.name()).stream()
                                .map(SnoozeCase::shown)
                                .sorted()
                                .toList());
            }
        }
        return held;
    }

    private static String shown(RemoteMessage message) {
        var keywords = new TreeSet<>(message.keywords());
        return message.envelope().subject() + (keywords.isEmpty() ? "" : " " + keywords);
    }

    int snoozed() {
        return jdbc.sql("select count(*) from snooze where account_id = ?")
                .param(account)
                .query(Integer.class)
                .single();
    }
}
