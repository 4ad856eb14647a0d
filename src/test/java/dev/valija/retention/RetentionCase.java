package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.message.Keyword;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Anna, whose mail is at a provider in memory, and a clock that stands until it is put forward. */
abstract class RetentionCase {
    static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final DataSource POOL = DATABASE.pooled();
    static final String ADDRESS = "anna@example.org";
    static final Duration DAY = Duration.ofDays(1);
    private static final Duration STEP = Duration.ofDays(3);
    static final Duration GRACE = Duration.ofDays(7);
    static final RetentionProperties NOTHING = new RetentionProperties(GRACE, null, null, null, true, Map.of());
    private static final AtomicLong IDS = new AtomicLong(100);

    final JdbcClient jdbc = JdbcClient.create(POOL);
    final UserId anna = new UserId(newUser());
    final long account = IDS.incrementAndGet();
    final TestClock clock = new TestClock();
    final FakeUpstream upstream = new FakeUpstream();
    final FakeAccounts accounts = new FakeAccounts(upstream);
    final FakeMailStore store = upstream.user(ADDRESS, "secret");
    RetentionProperties operator = NOTHING;
    RetentionNode node;

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

    RetentionNode anotherNode() {
        return new RetentionNode(DATABASE, upstream, accounts, operator, clock);
    }

    private long newUser() {
        return jdbc.sql("insert into users (store_host, store_port, login_name) values ('h', 1, ?) returning id")
                .param("anna" + IDS.incrementAndGet())
                .query(Long.class)
                .single();
    }

    /** A mailbox has that message, received so long ago. */
    void holds(String mailbox, String subject, Duration age, Keyword... keywords) {
        store.receives(mailbox, Mails.plain(subject).bytes(), clock.instant().minus(age), Set.of(keywords));
    }

    /** The index reads all there is. */
    MailboxKey reads(String mailbox) {
        var key = node.seen.fills(account, mailbox);
        node.seen.refresh(key);
        return key;
    }

    void rule(String mailbox, Integer days) {
        node.retention.set(anna, reads(mailbox), days, true);
        alarmsGoOff();
    }

    /** Time passes, some days at a time, and alarms go off. */
    void passes(Duration time) {
        for (var left = time; !left.isZero(); ) {
            var step = left.compareTo(STEP) > 0 ? STEP : left;
            clock.passes(step);
            alarmsGoOff();
            left = left.minus(step);
        }
    }

    void alarmsGoOff() {
        for (int due = due(); due > 0; due = due()) {
            for (int i = 0; i < due; i++) {
                node.departing.work(account);
            }
        }
    }

    int due() {
        return TestAlarms.due(jdbc, VisitRows.WORK, account, clock.instant());
    }

    MessageKey key(String subject) {
        return new MessageKey(
                account,
                jdbc.sql("select id from message where account_id = ? and subject = ?")
                        .param(account)
                        .param(subject)
                        .query(Long.class)
                        .single());
    }

    /** The user moves it by hand. */
    void moves(String subject, String mailbox) {
        var result = node.seen.moves().change(List.of(key(subject)), new Marks(Set.of(), Set.of()), reads(mailbox));
        assertThat(result.failed()).isEmpty();
    }

    void marks(String subject, Keyword... keywords) {
        node.seen.moves().change(List.of(key(subject)), new Marks(Set.of(keywords), Set.of()), null);
    }

    void unmarks(String subject, Keyword... keywords) {
        node.seen.moves().change(List.of(key(subject)), new Marks(Set.of(), Set.of(keywords)), null);
    }

    List<String> in(String mailbox) {
        return store.messages(mailbox).stream()
                .map(message -> message.envelope().subject())
                .sorted()
                .toList();
    }

    /** When a message is said to leave; null where it is not said to. */
    Instant leavesAt(String subject) {
        long id = key(subject).id();
        return node.departures.foreseen(anna, account).first().stream()
                .filter(one -> one.id() == id)
                .map(one -> one.at())
                .findFirst()
                .orElse(null);
    }
}
