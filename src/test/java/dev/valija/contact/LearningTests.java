package dev.valija.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.valija.account.AccountRemoved;
import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.TestCorrespondence;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGobject;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class LearningTests {
    private static final DataSource DATABASE = FreshDatabase.migrated().dataSource();
    private static final AtomicLong PEOPLE = new AtomicLong();
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final FakeAccounts accounts = new FakeAccounts(new FakeUpstream());
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(DATABASE));
    private final LearnedRows learned = new LearnedRows(jdbc);
    private final ContactRows rows = new ContactRows(jdbc);
    private final MovedClock clock = new MovedClock();
    private final Learning learning = node();
    private final Contacts contacts = new Contacts(accounts, rows, learning, transaction);

    private UserId user;
    private long account;

    private static final class MovedClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void someone() {
        user = new UserId(jdbc.sql("""
                        insert into users (store_host, store_port, login_name) values ('imap.example.org', 993, ?)
                        returning id
                        """)
                .param("me" + PEOPLE.incrementAndGet())
                .query(Long.class)
                .single());
        account = anotherAccount("me@example.org");
    }

    @Test
    void peopleWrittenToComeBeforePeopleWhoOnlyWrote() {
        for (int i = 0; i < 20; i++) {
            mail("INBOX", ago(i), person("News", "news@example.org"), "me@example.org");
        }
        mail("SENT", ago(300), "me@example.org", person("Bert Berg", "bert@example.org"));
        learn();
        assertThat(suggested("")).containsExactly("bert@example.org", "news@example.org");
    }

    @Test
    void itIsToldToWhomTheUserHasWritten() {
        sent("friend@example.org", 1);
        mail("INBOX", ago(2), "friend@example.org", "me@example.org");
        mail("INBOX", ago(1), "stranger@example.net", "me@example.org");
        learn();
        assertThat(contacts.suggested(user, "", 5))
                .extracting(Contact::email, Contact::writtenTo)
                .containsExactly(tuple("friend@example.org", true), tuple("stranger@example.net", false));
        assertThat(contacts.suggested(user, "stranger@example.net", 5))
                .singleElement()
                .matches(contact -> !contact.writtenTo());
    }

    @Test
    void oftenAndLatelyComesFirst() {
        sent("once@example.org", 10);
        sent("often@example.org", 20, 21, 22);
        sent("long.ago@example.org", 900, 901, 902, 903, 904);
        learn();
        assertThat(suggested("example"))
                .containsExactly("often@example.org", "once@example.org", "long.ago@example.org");
        sent("long.ago@example.org", 0, 0, 0, 0);
        learn();
        assertThat(suggested("example").getFirst()).isEqualTo("long.ago@example.org");
    }

    @Test
    void theFutureWeighsNoMoreThanNow() {
        mail("SENT", NOW.plus(Duration.ofDays(9000)), "me@example.org", "future@example.org");
        sent("present@example.org", 0, 0);
        learn();
        assertThat(suggested("")).containsExactly("present@example.org", "future@example.org");
    }

    @Test
    void whoIsInJunkTrashAndDraftsAloneIsNobody() {
        mail("JUNK", ago(1), person("Prince", "prince@example.net"), "me@example.org");
        mail("TRASH", ago(1), person("Gone", "gone@example.net"), "me@example.org");
        mail("DRAFTS", ago(1), "me@example.org", "half@example.net");
        mail(null, ago(1), person("Filed", "filed@example.net"), "me@example.org");
        learn();
        assertThat(suggested("")).containsExactly("filed@example.net");
    }

    @Test
    void aStrangerWhoIsPutIntoJunkIsForgottenAndAFriendIsNot() {
        sent("friend@example.org", 3);
        mail("INBOX", ago(2), "stranger@example.net", "me@example.org");
        mail("INBOX", ago(2), "friend@example.org", "me@example.org");
        learn();
        assertThat(suggested("")).hasSize(2);

        var ids = jdbc.sql(
                        "update message set mailbox_id = ? where account_id = ? and envelope->'to' @> ? returning id")
                .params(mailbox(account, "JUNK"), account, json("[{\"email\":\"me@example.org\"}]"))
                .query(Long.class)
                .list();
        learning.changed(
                new MailboxChanged(user, account, mailbox(account, "JUNK"), List.of(), ids, List.of(), List.of()));
        learning.beat();
        assertThat(suggested("")).containsExactly("friend@example.org");
    }

    @Test
    void neitherTheUserNorWhoReadsNoMailIsCollected() {
        sent("me@example.org", 1);
        mail("INBOX", ago(1), "no-reply@example.net", "me@example.org");
        mail("INBOX", ago(1), "MAILER-DAEMON@example.net", "me@example.org");
        mail("INBOX", ago(1), "bounces+me=example.org@example.net", "me@example.org");
        mail("INBOX", ago(1), "not an address", "me@example.org");
        mail("INBOX", ago(1), "noah.replyton@example.net", "me@example.org");
        learn();
        assertThat(suggested("")).containsExactly("noah.replyton@example.net");
    }

    @Test
    void aNameOnceKnownStaysAndNoNamePretendsToBeAnAddress() {
        mail("INBOX", ago(9), "anna@example.net", "me@example.org");
        mail("INBOX", ago(8), person("boss@example.org", "anna@example.net"), "me@example.org");
        mail("INBOX", ago(7), person("Anna\r\nPetrova", "Anna@Example.net"), "me@example.org");
        mail("INBOX", ago(6), person("Somebody Else", "anna@example.net"), "me@example.org");
        learn();
        assertThat(contacts.suggested(user, "petr", 5)).singleElement().satisfies(contact -> {
            assertThat(contact.name()).isEqualTo("Anna Petrova");
            assertThat(contact.email()).isEqualTo("anna@example.net");
            assertThat(contact.saved()).isFalse();
        });
    }

    @Test
    void whatTheUserKeepsIsNotTouchedAndWhatTheyTookOutStaysOut() {
        sent("kept@example.org", 2);
        sent("out@example.org", 2);
        learn();
        var kept = contacts.suggested(user, "kept", 1).getFirst();
        contacts.change(
                key(kept),
                1,
                new Entry("My Name For Them", Email.of("kept@example.org").orElseThrow()));
        contacts.remove(key(contacts.suggested(user, "out", 1).getFirst()));

        mail("INBOX", ago(1), person("Their Name", "kept@example.org"), "me@example.org");
        sent("out@example.org", 1);
        learn();
        assertThat(contacts.suggested(user, "", 9)).singleElement().satisfies(contact -> {
            assertThat(contact.name()).isEqualTo("My Name For Them");
            assertThat(contact.saved()).isTrue();
        });
    }

    @Test
    void nothingCountsTwiceHoweverManyLearn() throws Exception {
        jdbc.sql("""
                        insert into message (account_id, id, mailbox_id, arrival, subject, base_subject, from_text,
                                             envelope, received_at, size, has_attachment, structure)
                        select :account, nextval('message_id_seq'), :mailbox, 1, '', '', '',
                               jsonb_build_object('to', array[jsonb_build_object('email', 'p' || i % 7 || '@example.org')]),
                               :now - i % 50 * interval '1 day', 1, false, '{}' from generate_series(0, 1199) i
                        """)
                .param("account", account)
                .param("mailbox", mailbox(account, "SENT"))
                .param("now", NOW.atOffset(ZoneOffset.UTC))
                .update();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var nodes = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                var node = node();
                nodes.add(threads.submit(() -> {
                    while (node.learn(account)) {
                        // the next messages
                    }
                }));
            }
            for (var node : nodes) {
                node.get();
            }
        }
        learn();
        double all = Score.NONE;
        for (int i = 0; i < 1_200; i += 7) {
            all = Score.plus(all, Score.of(ago(i % 50)));
        }
        var score = jdbc.sql("select score from contact where user_id = ? and email = 'p0@example.org'")
                .param(user.value())
                .query(Double.class)
                .single();
        assertThat(score).isCloseTo(all, within(1e-6));
    }

    @Test
    void anAccountTakesWhatItTaughtWithItAndTheUsersOwnStays() {
        long other = anotherAccount("me@example.net");
        sent("both@example.org", 1);
        sent("one@example.org", 1);
        sent("kept@example.org", 1);
        mail(other, "INBOX", ago(2), "both@example.org", "me@example.net");
        learn();
        while (learning.learn(other)) {
            // the next messages
        }
        contacts.add(user, new Entry("Kept", Email.of("kept@example.org").orElseThrow()));
        assertThat(suggested("")).hasSize(3);

        transaction.executeWithoutResult(status -> {
            learning.removing(new AccountRemoved(user, account));
            jdbc.sql("delete from account where id = ?").param(account).update();
        });

        assertThat(suggested("")).containsExactly("kept@example.org", "both@example.org");
        var both = jdbc.sql("select stranger from contact where user_id = ? and email = 'both@example.org'")
                .param(user.value())
                .query(Boolean.class)
                .single();
        assertThat(both).isTrue();
    }

    @Test
    void nobodyLearnsWhileAnotherNodeDoes() {
        learn();
        sent("bert@example.org", 1);
        transaction.executeWithoutResult(status -> {
            assertThat(learned.claim(user, account)).hasValue(0);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.submit(() -> node().learn(account));
            }
        });
        assertThat(suggested("")).isEmpty();
    }

    @Test
    void whoLeavesWhileTheirMailIsLearnedFromWaitsForThat() throws Exception {
        sent("friend@example.org", 1);
        var harvest = new Harvest(accounts.addresses(user), NOW);
        TestCorrespondence.of(jdbc).after(account, 0, 10).forEach(harvest::add);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var leaving = new CompletableFuture<Future<?>>();
            transaction.executeWithoutResult(status -> {
                learned.claim(user, account);
                leaving.complete(threads.submit(() -> transaction.executeWithoutResult(other -> {
                    learning.removing(new AccountRemoved(user, account));
                    jdbc.sql("delete from users where id = ?")
                            .param(user.value())
                            .update();
                })));
                await().until(() -> jdbc.sql("select count(*) from pg_locks where not granted")
                                .query(Integer.class)
                                .single()
                        > 0);
                learned.add(user, account, harvest.people());
            });
            leaving.get().get();
        }
        assertThat(suggested("")).isEmpty();
    }

    private Learning node() {
        return new Learning(accounts, TestCorrespondence.of(jdbc), learned, transaction, clock);
    }

    private void learn() {
        learning.wake(account);
        while (learning.learn(account)) {
            // the next messages
        }
    }

    private List<String> suggested(String text) {
        return contacts.suggested(user, text, 50).stream().map(Contact::email).toList();
    }

    private ContactKey key(Contact contact) {
        return ContactKey.parse(user, contact.id());
    }

    private static Instant ago(int days) {
        return NOW.minus(Duration.ofDays(days));
    }

    private void sent(String to, int... daysAgo) {
        for (int days : daysAgo) {
            mail("SENT", ago(days), "me@example.org", to);
        }
    }

    private void mail(String role, Instant at, String from, String to) {
        mail(account, role, at, from, to);
    }

    private void mail(long in, String role, Instant at, String from, String to) {
        jdbc.sql("""
                        insert into message (account_id, id, mailbox_id, arrival, subject, base_subject, from_text,
                                             envelope, received_at, size, has_attachment, structure)
                        values (:account, nextval('message_id_seq'), :mailbox, 1, '', '', '', :envelope, :at, 1, false, '{}')
                        """)
                .param("account", in)
                .param("mailbox", mailbox(in, role))
                .param("envelope", json("{\"from\":[%s],\"to\":[%s]}".formatted(written(from), written(to))))
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static String person(String name, String email) {
        return "{\"name\":\"%s\",\"email\":\"%s\"}"
                .formatted(name.replace("\r", "\\r").replace("\n", "\\n"), email);
    }

    private static String written(String who) {
        return who.startsWith("{") ? who : "{\"email\":\"%s\"}".formatted(who);
    }

    private static Object json(String text) {
        var json = new PGobject();
        try {
            json.setType("jsonb");
            json.setValue(text);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return json;
    }

    private long mailbox(long in, String role) {
        var name = role == null ? "Filed" : role;
        return jdbc.sql("""
                        insert into mailbox (account_id, remote_name, name, role) values (:account, :name, :name, :role)
                        on conflict (account_id, remote_name) do update set name = excluded.name returning id
                        """)
                .param("account", in)
                .param("name", name)
                .param("role", role)
                .query(Long.class)
                .single();
    }

    private long anotherAccount(String address) {
        var id = jdbc.sql("""
                        insert into account (user_id, first, address, name, login_name, store_host, store_port,
                               store_security, transport_host, transport_port, transport_security, master_key, data_key,
                               password)
                        values (:user, false, :address, '', :address, '', 1, '', '', 1, '', '', '', '') returning id
                        """)
                .param("user", user.value())
                .param("address", address)
                .query(Long.class)
                .single();
        accounts.add(user, id, address);
        return id;
    }
}
