package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.support.DovecotServer;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another IMAP client does on a real server is in the index soon after, with nobody asking. */
class MailboxSyncDovecotIT {
    private static final UserId ANNA = new UserId(1);
    private static final long ACCOUNT = 1;
    /** The other client: the same mail over connections of its own. */
    private static final long ELSEWHERE = 2;

    private static DovecotServer server;
    private static TestUpstream upstream;
    private static int users;

    private final String user = "sync" + ++users + "@example.org";
    private TestNode node;

    @BeforeAll
    static void startServer() {
        server = DovecotServer.start();
        upstream = new TestUpstream();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            upstream.close();
            server.close();
        }
    }

    @BeforeEach
    void start() {
        var accounts = new FakeAccounts((id, address) -> server.login(id, address, server.imaps()));
        accounts.add(ANNA, ACCOUNT, user);
        node = new TestNode(FreshDatabase.migrated(), upstream.upstream(), accounts);
    }

    @AfterEach
    void stop() {
        node.close();
        upstream.upstream().forget(ACCOUNT);
        upstream.upstream().forget(ELSEWHERE);
    }

    private <T> T elsewhere(Function<MailStore, T> work) {
        return upstream.upstream().withStore(server.login(ELSEWHERE, user, server.imaps()), work::apply);
    }

    private void appends(String mailbox, Mail mail, Keyword... keywords) {
        elsewhere(store -> {
            try {
                return store.append(mailbox, mail.stream(), mail.size(), Set.of(keywords), Mails.NOON);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void watches() {
        node.watching.start();
        node.watching.keep(ANNA);
        awaitsEqual("INBOX");
        Mirror.await(() -> node.index.list(ACCOUNT).stream().allMatch(m -> m.complete() || !m.selectable()));
    }

    private List<RemoteMessage> held(String mailbox) {
        return elsewhere(store -> {
            var rows = new ArrayList<RemoteMessage>();
            store.fetch(
                    mailbox,
                    store.newest(mailbox, 500).messages().stream()
                            .map(RemoteMessage::id)
                            .toList(),
                    rows::add);
            rows.sort(Comparator.comparing(RemoteMessage::id));
            return rows;
        });
    }

    private void awaitsEqual(String mailbox) {
        Mirror.await(() -> node.index.byName(ACCOUNT, mailbox).isPresent());
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var held = held(mailbox).stream()
                    .map(m -> new Mirror.Seen(
                            m.id().value(),
                            m.envelope().messageId(),
                            m.envelope().subject(),
                            m.size(),
                            RowBatch.keywords(m.keywords())))
                    .toList();
            assertThat(Mirror.rows(node.jdbc, ACCOUNT, mailbox)).isEqualTo(held);
            var row = node.mailbox(ACCOUNT, mailbox);
            assertThat(row.total()).isEqualTo(held.size());
            assertThat(row.unread()).isEqualTo((int)
                    held.stream().filter(m -> !m.keywords().contains("$seen")).count());
        });
    }

    @Test
    void mailThatArrivesIsMarkedAndGoesIsSeenInInbox() {
        for (int i = 0; i < 80; i++) {
            appends("INBOX", Mails.plain("mail " + i), i % 3 == 0 ? Keyword.FLAGGED : Keyword.SEEN);
        }
        watches();
        appends("INBOX", Mails.rich("new"));
        awaitsEqual("INBOX");
        var all = held("INBOX");
        elsewhere(store -> {
            store.changeKeywords(
                    "INBOX", List.of(all.getFirst().id()), Set.of(Keyword.SEEN, new Keyword("work")), Set.of());
            store.delete("INBOX", List.of(all.get(1).id(), all.get(2).id()));
            return 0;
        });
        awaitsEqual("INBOX");
        assertThat(node.changes())
                .anySatisfy(change -> assertThat(change.destroyed()).hasSize(2));
    }

    @Test
    void mailboxesMadeElsewhereAndMailInThemAreSeen() {
        watches();
        elsewhere(store -> {
            store.createMailbox("Büro");
            return 0;
        });
        Mirror.await(() -> node.index.byName(ACCOUNT, "Büro").isPresent());
        appends("Büro", Mails.plain("within"));
        awaitsEqual("Büro");
        appends("Büro", Mails.plain("another"), Keyword.SEEN);
        awaitsEqual("Büro");
        var id = node.mailbox(ACCOUNT, "Büro").id();
        var messages = Mirror.ids(node.jdbc, ACCOUNT, "Büro");
        elsewhere(store -> {
            store.renameMailbox("Büro", "Arbeit");
            return 0;
        });
        Mirror.await(() -> node.index.byName(ACCOUNT, "Arbeit").isPresent());
        awaitsEqual("Arbeit");
        assertThat(node.index.byName(ACCOUNT, "Büro")).isEmpty();
        assertThat(node.mailbox(ACCOUNT, "Arbeit").id()).isEqualTo(id);
        assertThat(Mirror.ids(node.jdbc, ACCOUNT, "Arbeit")).isEqualTo(messages);
        elsewhere(store -> {
            store.deleteMailbox("Arbeit");
            return 0;
        });
        Mirror.await(() -> node.index.byName(ACCOUNT, "Arbeit").isEmpty());
    }

    @Test
    void aMoveThroughUsKeepsOurIds() {
        appends("INBOX", Mails.plain("mine"));
        watches();
        elsewhere(store -> {
            store.createMailbox("Filed");
            return 0;
        });
        Mirror.await(() ->
                node.index.byName(ACCOUNT, "Filed").filter(Mailbox::complete).isPresent());
        var inbox = node.mailbox(ACCOUNT, "INBOX");
        var filed = node.mailbox(ACCOUNT, "Filed");
        var before = Mirror.ids(node.jdbc, ACCOUNT, "INBOX");
        var remote = List.of(held("INBOX").getFirst().id());
        node.sync.holding(
                () -> {
                    var ids = node.provider.with(ACCOUNT, store -> store.move("INBOX", remote, "Filed"));
                    node.local.moved(inbox.key(), filed.key(), remote, ids);
                    return 0;
                },
                inbox.key(),
                filed.key());
        awaitsEqual("INBOX");
        awaitsEqual("Filed");
        assertThat(Mirror.ids(node.jdbc, ACCOUNT, "Filed")).isEqualTo(before);
    }
}
