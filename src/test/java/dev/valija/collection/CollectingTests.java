package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.collection.MailCollection.Policy;
import dev.valija.collection.MailCollection.Side;
import dev.valija.problem.Problem;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectingTests extends CollectionCase {
    private static final String ONE = text(Mails.plain("one"));
    private static final String TWO = text(Mails.plain("two"));
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void whatIsThereIsStoredAndDeleted() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        collects(0);
        alarmsGoOff(node);

        assertThat(held("INBOX")).containsExactly(ONE, TWO);
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(states()).containsExactly("GONE", "GONE");
        var now = now();
        assertThat(now.pass()).isEqualTo(new MailCollection.Pass(false, 2, 2, 2, 0));
        assertThat(now.outcome()).isEqualTo(new MailCollection.Outcome(clock.instant(), null, null));
        assertThat(now.nextAt()).isEqualTo(clock.instant().plus(INTERVAL));
    }

    @Test
    void itIsReceivedWhenItsHeaderSays() {
        maildrop.holds(octets("Received: from a by b; Tue, 3 Feb 2026 11:00:00 +0100\r\nSubject: x\r\n\r\nHello\r\n"));
        collects(0);
        alarmsGoOff(node);
        assertThat(store.messages("INBOX").getFirst().receivedAt()).isEqualTo(Instant.parse("2026-02-03T10:00:00Z"));
        assertThat(store.messages("INBOX").getFirst().keywords()).isEmpty();
    }

    @Test
    void whatIsKeptAtTheServerIsTakenOnce() {
        maildrop.holds(octets(ONE));
        collects(null);
        alarmsGoOff(node);
        maildrop.holds(octets(TWO));
        passes(INTERVAL);
        passes(DAY.multipliedBy(500));

        assertThat(held("INBOX")).containsExactly(ONE, TWO);
        assertThat(maildrop.uidls()).hasSize(2);
        assertThat(maildrop.calls())
                .filteredOn(call -> call.startsWith("retrieve"))
                .hasSize(2);
    }

    @Test
    void itIsDeletedAfterItsDays() {
        maildrop.holds(octets(ONE));
        collects(7);
        alarmsGoOff(node);
        passes(DAY.multipliedBy(6));
        maildrop.holds(octets(TWO));
        passes(INTERVAL);
        assertThat(maildrop.uidls()).hasSize(2);
        passes(DAY);
        assertThat(maildrop.uidls()).containsExactly("u2");
        passes(DAY.multipliedBy(6));
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(held("INBOX")).containsExactly(ONE, TWO);
    }

    @Test
    void anotherPolicyHoldsForWhatIsStoredAlready() {
        maildrop.holds(octets(ONE));
        collects(null);
        alarmsGoOff(node);
        changes(new Policy(0, INTERVAL, false));
        passes(SPACING);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void whoKeepsItAfterAllHasNothingDeletedThatIsNotGone() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        collects(0);
        maildrop.meanwhile(() -> {
            if (!held("INBOX").isEmpty() && now().policy().keepDays() != null) {
                changes(new Policy(null, INTERVAL, false));
            }
        });
        alarmsGoOff(node);
        passes(Duration.ofMinutes(20));
        assertThat(maildrop.uidls()).hasSize(2);
        assertThat(held("INBOX")).containsExactly(ONE, TWO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aServerThatNumbersAnewChangesNothing(int days) {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        collects(days == 0 ? null : days);
        alarmsGoOff(node);
        maildrop.renumbers();
        passes(INTERVAL);
        maildrop.renumbers();
        passes(INTERVAL);
        assertThat(held("INBOX")).containsExactly(ONE, TWO);
        assertThat(maildrop.uidls()).hasSize(2);
        if (days > 0) {
            passes(DAY);
            assertThat(maildrop.uidls()).isEmpty();
        }
    }

    @Test
    void messagesWithoutNamesAreKnownByTheirOctets() {
        maildrop.holds(null, octets(ONE));
        maildrop.holds(null, octets(TWO));
        maildrop.holds("same", octets(text(withoutId("three"))));
        maildrop.holds("same", octets(text(withoutId("four"))));
        collects(1);
        alarmsGoOff(node);
        passes(INTERVAL);
        assertThat(held("INBOX")).hasSize(4).doesNotHaveDuplicates();
        assertThat(maildrop.uidls()).hasSize(4);
        passes(DAY);
        passes(INTERVAL);
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(held("INBOX")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoThatAreAlikeOneIsStoredAndOneDeleted(boolean named) {
        maildrop.holds(named ? "a" : null, octets(ONE));
        maildrop.holds(named ? "b" : null, octets(ONE));
        collects(0);
        alarmsGoOff(node);
        passes(INTERVAL);
        passes(INTERVAL);
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(maildrop.uidls()).hasSize(1);
    }

    /** The mailbox that is collected into is the one that is collected from. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whoCollectsFromTheirOwnInboxLosesNothing(int days) {
        maildrop.holds(octets(ONE));
        collects(days);
        alarmsGoOff(node);
        maildrop.holds(octets(ONE)); // what was stored is there as well
        for (int i = 0; i < 5; i++) {
            passes(DAY);
        }
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(maildrop.uidls()).containsExactly("u2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNameThatIsGivenAgainIsThatOfAnother(boolean gone) {
        maildrop.holds("1", octets(ONE));
        collects(gone ? 0 : 1);
        alarmsGoOff(node);
        if (gone) {
            maildrop.holds("1", octets(TWO + "longer\r\n"));
        } else {
            maildrop.reuses("1", octets(TWO + "longer\r\n"));
        }
        passes(INTERVAL);
        assertThat(held("INBOX")).containsExactly(ONE, TWO + "longer\r\n");
        if (!gone) {
            passes(DAY.minus(INTERVAL));
            assertThat(maildrop.uidls()).as("its day has not come").hasSize(1);
            passes(INTERVAL);
        }
        assertThat(maildrop.uidls()).isEmpty();
    }

    /** The name and the size are all that a server tells of a message: before it is deleted it is looked at again. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneOfTheSameNameAndSizeIsNotDeletedUnseen(int keepDays) {
        var other = ONE.replace('e', 'o');
        maildrop.holds("1", octets(ONE));
        collects(1);
        alarmsGoOff(node);
        maildrop.reuses("1", octets(other));
        changes(new Policy(keepDays, INTERVAL, false));
        passes(DAY.plus(INTERVAL));
        assertThat(held("INBOX")).containsExactlyInAnyOrder(ONE, other);
        passes(DAY.plus(INTERVAL));
        assertThat(maildrop.uidls()).isEmpty();
    }

    /** As servers on mbox files do, which write into a message that it has been fetched. */
    @Test
    void whatTheServerNotesInAMessageMakesItNoOther() {
        maildrop.onDelete(octets -> {}); // what is deleted has other octets than what is stored
        maildrop.holds("1", octets(ONE));
        collects(1);
        alarmsGoOff(node);
        maildrop.reuses("1", octets("X-UIDL: 17\r\nStatus: RO\r\n" + ONE));
        passes(DAY.plus(INTERVAL));
        passes(INTERVAL);
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void oneThatBreaksTheMailboxDoesNotHoldBackTheOthers() {
        maildrop.holds("1", octets(ONE));
        maildrop.holds("2", octets(TWO));
        collects(null);
        store.failsAt("append INBOX", 1, new UpstreamException.Unavailable("gone", null));
        alarmsGoOff(node);
        store.failsAt("append INBOX", 1, new UpstreamException.Unavailable("gone", null));
        passes(Duration.ofMinutes(5));
        passes(Duration.ofMinutes(30));
        assertThat(held("INBOX")).contains(TWO);
    }

    @Test
    void aMaildropWithAnotherNameIsAnotherMaildrop() {
        maildrop.holds("1", octets(ONE));
        collects(null);
        alarmsGoOff(node);
        var other = upstream.maildrop("other", "p");
        other.holds("1", octets(TWO.substring(0, TWO.length() - 2).replace("two", "2wo") + "\r\n"));
        var old = now();
        var source = new MailCollection.Source(
                dev.valija.support.FakeUpstream.POP3, "other", node.passwords.seal(anna, "p"));
        node.rows.update(old, source, old.target(), new Policy(0, INTERVAL, false), clock.instant());
        alarmsGoOff(node);
        assertThat(held("INBOX")).hasSize(2);
        assertThat(maildrop.uidls()).hasSize(1);
    }

    @Test
    void aMailboxThatIsFullIsToldAndNothingIsDeleted() {
        maildrop.holds(octets(ONE));
        collects(0);
        store.isFull();
        alarmsGoOff(node);
        assertThat(now().outcome())
                .isEqualTo(new MailCollection.Outcome(clock.instant(), Problem.OVER_QUOTA, Side.TARGET));
        assertThat(maildrop.uidls()).hasSize(1);
        assertThat(maildrop.calls()).noneMatch(call -> call.startsWith("delete"));
        assertThat(held("INBOX")).isEmpty();
        assertThat(states()).containsExactly("SEEN");
    }

    @Test
    void whatIsLostOnTheWayToTheMailboxIsLookedForBeforeItIsStoredAgain() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(text(withoutId("two"))));
        collects(0);
        store.breaksOff("append", 1);
        alarmsGoOff(node);
        assertThat(now().outcome().problem()).isEqualTo(Problem.UPSTREAM_UNAVAILABLE);
        assertThat(now().outcome().at()).isEqualTo(Side.TARGET);
        store.breaksOff("append", 1);
        passes(Duration.ofMinutes(2));
        passes(Duration.ofMinutes(4));
        assertThat(held("INBOX")).containsExactly(ONE, text(withoutId("two")));
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void whatIsInDoubtStaysSoWhileTheServerDoesNotGiveIt() {
        maildrop.holds(octets(ONE));
        collects(0);
        store.breaksOff("append", 1);
        alarmsGoOff(node);
        maildrop.refuses("u1");
        passes(Duration.ofMinutes(2));
        assertThat(now().pass().refused()).isOne();
        maildrop.refusesNothing();
        passes(Duration.ofMinutes(121));
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void whatIsInDoubtAndGoneIsAskedForNoMoreOftenThanAllElse() {
        maildrop.holds(octets(ONE));
        collects(0);
        store.breaksOff("append", 1);
        alarmsGoOff(node);
        maildrop.loses("u1");
        passes(Duration.ofMinutes(2));
        assertThat(now().nextAt()).isEqualTo(clock.instant().plus(INTERVAL));
        assertThat(held("INBOX")).containsExactly(ONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageThatTheMailboxDoesNotTakeWaitsAndTheOthersDoNot(boolean named) {
        maildrop.holds(named ? "a" : null, octets(ONE));
        maildrop.holds(octets(TWO));
        collects(0);
        store.failsAt("append INBOX", named ? 1 : 2, new UpstreamException.NotSupported("too large", null));
        alarmsGoOff(node);
        assertThat(held("INBOX")).containsExactly(TWO);
        assertThat(now().pass().refused()).isOne();
        passes(INTERVAL);
        assertThat(held("INBOX")).as("it waits for an hour").containsExactly(TWO);
        passes(Duration.ofHours(1));
        assertThat(held("INBOX")).containsExactly(TWO, ONE);
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(states()).containsOnly("GONE");
    }

    @Test
    void aMailboxThatIsGoneLeavesItToTheInbox() {
        store.createMailbox("Old mail");
        collects("Old mail", 0);
        maildrop.holds(octets(ONE));
        alarmsGoOff(node);
        assertThat(held("Old mail")).containsExactly(ONE);
        store.deleteMailbox("Old mail");
        maildrop.holds(octets(TWO));
        passes(INTERVAL);
        assertThat(held("INBOX")).containsExactly(TWO);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void aMessageThatTheServerDoesNotGiveWaitsAndTheOthersDoNot() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        maildrop.refuses("u1");
        collects(0);
        alarmsGoOff(node);
        assertThat(held("INBOX")).containsExactly(TWO);
        assertThat(maildrop.uidls()).containsExactly("u1");
        assertThat(now().pass().refused()).isOne();
        maildrop.refusesNothing();
        passes(Duration.ofMinutes(61));
        assertThat(held("INBOX")).containsExactly(TWO, ONE);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void aMessageThatEndsEachSessionStandsInNobodysWay() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        collects(0);
        for (int i = 0; i < 2; i++) {
            maildrop.failsAt("retrieve", 1, new UpstreamException.ProtocolViolation("too long a line", null));
            passes(Duration.ofMinutes(3));
        }
        passes(Duration.ofMinutes(10));
        assertThat(held("INBOX")).containsExactly(TWO);
        assertThat(maildrop.uidls()).containsExactly("u1");
    }

    @Test
    void aMessageThatDoesNotEndIsGivenUp() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        collects(0);
        maildrop.meanwhile(() -> clock.passes(Duration.ofMinutes(21)));
        alarmsGoOff(node);
        maildrop.meanwhile(() -> {});
        assertThat(now().outcome().problem()).isEqualTo(Problem.UPSTREAM_TIMEOUT);
        assertThat(held("INBOX")).isEmpty();
    }

    @Test
    void whoHasNotSeenTheLastChangeChangesNothing() {
        collects(0);
        var old = now();
        changes(new Policy(null, INTERVAL, true));
        assertThat(node.rows.update(old, old.source(), old.target(), old.policy(), clock.instant()))
                .isFalse();
        assertThat(now().policy()).isEqualTo(new Policy(null, INTERVAL, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "retrieve", "delete", "quit"})
    void aConnectionThatIsCutIsTriedAgainLater(String command) {
        maildrop.holds(octets(ONE));
        collects(0);
        maildrop.failsAt(command, 1, new UpstreamException.Unavailable("cut", null));
        alarmsGoOff(node);
        assertThat(now().outcome())
                .isEqualTo(new MailCollection.Outcome(clock.instant(), Problem.UPSTREAM_UNAVAILABLE, Side.SOURCE));
        assertThat(maildrop.uidls()).hasSize(1);
        passes(Duration.ofSeconds(50));
        assertThat(maildrop.uidls()).as("a minute at least").hasSize(1);
        passes(Duration.ofSeconds(20));
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(now().outcome().problem()).isNull();
    }

    @Test
    void aPasswordThatIsRefusedIsTriedTwice() {
        maildrop.holds(octets(ONE));
        collects(0);
        upstream.maildrop(OLD, "new secret");
        alarmsGoOff(node);
        for (int i = 0; i < 10; i++) {
            passes(DAY);
        }
        assertThat(upstream.maildropSignIns()).isEqualTo(2);
        assertThat(now().rejected()).isTrue();
        assertThat(now().nextAt()).isNull();

        var old = now();
        node.rows.update(old, source("new secret"), old.target(), old.policy(), clock.instant());
        alarmsGoOff(node);
        assertThat(now().rejected()).isFalse();
        assertThat(held("INBOX")).containsExactly(ONE);
    }

    @Test
    void anAccountWithoutItsPasswordIsWaitedFor() {
        maildrop.holds(octets(ONE));
        collects(0);
        accounts.credentialsRejected(account);
        alarmsGoOff(node);
        assertThat(now().outcome().problem()).isEqualTo(Problem.ACCOUNT_CREDENTIALS_REJECTED);
        assertThat(now().outcome().at()).isEqualTo(Side.TARGET);
        assertThat(now().rejected()).isFalse();
        accounts.accepts(account);
        node.rows.hurry(account, clock.instant());
        alarmsGoOff(node);
        assertThat(held("INBOX")).containsExactly(ONE);
    }

    @Test
    void manyAreStoredInTurnsAndCanBePaused() {
        var all = new ArrayList<String>();
        for (int i = 0; i < 450; i++) {
            var text = text(Mails.plain("mail " + i));
            all.add(text);
            maildrop.holds(octets(text));
        }
        collects(0);
        alarmsGoOff(node);
        assertThat(now().pass()).isEqualTo(new MailCollection.Pass(true, 450, 200, 200, 0));
        assertThat(now().nextAt()).isEqualTo(clock.instant().plus(SPACING));

        var stopped = new ArrayList<>(List.of("once"));
        maildrop.meanwhile(() -> {
            if (now().pass().done() == 300 && !stopped.isEmpty()) {
                stopped.clear();
                changes(new Policy(0, INTERVAL, true));
            }
        });
        passes(SPACING);
        passes(DAY);
        assertThat(held("INBOX")).hasSize(300);
        assertThat(now().pass()).isEqualTo(new MailCollection.Pass(true, 450, 300, 200, 0));

        changes(new Policy(0, INTERVAL, false));
        passes(SPACING);
        passes(SPACING);
        assertThat(held("INBOX")).containsExactlyElementsOf(all);
        assertThat(maildrop.uidls()).isEmpty();
        assertThat(now().pass()).isEqualTo(new MailCollection.Pass(false, 450, 450, 450, 0));
        assertThat(upstream.maildropSignIns()).isLessThanOrEqualTo(4);
    }

    @Test
    void whatIsPausedIsCollectedWhenToldTo() {
        collects(0);
        alarmsGoOff(node);
        changes(new Policy(0, INTERVAL, true));
        maildrop.holds(octets(ONE));
        passes(DAY);
        assertThat(held("INBOX")).isEmpty();
        node.rows.hurry(now(), clock.instant());
        alarmsGoOff(node);
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(now().nextAt()).isNull();
    }

    @Test
    void whatIsWantedWhileASessionGoesOnIsCollectedAfterIt() {
        maildrop.holds(octets(ONE));
        collects(null);
        maildrop.meanwhile(() -> {
            maildrop.meanwhile(() -> {});
            maildrop.holds(octets(TWO));
            node.rows.hurry(now(), clock.instant());
        });
        alarmsGoOff(node);
        assertThat(held("INBOX")).containsExactly(ONE);
        assertThat(now().nextAt()).isEqualTo(clock.instant().plus(SPACING));
        passes(SPACING);
        assertThat(held("INBOX")).containsExactly(ONE, TWO);
        assertThat(now().nextAt()).isEqualTo(clock.instant().plus(INTERVAL));
    }

    @Test
    void alsoWhatIsPausedIsCollectedOnceMore() {
        maildrop.holds(octets(ONE));
        collects(null);
        alarmsGoOff(node);
        changes(new Policy(null, INTERVAL, true));
        passes(SPACING);
        maildrop.holds(octets(TWO));
        node.rows.hurry(now(), clock.instant());
        maildrop.meanwhile(() -> node.rows.hurry(now(), clock.instant()));
        alarmsGoOff(node);
        assertThat(now().nextAt()).isEqualTo(clock.instant().plus(SPACING));
        maildrop.meanwhile(() -> {});
        passes(SPACING);
        assertThat(now().nextAt()).isNull();
    }

    @Test
    void whoeverWantsItWaitsWhereItHasFailed() {
        maildrop.holds(octets(ONE));
        maildrop.failsAt("quit", 1, new UpstreamException.Unavailable("cut", null));
        collects(0);
        maildrop.meanwhile(() -> node.rows.hurry(now(), clock.instant()));
        alarmsGoOff(node);
        maildrop.meanwhile(() -> {});
        assertThat(now().outcome().problem()).isNotNull();
        assertThat(now().nextAt()).isAfter(clock.instant().plus(SPACING));
    }

    @Test
    void whoIsInAHurryWaitsAMomentBetweenSessions() {
        collects(0);
        alarmsGoOff(node);
        for (int i = 0; i < 100; i++) {
            node.rows.hurry(now(), clock.instant());
            passes(Duration.ofSeconds(1));
        }
        assertThat(upstream.maildropSignIns()).isBetween(6, 8);
    }

    @Test
    void whatAnotherProgramHasDeletedIsNotWaitedFor() {
        maildrop.holds(octets(ONE));
        maildrop.holds(octets(TWO));
        maildrop.refuses("u1");
        collects(null);
        alarmsGoOff(node);
        maildrop.loses("u1");
        passes(INTERVAL);
        passes(DAY);
        assertThat(states()).containsExactly("STORED");
    }

    @Test
    void theIndexFollows() {
        collects(0);
        maildrop.holds(octets(ONE));
        alarmsGoOff(node);
        assertThat(node.seen.places().named(account, dev.valija.support.Mail.idOf("one")))
                .hasSize(1);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
