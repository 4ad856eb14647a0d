package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.Changes;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New mail that a watch brings along goes into the index as it is, if it fits. */
class ArrivalTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @BeforeEach
    void start() {
        anna.holds(120);
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
