package dev.valija.snooze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.valija.support.Mails;
import dev.valija.upstream.Capability;
import dev.valija.upstream.MailboxRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever dies between two steps is followed by another node, and of two that work at once none does it twice. */
class SnoozeKillTests extends SnoozeCase {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<String> HOME = List.of("Bill", "Other [$seen]");

    /** Between which steps. */
    enum Step {
        WRITTEN_DOWN,
        MARKED,
        MOVED,
        TOLD_TO_THE_INDEX;

        void kills(SnoozeCase test) {
            switch (this) {
                case WRITTEN_DOWN -> test.node.diesBeforeItMoves();
                case MARKED -> test.store.outlives("changeKeywords");
                case MOVED -> test.store.outlives("move");
                case TOLD_TO_THE_INDEX -> test.node.diesWhenItHasMoved();
            }
        }
    }

    @BeforeEach
    void mail() {
        holds("Bill", "Other");
        node.seen.moves().findOrMake(account, MailboxRole.SNOOZED, Snoozes.MAILBOX);
        settles();
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesWhileItGoesAway(Step step) {
        step.kills(this);
        assertThatThrownBy(() -> node.snoozes.snooze(anna, Set.of(id("Bill")), in(HOUR)))
                .hasMessage("killed");
        node.close();
        node = anotherNode();
        settles();

        passes(LEASE);
        assertThat(held())
                .isEqualTo(Map.of("INBOX", List.of("Other [$seen]"), "Snoozed", List.of("Bill [$seen, $snoozed]")));
        passes(HOUR);
        assertThat(held()).isEqualTo(Map.of("INBOX", HOME));
        assertThat(snoozed()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesWhileItComesBack(Step step) {
        snooze("Bill", HOUR);
        step.kills(this);
        assertThatThrownBy(() -> passes(HOUR)).hasMessage("killed");
        node.close();
        node = anotherNode();
        settles();

        passes(LEASE);
        assertThat(held()).isEqualTo(Map.of("INBOX", HOME));
        assertThat(snoozed()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesWhileItIsTakenBack(Step step) {
        snooze("Bill", HOUR);
        step.kills(this);
        assertThatThrownBy(() -> node.snoozes.bringBack(anna, Set.of(id("Bill"))))
                .hasMessage("killed");
        node.close();
        node = anotherNode();
        settles();

        passes(LEASE);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]", "Other [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesTwiceIsFollowedAsWell(Step step) {
        snooze("Bill", HOUR);
        clock.passes(HOUR);
        for (int i = 0; i < 2; i++) {
            step.kills(this);
            try {
                alarmsGoOff(node);
            } catch (Error killed) {
                assertThat(killed).hasMessage("killed");
            }
            node.close();
            node = anotherNode();
            clock.passes(LEASE);
        }
        passes(LEASE);
        assertThat(held()).isEqualTo(Map.of("INBOX", HOME));
    }

    @Test
    void whatIsUnderWayOnOneNodeNoOtherTakesUp() throws InterruptedException {
        store.lacks(Capability.MOVE); // two copies would be two messages
        snooze("Bill", HOUR);
        clock.passes(HOUR);
        store.holdsBack("copy Snoozed");
        var slow = Thread.ofVirtual().start(() -> node.waking.work(account));
        await().until(() -> store.calls().contains("copy Snoozed"));
        try (var other = anotherNode()) {
            other.waking.work(account);
            assertThat(store.calls()).filteredOn("copy Snoozed"::equals).hasSize(1);
        }
        store.letsGo();
        slow.join();
        assertThat(held()).isEqualTo(Map.of("INBOX", HOME));
        assertThat(snoozed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofSeveralNodesAtOnceEachMessageIsBroughtBackOnce(boolean canMove) throws InterruptedException {
        for (int i = 0; i < 30; i++) {
            store.holds(Mails.plain("mail " + i));
        }
        holds();
        for (int i = 0; i < 30; i++) {
            snooze("mail " + i, HOUR);
        }
        if (!canMove) {
            store.lacks(Capability.MOVE);
        }
        clock.passes(HOUR);
        var nodes = new ArrayList<SnoozeNode>(List.of(node, anotherNode(), anotherNode()));
        var threads = nodes.stream()
                .map(each -> Thread.ofVirtual().start(() -> each.waking.work(account)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        nodes.stream().skip(1).forEach(SnoozeNode::close);
        assertThat(store.messages("INBOX")).hasSize(32);
        assertThat(store.messages("Snoozed")).isEmpty();
        assertThat(snoozed()).isZero();
    }

    @Test
    void whoTakesItBackWhileItGoesHasItBack() throws InterruptedException {
        store.holdsBack("move INBOX");
        var slow = Thread.ofVirtual().start(() -> node.snoozes.snooze(anna, Set.of(id("Bill")), in(HOUR)));
        await().until(() -> store.calls().contains("move INBOX"));
        var quick = Thread.ofVirtual().start(() -> node.snoozes.bringBack(anna, Set.of(id("Bill"))));
        await().until(() -> jdbc.sql("select changes from snooze where account_id = ?")
                .param(account)
                .query(Long.class)
                .list()
                .equals(List.of(2L)));
        store.letsGo();
        slow.join();
        quick.join();
        settles();
        passes(LEASE);
        assertThat(held()).isEqualTo(Map.of("INBOX", List.of("Bill [$seen]", "Other [$seen]")));
        assertThat(snoozed()).isZero();
    }

    @Test
    void whoSnoozesAgainWhileItComesBackHasItAway() throws InterruptedException {
        snooze("Bill", HOUR);
        clock.passes(HOUR);
        store.holdsBack("move Snoozed");
        var slow = Thread.ofVirtual().start(() -> node.waking.work(account));
        await().until(() -> store.calls().contains("move Snoozed"));
        var again =
                Thread.ofVirtual().start(() -> node.snoozes.snooze(anna, Set.of(id("Bill")), in(HOUR.multipliedBy(2))));
        await().until(() -> jdbc.sql("select changes from snooze where account_id = ?")
                .param(account)
                .query(Long.class)
                .single()
                .equals(2L));
        store.letsGo();
        slow.join();
        again.join();
        settles();
        passes(LEASE);
        assertThat(snoozed()).isOne();
        assertThat(held()).containsEntry("Snoozed", List.of("Bill [$snoozed]"));
        passes(HOUR.multipliedBy(2));
        assertThat(held().keySet()).containsExactly("INBOX");
        assertThat(snoozed()).isZero();
    }
}
