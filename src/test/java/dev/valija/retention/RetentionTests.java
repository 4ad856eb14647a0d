package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.retention.Rule.SetBy;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages leave when their time is over, whatever users, other programs and clocks do meanwhile. */
class RetentionTests extends RetentionCase {

    @Test
    void whatIsOldLeavesAfterTheTimeOfGraceAndWhatIsNewStays() {
        holds("INBOX", "Old", Duration.ofDays(200));
        holds("INBOX", "New", DAY);
        rule("INBOX", 90);
        assertThat(leavesAt("Old")).isEqualTo(clock.instant().plus(GRACE));
        assertThat(leavesAt("New")).isNull();
        passes(GRACE.minusHours(1));
        assertThat(in("INBOX")).containsExactly("New", "Old");
        passes(Duration.ofHours(1));
        assertThat(in("INBOX")).containsExactly("New");
        assertThat(in("Trash")).containsExactly("Old");

        passes(Duration.ofDays(82).minusHours(1));
        assertThat(in("INBOX")).containsExactly("New");
        passes(Duration.ofHours(1));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void whatIsMovedElsewhereStaysThere() {
        store.createMailbox("Work");
        holds("INBOX", "Plan", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(Duration.ofDays(6));
        moves("Plan", "Work");
        assertThat(leavesAt("Plan")).isNull();
        passes(Duration.ofDays(100));
        assertThat(in("Work")).containsExactly("Plan");
        assertThat(store.messages("Trash")).isEmpty();
    }

    @Test
    void whatIsMovedBackBeginsAnew() {
        store.createMailbox("Work");
        holds("Work", "Plan", Duration.ofDays(500));
        rule("INBOX", 90);
        passes(DAY);
        moves("Plan", "INBOX");
        passes(Duration.ofDays(89));
        assertThat(in("INBOX")).containsExactly("Plan");
        passes(Duration.ofDays(6));
        assertThat(in("Trash")).containsExactly("Plan");
    }

    @Test
    void whatIsPinnedOrFlaggedStaysAndHasTheTimeOfGraceWhenLetGo() {
        holds("INBOX", "Pinned", Duration.ofDays(200), Keyword.PINNED);
        holds("INBOX", "Flagged", Duration.ofDays(200), Keyword.FLAGGED);
        rule("INBOX", 90);
        passes(Duration.ofDays(30));
        assertThat(in("INBOX")).containsExactly("Flagged", "Pinned");
        unmarks("Pinned", Keyword.PINNED);
        passes(Duration.ofDays(6));
        assertThat(in("INBOX")).containsExactly("Flagged", "Pinned");
        passes(Duration.ofDays(6));
        assertThat(in("INBOX")).containsExactly("Flagged");

        node.retention.set(anna, reads("INBOX"), 90, false);
        passes(Duration.ofDays(12));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void whatIsPinnedByAnotherProgramAtTheLastMomentStays() {
        holds("INBOX", "Pinned", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(GRACE.minusHours(1));
        store.marks("INBOX", store.messages("INBOX").getFirst().id(), Keyword.PINNED);
        passes(Duration.ofDays(5));
        assertThat(in("INBOX")).containsExactly("Pinned");
    }

    @Test
    void fromTrashItIsDeletedForEverCountedFromWhenItCameThere() {
        holds("Trash", "Thrown away", Duration.ofDays(400));
        rule("Trash", 30);
        passes(Duration.ofDays(29));
        assertThat(in("Trash")).containsExactly("Thrown away");
        passes(DAY);
        assertThat(in("Trash")).isEmpty();
    }

    @Test
    void whatLeftCanBeBroughtBackAndBeginsAnew() {
        holds("INBOX", "Old", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(GRACE);
        var gone = node.departures.departed(anna, account);
        assertThat(gone).singleElement().satisfies(one -> {
            assertThat(one.message()).isEqualTo(key("Old"));
            assertThat(one.mailbox()).isEqualTo(reads("INBOX"));
        });
        var id = key("Old").toString();
        var result = node.departures.bringBack(anna, Set.of(id, account + "-999999", "x", "1-1"));
        assertThat(result.changed()).isOne();
        assertThat(result.failed())
                .hasSize(3)
                .allMatch(failure -> failure.type().equals(Problem.NOT_FOUND.type()));
        assertThat(in("INBOX")).containsExactly("Old");
        assertThat(node.departures.departed(anna, account)).isEmpty();
        assertThat(node.departures.bringBack(anna, Set.of(id)).changed()).isZero();
        passes(Duration.ofDays(89));
        assertThat(in("INBOX")).containsExactly("Old");
    }

    @Test
    void whatThePreviewShowsIsWhatGoes() {
        for (int i = 0; i < 60; i++) {
            holds("INBOX", "Old " + i, Duration.ofDays(100 + i));
        }
        holds("INBOX", "Soon", Duration.ofDays(84));
        holds("INBOX", "Pinned", Duration.ofDays(200), Keyword.PINNED);
        holds("INBOX", "New", DAY);
        var inbox = reads("INBOX");
        var preview = node.retention.preview(anna, inbox, 90, true);
        assertThat(preview.count()).isEqualTo(61);
        assertThat(preview.total()).isEqualTo(63);
        assertThat(preview.actsAt()).isEqualTo(clock.instant().plus(GRACE));
        assertThat(preview.first()).hasSize(50);
        assertThat(preview.first().getFirst().subject()).isEqualTo("Old 59");
        assertThat(jdbc.sql("select count(*) from retention_stay where account_id = ?")
                        .param(account)
                        .query(Integer.class)
                        .single())
                .isZero();
        rule("INBOX", 90);
        assertThat(node.retention.get(anna, inbox).leaving()).isEqualTo(61);
        passes(GRACE);
        assertThat(in("INBOX")).containsExactly("New", "Pinned");
    }

    @Test
    void aStricterRuleIsAnnouncedAnew() {
        holds("INBOX", "Mail", Duration.ofDays(60));
        rule("INBOX", 90);
        passes(Duration.ofDays(10));
        rule("INBOX", 30);
        passes(Duration.ofDays(6));
        assertThat(in("INBOX")).containsExactly("Mail");
        passes(DAY);
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void aRuleThatIsTakenAwayTakesNothing() {
        holds("INBOX", "Old", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(Duration.ofDays(6));
        node.retention.clear(anna, reads("INBOX"));
        passes(Duration.ofDays(100));
        assertThat(in("INBOX")).containsExactly("Old");
        assertThat(due()).as("nobody looks after it any more").isZero();
        assertThat(jdbc.sql("select count(*) from retention_visit where account_id = ?")
                        .param(account)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void theOperatorsRuleHoldsUntilTheUserSaysOtherwise() {
        node.close();
        operator = new RetentionProperties(
                GRACE, 90, null, null, true, Map.of("example.org", new RetentionProperties.Days(60, null, null)));
        node = anotherNode();
        holds("INBOX", "Old", Duration.ofDays(70));
        var inbox = reads("INBOX");
        var rule = node.retention.get(anna, inbox).rule();
        assertThat(rule.afterDays()).isEqualTo(60);
        assertThat(rule.setBy()).isEqualTo(SetBy.OPERATOR);
        node.visits.begin(account, clock.instant());
        alarmsGoOff();
        assertThat(leavesAt("Old")).isNotNull();
        node.retention.set(anna, inbox, null, true);
        passes(Duration.ofDays(30));
        assertThat(in("INBOX")).containsExactly("Old");
        assertThat(node.retention.list(anna, account))
                .singleElement()
                .satisfies(
                        standing -> assertThat(standing.rule().operatorDays()).isEqualTo(60));
        node.retention.clear(anna, inbox);
        passes(Duration.ofDays(12));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void ofAMailboxThatIsDeletedAndMadeAgainNobodyHasSaidAnything() {
        store.createMailbox("Lists");
        holds("Lists", "Old", DAY);
        rule("Lists", 1);
        store.deleteMailbox("Lists");
        node.seen.mailboxes().catchUp(account);
        passes(DAY);
        store.createMailbox("Lists");
        holds("Lists", "Another", DAY);
        node.seen.mailboxes().catchUp(account);
        reads("Lists");
        assertThat(node.retention.list(anna, account)).isEmpty();
        passes(Duration.ofDays(30));
        assertThat(in("Lists")).containsExactly("Another");
    }

    @Test
    void whatIsMadeAnewBeforeAnybodyLooksHasNoRuleEither() {
        store.createMailbox("Lists");
        holds("Lists", "Old", DAY);
        rule("Lists", 1);
        store.deleteMailbox("Lists");
        node.seen.mailboxes().catchUp(account);
        store.createMailbox("Lists");
        holds("Lists", "Another", DAY);
        node.seen.mailboxes().catchUp(account);
        reads("Lists");
        passes(Duration.ofDays(30));
        assertThat(in("Lists")).containsExactly("Another");
    }

    @Test
    void whatOthersDoAboutTrashFollowsTrash() {
        node.close();
        operator = new RetentionProperties(GRACE, null, 30, null, true, Map.of());
        node = anotherNode();
        holds("Trash", "Kept", DAY);
        node.retention.set(anna, reads("Trash"), null, true);
        alarmsGoOff();
        store.renameMailbox("Trash", "Bin");
        node.seen.mailboxes().catchUp(account);
        reads("Bin");
        passes(Duration.ofDays(60));
        assertThat(in("Bin")).containsExactly("Kept");
    }

    @Test
    void oneThatTheServerWillNotLetGoHoldsBackNoOther() {
        for (int i = 0; i < 5; i++) {
            holds("INBOX", "Old " + i, Duration.ofDays(200));
        }
        rule("INBOX", 90);
        passes(GRACE.minusHours(1));
        store.failsAt("move INBOX", 1, new UpstreamException.NotSupported("no", null));
        passes(Duration.ofHours(1));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void aMailboxKeepsItsRuleWhenItIsRenamed() {
        store.createMailbox("Lists");
        holds("Lists", "Old", DAY);
        rule("Lists", 30);
        node.close();
        node = anotherNode();
        var lists = reads("Lists");
        store.renameMailbox("Lists", "News");
        node.seen.mailboxes().catchUp(account);
        assertThat(node.retention.list(anna, account)).hasSizeLessThanOrEqualTo(1);
        passes(Duration.ofDays(40));
        // Where the provider does not tell that it is the same mailbox, nothing is known of it, and all stays.
        if (node.seen.mailboxes().find(lists).isPresent()) {
            assertThat(in("News")).isEmpty();
        } else {
            assertThat(in("News")).containsExactly("Old");
        }
    }

    @Test
    void withTheIndexLostNothingLeavesSooner() {
        holds("INBOX", "Old", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(Duration.ofDays(6));
        node.seen.loses(account);
        reads("INBOX");
        passes(Duration.ofDays(6));
        assertThat(in("INBOX")).containsExactly("Old");
        assertThat(node.retention.get(anna, reads("INBOX")).rule().afterDays()).isEqualTo(90);
        passes(Duration.ofDays(90));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void whatTheProviderCallsOtherwiseIsNotTouched() {
        holds("INBOX", "Old", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(GRACE.minusHours(1));
        store.mistakesRow(store.messages("INBOX").getFirst().id(), Mails.plain("Another's"));
        clock.passes(Duration.ofHours(1));
        alarmsGoOff();
        assertThat(store.messages("Trash")).isEmpty();
        assertThat(store.messages("INBOX")).hasSize(1);
    }

    @Test
    void aClockThatIsAheadForDaysTakesNothing() {
        holds("INBOX", "Mail", Duration.ofDays(10));
        rule("INBOX", 90);
        passes(DAY);
        clock.passes(Duration.ofDays(3650));
        alarmsGoOff();
        assertThat(in("INBOX")).containsExactly("Mail");
        passes(Duration.ofDays(5));
        assertThat(in("INBOX")).containsExactly("Mail");
        clock.passes(Duration.ofDays(-3655));
        node.visits.changed(account, clock.instant());
        alarmsGoOff();
        passes(Duration.ofDays(70));
        assertThat(in("INBOX")).containsExactly("Mail");
        passes(Duration.ofDays(30));
        assertThat(in("INBOX")).isEmpty();
    }

    @Test
    void aProviderThatIsAwayIsTriedAgain() {
        holds("INBOX", "Old", Duration.ofDays(200));
        rule("INBOX", 90);
        passes(Duration.ofDays(6));
        store.failsWith(new UpstreamException.Unavailable("away", null));
        clock.passes(DAY);
        alarmsGoOff();
        assertThat(in("INBOX")).containsExactly("Old");
        store.failsWith(null);
        passes(DAY);
        assertThat(in("INBOX")).isEmpty();
        assertThat(in("Trash")).containsExactly("Old");
    }

    @Test
    void hundredsLeaveInBatches() {
        for (int i = 0; i < 450; i++) {
            holds("INBOX", "Old " + i, Duration.ofDays(200));
        }
        rule("INBOX", 90);
        passes(GRACE);
        assertThat(in("INBOX")).isEmpty();
        assertThat(store.messages("Trash")).hasSize(450);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3651, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void whatIsNoTimeIsRefused(int days) {
        var inbox = reads("INBOX");
        assertThatThrownBy(() -> node.retention.set(anna, inbox, days, true))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_REQUEST));
        assertThatThrownBy(() -> new RetentionProperties(GRACE, days, null, null, true, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(node.retention.list(anna, account)).isEmpty();
    }

    @Test
    void draftsAreNotForARule() {
        var drafts = reads("Drafts");
        assertThatThrownBy(() -> node.retention.set(anna, drafts, 90, true))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.OPERATION_NOT_SUPPORTED));
    }

    @Test
    void nobodySeesAnothersMailboxes() {
        var inbox = reads("INBOX");
        var other = new UserId(anna.value() + 1_000_000);
        List.<ThrowingCallable>of(
                        () -> node.retention.get(other, inbox),
                        () -> node.retention.set(other, inbox, 90, true),
                        () -> node.retention.clear(other, inbox),
                        () -> node.retention.preview(other, inbox, 90, true),
                        () -> node.retention.list(other, account),
                        () -> node.departures.foreseen(other, account),
                        () -> node.departures.departed(other, account))
                .forEach(call -> assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.problem()).isEqualTo(Problem.NOT_FOUND)));
    }
}
