package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.Capability;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves that are broken off: by a lost connection, or by our own end. */
class MovesTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final String ARCHIVE = "Archive";

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private TestNode node = anna.node;
    private Moves moves = movesOf(node);
    private Map<String, Long> idsBefore;

    @BeforeEach
    void start() {
        anna.holds(5);
        node.fills(account, INBOX);
        idsBefore = Mirror.ids(node.jdbc, account, INBOX);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aLostReplyIsResolvedByLookingAndNothingIsAskedTwice() {
        store.breaksOff("move", Integer.MAX_VALUE);

        assertThat(moves.move(all(), archive()).places()).isEmpty();

        assertThat(calls("move")).isEqualTo(1);
        everythingIsOnceInArchive();
    }

    @Test
    void ofAMoveBrokenOffInTheMiddleItIsToldWhatWasLeft() {
        store.breaksOff("move", 2);

        var undone = moves.move(all(), archive());

        assertThat(undone.places()).containsExactlyInAnyOrderElementsOf(inInbox());
        assertThat(undone.places()).hasSize(3);
        assertThat(calls("move")).isEqualTo(1);
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE).values()).hasSize(2).isSubsetOf(idsBefore.values());
    }

    @Test
    void aMoveThatCameToNothingFails() {
        store.breaksOff("move", 0);

        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(UpstreamException.Unavailable.class);

        assertThat(inInbox()).hasSize(5);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @ParameterizedTest
    @CsvSource({"copy,true", "copy,false", "delete,true", "delete,false"})
    void withoutMoveALostReplyLeavesNothingTwice(String step, boolean tellsNewIds) {
        lacksMove(tellsNewIds);
        store.breaksOff(step, Integer.MAX_VALUE);

        assertThat(moves.move(all(), archive()).places()).isEmpty();

        assertThat(calls("copy")).isEqualTo(1);
        everythingIsOnceInArchive();
        assertThat(journal()).isZero();
    }

    @Test
    void withoutMoveACopyInPartIsBroughtToAnEnd() {
        lacksMove(true);
        store.breaksOff("copy", 2);

        assertThat(moves.move(all(), archive()).places()).hasSize(3);

        assertThat(inInbox()).hasSize(3);
        assertThat(store.messages(ARCHIVE)).hasSize(2);
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE).values()).isSubsetOf(idsBefore.values());
    }

    @ParameterizedTest
    @CsvSource({"copy,true", "copy,false", "delete,true", "delete,false"})
    void aMoveThatWeDiedInIsEndedByTheNextStart(String step, boolean tellsNewIds) {
        lacksMove(tellsNewIds);
        store.outlives(step);
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        restart();

        repair();

        assertThat(calls("copy")).isEqualTo(1);
        everythingIsOnceInArchive();
        assertThat(journal()).isZero();
        repair();
        everythingIsOnceInArchive();
    }

    @Test
    void whatIsNotProvenToBeInTheTargetIsNeverRemoved() {
        lacksMove(true);
        store.outlives("copy");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        // Somebody saw them twice meanwhile and threw the copies away.
        store.messages(ARCHIVE).stream().limit(2).forEach(message -> store.expunges(ARCHIVE, message.id()));
        restart();

        repair();

        assertThat(inInbox()).hasSize(2);
        assertThat(store.messages(ARCHIVE)).hasSize(3);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void theNextMoveOfTheAccountEndsTheOneBefore() {
        lacksMove(false);
        store.outlives("copy");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);

        moves.move(all(), archive());

        everythingIsOnceInArchive();
    }

    @Test
    void whatAnotherNodeHasSeenArriveMakesRoomForOurRows() {
        var places = all().places();
        var newIds = store.move(INBOX, places, ARCHIVE);
        node.refresh(archive().key());

        node.local.moved(node.mailbox(account, INBOX).key(), archive().key(), places, newIds);

        everythingIsOnceInArchive();
    }

    @Test
    void whatAnotherNodeHasSeenArriveAndGoIsNotTakenOutOfTheIndex() {
        var places = all().places();
        var newIds = store.move(INBOX, places, ARCHIVE);
        node.refresh(archive().key());
        node.refresh(node.mailbox(account, INBOX).key());
        var seen = Mirror.ids(node.jdbc, account, ARCHIVE);
        node.events.clear();

        node.local.moved(node.mailbox(account, INBOX).key(), archive().key(), places, newIds);

        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE)).isEqualTo(seen);
        assertThat(node.changes()).isEmpty();
    }

    @Test
    void aMoveThatWeDiedInAfterItsLastStepTakesNothingOutOfAnIndexThatHasSeenIt() {
        lacksMove(true);
        store.outlives("delete");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        restart();
        node.refresh(archive().key());
        node.refresh(node.mailbox(account, INBOX).key());
        Mirror.assertEqual(node.jdbc, account, store);
        var seen = Mirror.ids(node.jdbc, account, ARCHIVE);
        node.events.clear();

        repair();

        assertThat(journal()).isZero();
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE)).isEqualTo(seen);
        assertThat(node.changes()).isEmpty();
    }

    @Test
    void aMoveThatIsUnderWayOnAnotherNodeIsLeftToIt() throws Exception {
        lacksMove(true);
        store.holds("Sent", Mails.plain("sent"));
        node.refresh(node.mailbox(account, "Sent").key());
        store.holdsBack("copy INBOX");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var other = anna.anotherNode()) {
            var group = all();
            var first = threads.submit(() -> moves.move(group, archive()));
            try {
                Mirror.await(() -> calls("copy") == 1);
                movesOf(other).move(allOf("Sent"), archive());
                assertThat(journal()).as("what the first has begun").isEqualTo(1);
            } finally {
                store.letsGo();
            }
            assertThat(first.get().places()).isEmpty();
        }
        assertThat(inInbox()).isEmpty();
        assertThat(journal()).isZero();
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE)).containsAllEntriesOf(idsBefore);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileTheProviderIsAwayTheJournalKeepsWhatIsToDo(boolean copied) {
        lacksMove(true);
        store.outlives(copied ? "delete" : "copy");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        store.failsWith(new UpstreamException.Unavailable("down", null));
        repair();
        assertThat(journal()).isEqualTo(1);

        store.failsWith(null);
        repair();
        everythingIsOnceInArchive();
        assertThat(journal()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMoveOfMessagesThatWereNumberedAnewIsNoSuccess(boolean oneStep) {
        if (!oneStep) {
            lacksMove(true);
        }
        store.renumbers(INBOX);

        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(UpstreamException.Renumbered.class);

        assertThat(inInbox()).hasSize(5);
        assertThat(store.messages(ARCHIVE)).isEmpty();
        assertThat(journal()).isZero();
        node.refresh(node.mailbox(account, INBOX).key());
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, INBOX)).isEqualTo(idsBefore);
    }

    @Test
    void whatWasNumberedAnewBeforeItCouldBeRemovedIsKeptTwice() {
        lacksMove(true);
        store.outlives("copy");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        new PendingMoves(node.jdbc)
                .of(account)
                .forEach(pending -> new PendingMoves(node.jdbc).copied(pending, newIds(pending)));
        store.renumbers(INBOX);
        restart();

        repair();

        assertThat(journal()).isZero();
        assertThat(inInbox()).hasSize(5);
        assertThat(store.messages(ARCHIVE)).hasSize(5);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @Test
    void whatWasNumberedAnewBeforeItWasCopiedKeepsItsIds() {
        lacksMove(true);
        store.outlives("copy");
        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(AssertionError.class);
        store.messages(ARCHIVE).forEach(message -> store.expunges(ARCHIVE, message.id()));
        store.renumbers(INBOX);
        restart();

        repair();

        assertThat(journal()).isZero();
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, INBOX)).isEqualTo(idsBefore);
    }

    private Map<RemoteId, RemoteId> newIds(PendingMoves.Pending pending) {
        var copies =
                store.messages(ARCHIVE).stream().map(RemoteMessage::id).sorted().iterator();
        return pending.places().stream().sorted().collect(Collectors.toMap(id -> id, id -> copies.next()));
    }

    @Test
    void aRefusedCopyLeavesNoTrace() {
        lacksMove(true);
        store.isFull();

        assertThatThrownBy(() -> moves.move(all(), archive())).isInstanceOf(UpstreamException.OverQuota.class);

        assertThat(inInbox()).hasSize(5);
        assertThat(journal()).isZero();
    }

    private void restart() {
        node.close();
        node = anna.anotherNode();
        moves = movesOf(node);
    }

    private static Moves movesOf(TestNode node) {
        return new Moves(node.provider, node.sync, node.index, node.local, node.freshness, new PendingMoves(node.jdbc));
    }

    private void repair() {
        new MoveRepair(moves, new PendingMoves(node.jdbc)).repair(Duration.ZERO);
    }

    private void lacksMove(boolean tellsNewIds) {
        store.lacks(Capability.MOVE);
        if (!tellsNewIds) {
            store.hidesNewIds();
        }
    }

    private Selected all() {
        return allOf(INBOX);
    }

    private Selected allOf(String mailbox) {
        var inbox = node.mailbox(account, mailbox);
        var rows = node.jdbc
                .sql("select message_id, remote_id from message_place where account_id = ? and mailbox_id = ?")
                .params(account, inbox.id())
                .query((rs, n) -> Map.entry(rs.getLong(1), new RemoteId(rs.getLong(2))))
                .list();
        return new Selected(
                inbox,
                rows.stream().map(Map.Entry::getValue).toList(),
                rows.stream().map(Map.Entry::getKey).toList());
    }

    private Mailbox archive() {
        return node.mailbox(account, ARCHIVE);
    }

    private void everythingIsOnceInArchive() {
        assertThat(inInbox()).isEmpty();
        assertThat(store.messages(ARCHIVE)).hasSize(5);
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE)).isEqualTo(idsBefore);
    }

    private List<RemoteId> inInbox() {
        return store.messages(INBOX).stream().map(RemoteMessage::id).toList();
    }

    private long calls(String method) {
        return store.calls().stream().filter((method + " " + INBOX)::equals).count();
    }

    private int journal() {
        return node.jdbc
                .sql("select count(*) from pending_move where account_id = ?")
                .param(account)
                .query(Integer.class)
                .single();
    }
}
