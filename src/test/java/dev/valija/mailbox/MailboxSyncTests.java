package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class MailboxSyncTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @Test
    void theNewestPageOfALargeMailboxIsThereAfterOneLook() {
        anna.holds(120);
        node.tree.known(account);
        int before = store.calls().size();

        var inbox = node.freshness.lookedAt(node.mailbox(account, INBOX));

        assertThat(store.calls().subList(before, before + 1)).containsExactly("newest INBOX");
        assertThat(inbox.total()).isEqualTo(120);
        assertThat(inbox.unread()).isEqualTo(120);
        assertThat(inbox.sync()).isEqualTo(Mailbox.Sync.SYNCING);
        assertThat(Mirror.rows(node.jdbc, account, INBOX))
                .extracting(Mirror.Seen::subject)
                .contains("mail 120", "mail 70");
    }

    @Test
    void theRestIsFilledInBehindIt() {
        anna.holds(1200);
        var inbox = node.fills(account, INBOX);

        assertThat(inbox.total()).isEqualTo(1200);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.events(SyncProgressed.class).filter(e -> e.mailboxId() == inbox.id()))
                .extracting(SyncProgressed::state)
                .startsWith("syncing")
                .endsWith("complete");
    }

    @Test
    void allOtherMailboxesAreFilledToo() {
        anna.holds(3);
        store.holds("Sent", Mails.plain("sent"), Keyword.SEEN);
        store.holds("Trash", Mails.plain("gone"));
        node.fills(account, INBOX);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void messagesThatComeInByFillingAreNoNews() {
        anna.holds(200);
        node.fills(account, INBOX);
        assertThat(node.changes())
                .allSatisfy(change -> assertThat(change.created()).isEmpty());
    }

    @Test
    void aNewMessageIsToldInTheTransactionThatCountsIt() {
        anna.holds(2);
        var inbox = node.fills(account, INBOX);
        store.holds(Mails.plain("new"));
        node.events.clear();

        node.refresh(inbox.key());

        var id = Mirror.ids(node.jdbc, account, INBOX).get(Mails.plain("new").messageId());
        assertThat(node.changes())
                .containsExactly(new MailboxChanged(
                        ANNA, account, inbox.id(), List.of(inbox.id()), List.of(id), List.of(), List.of()));
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(3);
        assertThat(node.mailbox(account, INBOX).unread()).isEqualTo(3);
    }

    @Test
    void aMessageExpungedElsewhereLeavesTheIndex() {
        var hello = store.holds(Mails.plain("Hello"));
        var inbox = node.fills(account, INBOX);
        var id = Mirror.ids(node.jdbc, account, INBOX).values().iterator().next();
        store.expunges(INBOX, hello);
        node.events.clear();

        node.refresh(inbox.key());

        assertThat(Mirror.rows(node.jdbc, account, INBOX)).isEmpty();
        assertThat(node.changes())
                .hasSize(1)
                .first()
                .satisfies(change -> assertThat(change.destroyed()).containsExactly(id));
        assertThat(node.mailbox(account, INBOX).unread()).isZero();
    }

    @Test
    void aMessageMarkedElsewhereIsMarkedInTheIndex() {
        var hello = store.holds(Mails.plain("Hello"));
        var inbox = node.fills(account, INBOX);
        store.marks(INBOX, hello, Keyword.SEEN, Keyword.FLAGGED);
        node.refresh(inbox.key());
        assertThat(Mirror.rows(node.jdbc, account, INBOX))
                .extracting(Mirror.Seen::keywords)
                .containsExactly("$flagged $seen");
        assertThat(node.mailbox(account, INBOX).unread()).isZero();
    }

    @Test
    void nothingNewIsNoEvent() {
        anna.holds(5);
        var inbox = node.fills(account, INBOX);
        Mirror.awaitEqual(node.jdbc, account, store);
        node.events.clear();
        node.refresh(inbox.key());
        store.forgetsStates(INBOX);
        node.refresh(inbox.key());
        assertThat(node.events).isEmpty();
    }

    @Test
    void ourIdsOutliveNewOnesOfTheProvider() {
        anna.holds(600);
        // Twins: nothing tells one from the other.
        store.holds(Mails.plain("twin"), Keyword.SEEN);
        store.holds(Mails.plain("twin"));
        var inbox = node.fills(account, INBOX);
        var before = ids();
        store.renumbers(INBOX);
        var gone = store.messages(INBOX).getFirst().id();
        store.expunges(INBOX, gone);
        store.holds(Mails.plain("later"));
        node.events.clear();

        node.refresh(inbox.key());

        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        var after = ids();
        assertThat(after).hasSize(602);
        var kept = new java.util.TreeSet<>(after);
        kept.retainAll(before);
        assertThat(kept).as("all but the one expunged").hasSize(601);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(602);
        assertThat(node.changes().stream().mapToInt(c -> c.created().size()).sum())
                .as("told as new")
                .isLessThanOrEqualTo(1);
        assertThat(node.changes().stream().mapToInt(c -> c.destroyed().size()).sum())
                .isEqualTo(1);
    }

    private List<Long> ids() {
        return node.jdbc
                .sql("select id from message where account_id = ?")
                .param(account)
                .query(Long.class)
                .list();
    }

    @Test
    void moreNewsThanAtOnceIsFilledIn() {
        anna.holds(3);
        var inbox = node.fills(account, INBOX);
        anna.holds(700);
        node.refresh(inbox.key());
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(703);
    }

    @Test
    void aForgottenStateIsReadAnewWithoutNoise() {
        anna.holds(30);
        var inbox = node.fills(account, INBOX);
        store.forgetsStates(INBOX);
        store.expunges(INBOX, store.messages(INBOX).getFirst().id());
        store.holds(Mails.plain("one more"));
        node.events.clear();
        node.refresh(inbox.key());
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.changes()).hasSize(1).first().satisfies(change -> {
            assertThat(change.created()).hasSize(1);
            assertThat(change.destroyed()).hasSize(1);
        });
    }

    @Test
    void aMoveThroughUsKeepsOurIds() {
        var hello = store.holds(Mails.plain("Hello"));
        var inbox = node.fills(account, INBOX);
        var archive = node.mailbox(account, "Archive");
        Mirror.awaitEqual(node.jdbc, account, store);
        var id = Mirror.ids(node.jdbc, account, INBOX).values().iterator().next();

        moves(inbox, archive, hello);
        node.refresh(inbox.key());
        node.refresh(archive.key());

        assertThat(Mirror.ids(node.jdbc, account, "Archive").values()).containsExactly(id);
        Mirror.assertEqual(node.jdbc, account, store);
    }

    @Test
    void aMoveThroughUsKeepsOurIdsEvenWhereTheProviderTellsNoNewOnes() {
        store.hidesNewIds();
        aMoveThroughUsKeepsOurIds();
    }

    @Test
    void aMessageMovedThroughUsAndMarkedElsewhereIsMarkedInTheIndex() {
        var hello = store.holds(Mails.plain("Hello"));
        var inbox = node.fills(account, INBOX);
        var archive = node.mailbox(account, "Archive");
        Mirror.awaitEqual(node.jdbc, account, store);
        moves(inbox, archive, hello);
        store.marks("Archive", store.messages("Archive").getFirst().id(), Keyword.SEEN);

        node.refresh(archive.key());

        Mirror.assertEqual(node.jdbc, account, store, "Archive");
        assertThat(node.mailbox(account, "Archive").unread()).isZero();
    }

    @Test
    void aMailboxMadeAnewUnderItsOldNameShowsWhatIsInItNow() {
        store.createMailbox("Projects");
        for (var subject : List.of("one", "two", "three", "four")) {
            store.holds("Projects", Mails.plain(subject));
        }
        node.fills(account, "Projects");
        var before = Mirror.ids(node.jdbc, account, "Projects");
        store.deleteMailbox("Projects");
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("other"), Keyword.FLAGGED);
        store.holds("Projects", Mails.plain("three"), Keyword.SEEN);
        store.holds("Projects", Mails.plain("one"));

        node.refresh(node.mailbox(account, "Projects").key());

        Mirror.assertEqual(node.jdbc, account, store, "Projects");
        assertThat(node.mailbox(account, "Projects").unread()).isEqualTo(2);
        var after = Mirror.ids(node.jdbc, account, "Projects");
        after.keySet().removeIf(id -> !before.containsKey(id));
        assertThat(after).hasSize(2).allSatisfy((id, our) -> assertThat(before).containsEntry(id, our));
    }

    @Test
    void ourIdsOutliveNewOnesThoughOneMessageCameInUnderThem() {
        var hello = store.holds(Mails.plain("Hello"));
        for (var subject : List.of("one", "two", "three")) {
            store.holds("Archive", Mails.plain(subject));
        }
        var inbox = node.fills(account, INBOX);
        var archive = node.mailbox(account, "Archive");
        var before = Mirror.ids(node.jdbc, account, "Archive");
        store.renumbers("Archive");
        moves(inbox, archive, hello);

        node.refresh(archive.key());

        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, "Archive")).hasSize(4).containsAllEntriesOf(before);
    }

    private void moves(Mailbox from, Mailbox to, RemoteId... ids) {
        node.sync.holding(
                () -> {
                    var newIds =
                            node.provider.with(account, s -> s.move(from.remoteName(), List.of(ids), to.remoteName()));
                    node.local.moved(from.key(), to.key(), List.of(ids), newIds);
                    return 0;
                },
                from.key(),
                to.key());
    }

    @Test
    void keywordsChangedThroughUsAreCounted() {
        anna.holds(3);
        var inbox = node.fills(account, INBOX);
        var ids = ids();
        var remote = store.messages(INBOX).stream().map(RemoteMessage::id).toList();
        node.events.clear();
        node.local.keywords(inbox.key(), remote, Set.of(Keyword.SEEN, new Keyword("work")), Set.of(Keyword.FLAGGED));
        assertThat(node.mailbox(account, INBOX).unread()).isZero();
        assertThat(node.changes().getFirst().updated()).containsExactlyInAnyOrderElementsOf(ids);
        node.local.keywords(inbox.key(), remote, Set.of(Keyword.SEEN), Set.of());
        assertThat(node.changes()).as("nothing changed the second time").hasSize(1);
        node.local.keywords(inbox.key(), remote.subList(0, 1), Set.of(), Set.of(Keyword.SEEN));
        assertThat(node.mailbox(account, INBOX).unread()).isEqualTo(1);
    }

    @Test
    void deletingThroughUsIsCounted() {
        var hello = store.holds(Mails.plain("Hello"));
        var inbox = node.fills(account, INBOX);
        node.local.deleted(inbox.key(), List.of(hello, new RemoteId(4711)));
        assertThat(node.mailbox(account, INBOX).total()).isZero();
        assertThat(node.mailbox(account, INBOX).unread()).isZero();
    }

    @Test
    void aMailboxThatWasAwayForAMomentIsFilledWhenItIsBack() {
        store.createMailbox("Projects");
        node.tree.known(account);
        store.deleteMailbox("Projects");
        node.filling.wake(account);
        Mirror.await(() -> node.mailbox(account, "Trash").complete() && !node.filling.isBusy(account));
        assertThat(node.mailbox(account, "Projects").complete()).isFalse();
        store.createMailbox("Projects");
        store.holds("Projects", Mails.plain("within"));

        node.filling.wake(account);

        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void aRestartInMidFillingGoesOnWithWhatIsMissing() {
        anna.holds(600);
        node.tree.known(account);
        var inbox = node.sync.firstPage(node.mailbox(account, INBOX));
        // As far as a crash would leave it: compared, one chunk in.
        var missing = node.sync.compare(inbox.key());
        var read = node.mailbox(account, INBOX);
        var rows = store.messages(INBOX).stream()
                .filter(m -> missing.subList(0, 300).contains(m.id()))
                .toList();
        node.syncWrites.fill(inbox.key(), read.state(), new RowBatch(account, rows));
        node.close();
        var gone = store.messages(INBOX).getLast();
        store.expunges(INBOX, gone.id());
        store.holds(Mails.plain("meanwhile"));

        try (var next = anna.anotherNode()) {
            var kept = Mirror.ids(next.jdbc, account, INBOX);
            assertThat(kept)
                    .hasSize(300 + MailboxSync.FIRST_PAGE)
                    .containsKey(gone.envelope().messageId());
            kept.remove(gone.envelope().messageId());
            next.filling.wake(account);
            Mirror.awaitEqual(next.jdbc, account, store);
            assertThat(Mirror.ids(next.jdbc, account, INBOX)).containsAllEntriesOf(kept);
        }
    }

    @Test
    void whatChangesWhileAChunkIsFetchedIsNotLost() {
        anna.holds(100);
        node.tree.known(account);
        var inbox = node.sync.firstPage(node.mailbox(account, INBOX));
        var missing = node.sync.compare(inbox.key());
        var then = node.mailbox(account, INBOX);
        var fetched = store.messages(INBOX).stream()
                .filter(m -> missing.contains(m.id()))
                .toList();
        store.marks(INBOX, missing.getFirst(), Keyword.SEEN);
        store.expunges(INBOX, missing.get(1));
        node.sync.refresh(inbox.key());

        var outcome = node.syncWrites.fill(inbox.key(), then.state(), new RowBatch(account, fetched));
        assertThat(outcome).isEqualTo(SyncWrites.Chunk.OVERTAKEN);
        node.sync.refresh(inbox.key());
        node.syncWrites.filled(inbox.key());

        Mirror.assertEqual(node.jdbc, account, store, INBOX);
        assertThat(node.mailbox(account, INBOX).unread()).isEqualTo(98);
    }

    @Test
    void aMailboxThatCannotBeReadNowHidesNoNewsOfTheOthers() {
        anna.holds(3);
        node.fills(account, INBOX);
        Mirror.awaitEqual(node.jdbc, account, store);
        store.holds(Mails.plain("new"));
        store.holds("Archive", Mails.plain("filed"));
        store.failsAt("changes INBOX", 1, new UpstreamException.TimedOut("it dawdles", null));

        assertThatThrownBy(() -> node.freshness.catchUp(account)).isInstanceOf(UpstreamException.TimedOut.class);

        Mirror.assertEqual(node.jdbc, account, store, "Archive");
        assertThat(node.mailboxes.staleSince(account)).isEmpty();
        node.freshness.catchUp(account);
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
    }

    @Test
    void aProviderThatIsDownLeavesTheIndexReadableAndStale() {
        anna.holds(3);
        var inbox = node.fills(account, INBOX);
        anna.upstream.goesDown();
        assertThatThrownBy(() -> node.sync.refresh(inbox.key())).isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(node.mailboxes.staleSince(account)).isPresent();
        assertThat(node.freshness.lookedAt(inbox).total()).isEqualTo(3);
        assertThat(node.mailboxes.list(ANNA, account)).isNotEmpty();
        anna.upstream.comesBack();
        node.sync.refresh(inbox.key());
        assertThat(node.mailboxes.staleSince(account)).isEmpty();
    }

    @Test
    void oddMessagesGetRowsLikeAllOthers() {
        store.holds(Mails.plain("nul").header("Subject", "=?utf-8?B?YQBi?=").header("From", "\u0000 <a\u0000@b>"));
        store.holds(Mails.plain("long id").messageId("x".repeat(5000) + "@example.org"));
        store.holds(Mails.plain("far future").header("Date", "Fri, 1 Jan 999999 00:00:00 +0000"));
        store.holds(Mails.plain("many").header("References", "<r@x> ".repeat(3000)));
        store.holds(Mails.plain("x".repeat(100_000)));
        store.receives(INBOX, new byte[0], java.time.Instant.parse("+40000-01-01T00:00:00Z"), Set.of());
        node.fills(account, INBOX);
        assertThat(node.mailbox(account, INBOX).total()).isEqualTo(6);
        assertThat(ids()).hasSize(6);
    }

    /** The provider's answers to FETCH are garbled by one message, and give nothing for another. */
    private GarblingUpstream garbling(RemoteId garbled, RemoteId silent) {
        return new GarblingUpstream(anna.upstream, garbled, silent);
    }

    @Test
    void aMessageThatGarblesTheConversationHasABareRowAndHidesNoOther() {
        anna.holds(300);
        var all = store.messages(INBOX);
        var garbled = all.get(100).id();
        var silent = all.get(120).id();
        try (var other = anna.anotherNode(garbling(garbled, silent))) {
            other.fills(account, INBOX);
            assertThat(other.mailbox(account, INBOX).total()).isEqualTo(300);
            assertThat(Mirror.rows(other.jdbc, account, INBOX))
                    .extracting(Mirror.Seen::remoteId)
                    .containsExactlyElementsOf(
                            all.stream().map(m -> m.id().value()).toList());
        }
    }

    @Test
    void whatIsNumberedAnewWhileItIsReadHasNoBareRow() {
        anna.holds(300);
        var silent = store.messages(INBOX).get(120).id();
        var times = new AtomicInteger();
        var renumbered = garbling(new RemoteId(9999), silent).whenSilent(() -> {
            if (times.incrementAndGet() == 2) {
                store.renumbers(INBOX);
            }
        });
        try (var other = anna.anotherNode(renumbered)) {
            other.fills(account, INBOX);
            assertThat(times).hasValue(2);
            Mirror.assertEqual(other.jdbc, account, store);
        }
    }

    @Test
    void aNewestMessageThatGarblesTheConversationHidesNoOther() {
        anna.holds(10);
        var garbled = store.messages(INBOX).getLast().id();
        try (var other = anna.anotherNode(garbling(garbled, new RemoteId(9999)))) {
            other.fills(account, INBOX);
            assertThat(other.mailbox(account, INBOX).total()).isEqualTo(10);
            assertThat(Mirror.rows(other.jdbc, account, INBOX)).hasSize(10);
        }
    }

    @Test
    void anArrivalThatGarblesTheConversationDoesNotHideTheNext() {
        anna.holds(5);
        var garbled = new RemoteId(store.messages(INBOX).getLast().id().value() + 1);
        try (var other = anna.anotherNode(garbling(garbled, new RemoteId(9999)))) {
            var inbox = other.fills(account, INBOX);
            assertThat(store.holds(Mails.plain("bad"))).isEqualTo(garbled);
            store.holds(Mails.plain("good"));
            other.refresh(inbox.key());
            assertThat(other.mailbox(account, INBOX).total()).isEqualTo(7);
            assertThat(Mirror.rows(other.jdbc, account, INBOX))
                    .extracting(Mirror.Seen::subject)
                    .contains("good", "");
        }
    }
}
