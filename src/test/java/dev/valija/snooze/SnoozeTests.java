package dev.valija.snooze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.support.Mails;
import dev.valija.upstream.Capability;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages go out of sight and come back, whatever users and other programs do meanwhile. */
class SnoozeTests extends SnoozeCase {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aMessageGoesAwayAndComesBackUnread() {
        holds("Bill", "Other");
        var id = id("Bill");
        snooze("Bill", HOUR);
        assertThat(held())
                .isEqualTo(Map.of("INBOX", List.of("Other [$seen]"), "Snoozed", List.of("Bill [$seen, $snoozed]")));
        assertThat(((MailStore) store).mailboxes())
                .filteredOn(mailbox -> mailbox.name().equals("Snoozed"))
                .allMatch(mailbox -> mailbox.subscribed());

        passes(HOUR.minusSeconds(1));
        assertThat(held()).containsKey("Snoozed");

        int before = node.seen.changes().size();
        passes(Duration.ofSeconds(1));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill", "Other [$seen]")));
        assertThat(id("Bill")).isEqualTo(id);
        assertThat(snoozed()).isZero();
        var key = MessageKey.parse(id);
        assertThat(node.seen.changes().subList(before, node.seen.changes().size()))
                .as("it is told to be new")
                .anyMatch(change ->
                        change.created().contains(key.id()) && inbox.equals(new MailboxKey(account, change.mailbox())));
    }

