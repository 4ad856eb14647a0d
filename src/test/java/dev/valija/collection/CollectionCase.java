package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.collection.MailCollection.Policy;
import dev.valija.collection.MailCollection.Source;
import dev.valija.collection.MailCollection.Target;
import dev.valija.mailbox.MailboxKey;
import dev.valija.schedule.TestAlarms;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeMaildrop;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestClock;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteMailbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Anna, whose old mail is at a POP3 server and whose new mail is elsewhere, and a clock that stands until it is put forward. */
abstract class CollectionCase {
    static final FreshDatabase DATABASE = FreshDatabase.migrated();
    static final String ADDRESS = "anna@example.org";
    static final String OLD = "anna.old";
    static final Duration INTERVAL = Duration.ofMinutes(15);
    static final Duration SPACING = CollectionRows.SPACING;
    private static final AtomicLong IDS = new AtomicLong(100);

    /** Each look from outside would open a connection anew, and there are thousands. */
    private static final HikariDataSource OUTSIDE = pool();

    final JdbcClient jdbc = JdbcClient.create(OUTSIDE);
    final UserId anna = new UserId(newUser());
    final long account = IDS.incrementAndGet();
    final TestClock clock = new TestClock();
    final FakeUpstream upstream = new FakeUpstream();
    final FakeAccounts accounts = new FakeAccounts(upstream);
    final FakeMailStore store = upstream.user(ADDRESS, "secret");
    final FakeMaildrop maildrop = upstream.maildrop(OLD, "old secret");
    CollectionNode node;
    CollectionKey collection;

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
        maildrop.onDelete(this::isStored);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static HikariDataSource pool() {
        var pool = new HikariDataSource();
        pool.setDataSource(DATABASE.dataSource());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(1);
        return pool;
    }

    CollectionNode anotherNode() {
        return new CollectionNode(DATABASE, upstream, accounts, clock);
    }

    private long newUser() {
        return jdbc.sql("insert into users (store_host, store_port, login_name) values ('h', 1, ?) returning id")
                .param("anna" + IDS.incrementAndGet())
                .query(Long.class)
                .single();
    }

    /** Nothing is ever told to be deleted that is not stored, and known to be by who looks from outside. */
    private void isStored(byte[] octets) {
        var text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(everywhere()).as("stored before it is deleted").contains(text);
        assertThat(jdbc.sql("""
                                select count(*) from collected where user_id = ? and state = 'DELETING' and hash = sha256(?)
                                """)
                        .param(anna.value())
                        .param(octets)
                        .query(Integer.class)
                        .single())
                .as("committed before it is deleted")
                .isPositive();
    }

    /** She collects into INBOX. */
    void collects(Integer keepDays) {
        collects("INBOX", keepDays);
    }

    void collects(String into, Integer keepDays) {
        collection = node.rows.insert(
                anna, source("old secret"), target(into), new Policy(keepDays, INTERVAL, false), clock.instant());
    }

    Source source(String password) {
        return new Source(FakeUpstream.POP3, OLD, node.passwords.seal(anna, password));
    }

    Target target(String name) {
        MailboxKey key = node.seen.fills(account, name);
        return new Target(key, name);
    }

    MailCollection now() {
        return node.rows.find(collection).orElseThrow();
    }

    void changes(Policy policy) {
        var old = now();
        node.rows.update(
                old,
                old.source(),
                old.target(),
                policy,
                policy.paused() ? null : clock.instant().plus(SPACING));
    }

    /** Time passes, and alarms go off. */
    void passes(Duration time) {
        clock.passes(time);
        alarmsGoOff(node);
    }

    void alarmsGoOff(CollectionNode by) {
        for (int due = due(); due > 0; due = due()) {
            for (int i = 0; i < due; i++) {
                by.collecting.work(account);
            }
        }
    }

    private int due() {
        return TestAlarms.due(jdbc, CollectionRows.WORK, account, clock.instant());
    }

    /** Whoever was killed is followed by another, and what was in doubt is in doubt no more. */
    void comesUpAgain() {
        node.close();
        node = anotherNode();
        for (int i = 0; i < 4; i++) {
            passes(Duration.ofMinutes(12));
        }
    }

    /** Runs what is due until somebody is killed. */
    boolean isKilled(Duration time) {
        try {
            passes(time);
            return false;
        } catch (Error killed) {
            assertThat(killed).hasMessage("killed");
            return true;
        }
    }

    /** What is in a mailbox, octet for octet. */
    List<String> held(String mailbox) {
        return store.messages(mailbox).stream()
                .map(message -> new String(store.bytes(mailbox, message.id()), StandardCharsets.ISO_8859_1))
                .toList();
    }

    List<String> everywhere() {
        return ((MailStore) store)
                .mailboxes().stream()
                        .filter(RemoteMailbox::selectable)
                        .flatMap(mailbox -> held(mailbox.name()).stream())
                        .toList();
    }

    List<String> states() {
        return jdbc.sql("select state from collected where user_id = ? order by id")
                .param(anna.value())
                .query(String.class)
                .list();
    }

    static String text(Mail mail) {
        return new String(mail.bytes(), StandardCharsets.ISO_8859_1);
    }

    static Mail withoutId(String subject) {
        return Mails.plain(subject).header("Message-ID", null);
    }
}
