package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.Changes;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New mail that a watch brings along goes into the index as it is, if it fits. */
class ArrivalTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final UserId ANNA = new UserId(1);
    private static long accounts = 700;

    private final long account = ++accounts;
    private final FakeUpstream upstream = new FakeUpstream();
    private final FakeAccounts known = new FakeAccounts(upstream);
    private FakeMailStore store;
    private TestNode node;

    @BeforeEach
    void start() {
        known.add(ANNA, account, "anna@example.org");
        store = upstream.user("anna@example.org", "secret");
        for (int i = 1; i <= 120; i++) {
            store.holds(Mails.plain("mail " + i).sentAt(Mails.NOON.plusSeconds(60L * i)));
        }
        node = new TestNode(DATABASE, upstream, known);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void newMailThatFitsGoesIntoTheIndexWithoutAQuestion() {
        var inbox = node.fills(account, INBOX);
        var arrived = arrives("new");
        int before = store.calls().size();

        node.freshness.arrived(account, INBOX, arrived);

        assertThat(store.calls()).hasSize(before);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.changes().getLast().created()).hasSize(1);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(121);
        node.refresh(inbox.key());
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
    }

    @Test
    void newMailThatDoesNotFitIsAskedFor() {
        node.fills(account, INBOX);
        var first = arrives("first");
        var second = arrives("second");

        node.freshness.arrived(account, INBOX, second); // overtook the first
        node.freshness.arrived(account, INBOX, first);

        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(122);
    }

    @Test
    void newMailToldTwiceIsThereOnce() {
        node.fills(account, INBOX);
        var arrived = arrives("new");
        node.freshness.arrived(account, INBOX, arrived);
        node.freshness.arrived(account, INBOX, arrived);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(121);
    }

    /** A message arrives; what a watch would tell of it fits the state before and no other. */
    private Upstream.Arrivals arrives(String subject) {
        var before = stateOf();
        var id = store.holds(Mails.plain(subject));
        var delta = (Changes.Delta) store.changes(INBOX, before);
        var row = store.messages(INBOX).stream()
                .filter(message -> message.id().equals(id))
                .toList();
        return new Arrived(before, delta, row);
    }

    private SyncState stateOf() {
        return store.changes(INBOX, null).state();
    }

    private record Arrived(SyncState before, Changes.Delta delta, List<RemoteMessage> messages)
            implements Upstream.Arrivals {
        @Override
        public Optional<Changes.Delta> since(SyncState state) {
            return state.equals(before) ? Optional.of(delta) : Optional.empty();
        }
    }
}
