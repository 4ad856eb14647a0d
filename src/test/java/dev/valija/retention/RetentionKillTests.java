package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.valija.upstream.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever dies over it is followed by another node, and of two that work at once none does it twice. */
class RetentionKillTests extends RetentionCase {
    private static final Duration LEASE = VisitRows.LEASE.plusSeconds(1);

    @BeforeEach
    void mail() {
        holds("INBOX", "Old", Duration.ofDays(200));
        holds("INBOX", "Older", Duration.ofDays(300));
        holds("INBOX", "New", DAY);
        rule("INBOX", 90);
        passes(GRACE.minusHours(1));
        clock.passes(Duration.ofHours(1));
    }

    /** {@code fetch}: proven and not moved; {@code move}: moved, and nobody told the index. */
    @ParameterizedTest
    @ValueSource(strings = {"fetch", "move"})
    void whoDiesOverItIsFollowed(String step) {
        store.outlives(step);
        assertThatThrownBy(this::alarmsGoOff).hasMessage("killed");
        node.close();
        node = anotherNode();
        reads("INBOX");
        alarmsGoOff();
        clock.passes(LEASE);
        alarmsGoOff();
        assertThat(in("INBOX")).containsExactly("New");
        assertThat(in("Trash")).containsExactly("Old", "Older");
        assertThat(node.departures.departed(anna, account)).hasSize(step.equals("move") ? 0 : 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "delete"})
    void whoDiesOverItWithoutMoveIsFollowed(String step) {
        store.lacks(Capability.MOVE);
        store.outlives(step);
        assertThatThrownBy(this::alarmsGoOff).hasMessage("killed");
        node.close();
        node = anotherNode();
        reads("INBOX");
        // The journal of moves goes by the clock on the wall.
        jdbc.sql("update pending_move set begun_at = begun_at - interval '10 minutes' where account_id = ?")
                .param(account)
                .update();
        for (int i = 0; i < 3; i++) {
            clock.passes(LEASE);
            alarmsGoOff();
        }
        passes(DAY);
        assertThat(in("INBOX")).containsExactly("New");
        assertThat(in("Trash")).containsExactly("Old", "Older");
    }

    @Test
    void whoDiesOverDeletingForEverIsFollowed() {
        holds("Trash", "Spam", DAY);
        rule("Trash", 8);
        passes(Duration.ofDays(8).minusHours(1));
        clock.passes(Duration.ofHours(1));
        store.outlives("delete");
        assertThatThrownBy(this::alarmsGoOff).hasMessage("killed");
        node.close();
        node = anotherNode();
        reads("INBOX");
        clock.passes(LEASE);
        alarmsGoOff();
        assertThat(in("Trash")).isEmpty();
        assertThat(in("INBOX")).containsExactly("New");
    }

    @Test
    void ofSeveralNodesOneDoesIt() throws InterruptedException {
        store.lacks(Capability.MOVE); // two copies would be two messages
        var nodes = new ArrayList<>(Set.of(node, anotherNode(), anotherNode()));
        var threads = nodes.stream()
                .map(each -> Thread.ofVirtual().start(() -> each.departing.work(account)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        nodes.stream().filter(each -> each != node).forEach(RetentionNode::close);
        assertThat(in("Trash")).containsExactly("Old", "Older");
        assertThat(in("INBOX")).containsExactly("New");
    }

    @Test
    void whoSaysOtherwiseWhileItIsBeginningIsHeard() throws InterruptedException {
        var inbox = reads("INBOX");
        store.holdsBack("fetch INBOX");
        int before = store.calls().size();
        var slow = Thread.ofVirtual().start(() -> node.departing.work(account));
        await().until(() -> store.calls().subList(before, store.calls().size()).contains("fetch INBOX"));
        node.retention.clear(anna, inbox);
        store.letsGo();
        slow.join();
        alarmsGoOff();
        assertThat(in("INBOX")).containsExactly("New", "Old", "Older");
    }

    @Test
    void whatTheUserFilesAtTheLastMomentStaysThere() throws InterruptedException {
        store.createMailbox("Work");
        node.seen.mailboxes().catchUp(account);
        var work = reads("Work");
        store.holdsBack("fetch INBOX");
        int before = store.calls().size();
        var slow = Thread.ofVirtual().start(() -> node.departing.work(account));
        await().until(() -> store.calls().subList(before, store.calls().size()).contains("fetch INBOX"));
        var inbox = node.seen.fills(account, "INBOX");
        node.seen.moves().move(List.of(key("Old")), inbox, work);
        store.letsGo();
        slow.join();
        assertThat(in("Work")).containsExactly("Old");
        assertThat(in("Trash")).containsExactly("Older");
    }
}