    @Test
    void itComesBackToWhereItWas() {
        store.createMailbox("Work");
        store.holds("Work", Mails.plain("Plan"));
        holds();
        snooze("Plan", HOUR);
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("Work", List.of("Plan")));
    }

    @Test
    void whereThatIsGoneItComesToTheInbox() {
        store.createMailbox("Work");
        store.holds("Work", Mails.plain("Plan"));
        holds();
        snooze("Plan", HOUR);
        store.deleteMailbox("Work");
        passes(HOUR);
        passes(Duration.ofMinutes(1));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Plan")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void whereThatIsCalledOtherwiseNowItComesThere() {
        store.createMailbox("Work");
        store.holds("Work", Mails.plain("Plan"));
        store.holds("Work", Mails.plain("Stays"));
        holds();
        snooze("Plan", HOUR);
        store.renameMailbox("Work", "Job");
        node.seen.mailboxes().catchUp(account);
        passes(HOUR);
        passes(Duration.ofMinutes(1));
        assertThat(held()).isEqualTo(Map.of("Job", List.of("Plan", "Stays")));
    }

    @Test
    void snoozingAgainChangesTheTime() {
        holds("Bill");
        snooze("Bill", HOUR);
        snooze("Bill", HOUR.multipliedBy(3));
        passes(HOUR);
        assertThat(held()).containsKey("Snoozed");
        passes(HOUR.multipliedBy(2));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));

        snooze("Bill", HOUR.multipliedBy(3));
        snooze("Bill", HOUR);
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));
    }

    @Test
    void takenBackItIsAsItWas() {
        holds("Bill");
        var id = id("Bill");
        snooze("Bill", HOUR);
        var back = node.snoozes.bringBack(anna, Set.of(id));
        assertThat(back.changed()).isOne();
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]")));
        assertThat(id("Bill")).isEqualTo(id);
        assertThat(snoozed()).isZero();
        assertThat(node.snoozes.bringBack(anna, Set.of(id)).changed())
                .as("it is as asked")
                .isOne();

        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]")));
    }

    @Test
    void whatIsInSnoozedByAnotherHandComesBackToTheInbox() {
        store.createMailbox("Snoozed");
        store.holds("Snoozed", Mails.plain("Put there"));
        store.holds("Snoozed", Mails.plain("Waits"));
        holds();
        node.snoozes.bringBack(anna, Set.of(id("Put there")));
        snooze("Waits", HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Put there"), "Snoozed", List.of("Waits [$snoozed]")));
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Put there", "Waits")));
    }

    @Test
    void whatTheUserHasMovedByHandIsLeftAlone() {
        holds("Bill");
        snooze("Bill", HOUR);
        var archive = node.seen.fills(account, "Archive");
        node.seen.moves().change(List.of(MessageKey.parse(id("Bill"))), new Marks(Set.of(), Set.of()), archive);
        node.rows.left(away(), List.of(MessageKey.parse(id("Bill")).id()), clock.instant());
        passes(Duration.ZERO);
        assertThat(held()).isEqualTo(Map.of("Archive", List.of("Bill [$seen]")));
        assertThat(snoozed()).isZero();

        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("Archive", List.of("Bill [$seen]")));
    }

    @Test
    void whatAnotherProgramHasMovedIsLeftAlone() {
        holds("Bill");
        snooze("Bill", HOUR);
        var there = store.messages("Snoozed").getFirst().id();
        ((MailStore) store).move("Snoozed", List.of(there), "Archive");
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("Archive", List.of("Bill [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void whatAnotherProgramHasDeletedDoesNotComeBack() {
        holds("Bill", "Other");
        snooze("Bill", HOUR);
        store.expunges("Snoozed", store.messages("Snoozed").getFirst().id());
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Other [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void whileTheServerIsAwayItWaitsAndIsNotLost() {
        holds("Bill");
        snooze("Bill", HOUR);
        upstream.goesDown();
        passes(HOUR);
        for (int minute = 0; minute < 5 * 60; minute++) {
            passes(Duration.ofMinutes(1));
        }
        assertThat(snoozed()).isOne();
        assertThat(tries()).as("more and more seldom").isBetween(15, 30);

        upstream.comesBack();
        for (int minute = 0; minute < 16; minute++) {
            passes(Duration.ofMinutes(1));
        }
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));
    }

    @Test
    void aRefusedPasswordIsNotTriedAgainUntilThereIsAnother() {
        holds("Bill");
        snooze("Bill", HOUR);
        upstream.failsWith(new UpstreamException.CredentialsRejected("no", null));
        int before = upstream.signIns();
        passes(HOUR);
        for (int i = 0; i < 48; i++) {
            passes(Duration.ofMinutes(30));
        }
        assertThat(upstream.signIns() - before).isLessThanOrEqualTo(6);
        assertThat(snoozed()).isOne();

        upstream.comesBack();
        accounts.accepts(account);
        node.rows.hurry(account, clock.instant());
        passes(Duration.ZERO);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));
    }

    @Test
    void whatTheServerRefusesIsAsItWas() {
        holds("Bill");
        node.seen.moves().findOrMake(account, MailboxRole.SNOOZED, "Snoozed");
        settles();
        store.failsAt("move INBOX", 1, new UpstreamException.OverQuota("full"));
        assertThatThrownBy(() -> node.snoozes.snooze(anna, Set.of(id("Bill")), in(HOUR)))
                .isInstanceOf(UpstreamException.OverQuota.class);
        passes(Duration.ZERO);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void aSnoozeThatCannotBeTakenBackStands() {
        holds("Bill");
        snooze("Bill", HOUR);
        upstream.goesDown();
        assertThatThrownBy(() -> node.snoozes.bringBack(anna, Set.of(id("Bill"))))
                .isInstanceOf(UpstreamException.Unavailable.class);
        upstream.comesBack();
        passes(Duration.ofMinutes(30));
        assertThat(held()).isEqualTo(Map.of("Snoozed", List.of("Bill [$seen, $snoozed]")));
        passes(Duration.ofMinutes(30));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));
    }

    @Test
    void ofManyThoseThatAreNotThereAreNamed() {
        holds("One", "Two");
        var result = node.snoozes.snooze(
                anna, Set.of(id("One"), id("Two"), account + "-999999", "nonsense", "1-1"), in(HOUR));
        assertThat(result.changed()).isEqualTo(2);
        assertThat(result.failed())
                .extracting(failure -> failure.id() + " " + failure.type())
                .containsExactlyInAnyOrder(
                        account + "-999999 /problems/not-found",
                        "nonsense /problems/not-found",
                        "1-1 /problems/not-found");
        settles();
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("One", "Two")));
    }

    @Test
    void manyComeBackTogetherInOneMove() {
        for (int i = 0; i < 600; i++) {
            store.holds(Mails.plain("mail " + i));
        }
        holds();
        var ids = Set.copyOf(jdbc.sql("select account_id || '-' || id from message where account_id = ?")
                .param(account)
                .query(String.class)
                .list());
        assertThat(node.snoozes.snooze(anna, ids, in(HOUR)).changed()).isEqualTo(600);
        settles();
        passes(HOUR);
        assertThat(store.messages("INBOX")).hasSize(600);
        assertThat(store.calls().stream().filter(call -> call.equals("move Snoozed")))
                .hasSize(2);
    }

    @Test
    void aServerWithoutMoveNorNewIdsDoesAsWell() {
        store.lacks(Capability.MOVE);
        store.hidesNewIds();
        holds("Bill");
        var id = id("Bill");
        snooze("Bill", HOUR);
        passes(HOUR);
        passes(Duration.ofMinutes(2));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill")));
        assertThat(id("Bill")).isEqualTo(id);
        assertThat(snoozed()).isZero();
    }

    @Test
    void itIsFoundAgainThoughTheIndexWasLost() {
        holds("Bill", "Other");
        snooze("Bill", HOUR);
        node.seen.loses(account);
        passes(HOUR);
        passes(Duration.ofMinutes(1));
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill", "Other [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void ofARemovedAccountNothingIsKept() {
        holds("Bill");
        snooze("Bill", HOUR);
        jdbc.sql("delete from account where id = ?").param(account).update();
        accounts.remove(account);
        passes(HOUR);
        assertThat(snoozed()).isZero();
        assertThat(held()).containsKey("Snoozed");
    }

    @Test
    void aTimeThatIsNoneIsNamed() {
        holds("Bill");
        for (var time : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(6 * 366))) {
            assertThatThrownBy(() -> node.snoozes.snooze(anna, Set.of(id("Bill")), in(time)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem()).isEqualTo(Problem.INVALID_REQUEST);
                        assertThat(e.errors().getFirst().pointer()).isEqualTo("/until");
                    });
        }
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]")));
    }

    @Test
    void anotherUserSnoozesNothingOfHers() {
        holds("Bill");
        var result = node.snoozes.snooze(new UserId(1 << 20), Set.of(id("Bill")), in(HOUR));
        assertThat(result.changed()).isZero();
        assertThat(result.failed()).hasSize(1);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]")));
    }

    private MailboxKey away() {
        return node.seen.fills(account, "Snoozed");
    }

    private int tries() {
        return jdbc.sql("select tries from snooze where account_id = ?")
                .param(account)
                .query(Integer.class)
                .single();
    }
}
