package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefetchTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @TempDir
    Path directory;

    private StoredMessages messages;
    private OpenedMessages opened;
    private Prefetch prefetch;

    @BeforeEach
    void start() {
        messages = new StoredMessages(node.jdbc, node.accesses, node.provider, node.sync);
        var bodies = new BodyCache(new BodyCacheProperties(directory, 1 << 20), anna.accounts, node.jdbc);
        opened = new OpenedMessages(messages, bodies);
        prefetch = new Prefetch(new PrefetchProperties(true), messages, opened);
    }

    @Test
    void theTopAndTheFirstUnreadOfAListAreFetchedAndNothingIsMarked() {
        var rows = list(20, 4, 6, 8, 10); // the places of the unread
        var before = store.messages(INBOX);

        prefetch.listed(rows);

        awaitHeld(rows, 0, 1, 4, 6, 8);
        assertThat(store.messages(INBOX)).isEqualTo(before);
        prefetch.listed(rows);
        prefetch.reading(rows.get(15).key());
        awaitHeld(rows, 0, 1, 4, 6, 8, 14, 16, 17);
        assertThat(opens()).as("each once").isEqualTo(8);
    }

    @Test
    void aMessageWithAHugeTextIsLeftAlone() {
        store.holds(Mails.plain("huge", "word ".repeat(80_000)));
        var rows = list(3);

        prefetch.listed(rows);

        awaitHeld(rows, 0, 1);
        assertThat(rows).anyMatch(row -> row.summary().subject().equals("huge"));
        assertThat(held(rows)).noneMatch(at -> rows.get(at).summary().subject().equals("huge"));
    }

    @Test
    void aProviderThatIsAwayIsAskedOnceAndTheReaderTriesAnew() {
        var rows = list(5);
        store.failsWith(new UpstreamException.Unavailable("down", null));
        prefetch.listed(rows);
        Mirror.await(() -> opens() == 1);
        store.failsWith(null);

        var message = messages.find(rows.getFirst().key()).orElseThrow();
        assertThat(opened.open(message).text()).isNotNull();
    }

    @Test
    void whoeverOpensWhatIsBeingFetchedDoesNotFetchItAgain() throws Exception {
        var rows = list(5);
        var message = messages.find(rows.getFirst().key()).orElseThrow();
        var readers = IntStream.range(0, 20)
                .mapToObj(n -> Thread.ofVirtual().start(() -> opened.open(message)))
                .toList();
        for (var reader : readers) {
            reader.join();
        }
        assertThat(opens()).isEqualTo(1);
    }

    @Test
    void turnedOffItFetchesNothing() {
        var rows = list(5);
        new Prefetch(new PrefetchProperties(false), messages, opened).listed(rows);
        prefetch.listed(rows.subList(4, 5));

        awaitHeld(rows, 4);
    }

    /** So many messages in INBOX, newest first, all read but those in these places. */
    private List<MessageRow> list(int count, Integer... unread) {
        for (int i = count - 1; i >= 0; i--) {
            var mail = Mails.plain("mail " + i).sentAt(Mails.NOON.plusSeconds(3600L - 60L * i));
            if (List.of(unread).contains(i)) {
                store.holds(mail);
            } else {
                store.holds(mail, Keyword.SEEN);
            }
        }
        var inbox = node.fills(account, INBOX);
        return node
                .jdbc
                .sql("select id from message where account_id = ? and mailbox_id = ? order by received_at desc")
                .params(account, inbox.id())
                .query(Long.class)
                .list()
                .stream()
                .map(id ->
                        messages.find(new MessageKey(account, id)).orElseThrow().row())
                .toList();
    }

    private void awaitHeld(List<MessageRow> rows, Integer... places) {
        Mirror.await(() -> held(rows).equals(List.of(places)));
    }

    private List<Integer> held(List<MessageRow> rows) {
        return IntStream.range(0, rows.size())
                .filter(at -> opened.holds(rows.get(at).key()))
                .boxed()
                .toList();
    }

    private long opens() {
        return store.calls().stream().filter(("open " + INBOX)::equals).count();
    }
}
