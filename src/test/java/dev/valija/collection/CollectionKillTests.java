package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.collection.MailCollection.Policy;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever dies between two steps is followed by another node, and no message is lost, or stored twice. */
class CollectionKillTests extends CollectionCase {

    /** Between which steps. */
    enum Step {
        SEEN,
        RETRIEVED,
        RETRIEVED_WRITTEN,
        STORED,
        STORED_WRITTEN,
        DELETING_WRITTEN,
        DELETED,
        QUIT,
        GONE_WRITTEN;

        void kills(CollectionCase test, int n) {
            var killed = new Error("killed");
            switch (this) {
                case SEEN -> test.node.diesWhenItHasWritten("seen", 1);
                case RETRIEVED -> test.maildrop.failsAfter("retrieve", n, killed);
                case RETRIEVED_WRITTEN -> test.node.diesWhenItHasWritten("retrieved", n);
                case STORED -> test.store.outlives("append");
                case STORED_WRITTEN -> test.node.diesWhenItHasWritten("stored", n);
                case DELETING_WRITTEN -> test.node.diesWhenItHasWritten("deleting", n);
                case DELETED -> test.maildrop.failsAfter("delete", n, killed);
                case QUIT -> test.maildrop.failsAfter("quit", 1, killed);
                case GONE_WRITTEN -> test.node.diesWhenItHasWritten("gone", 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesIsFollowed(Step step) {
        collects(0);
        passes(INTERVAL);
        var all = new ArrayList<String>();
        for (int round = 0; round < 6; round++) {
            if (round == 3) {
                store.hidesNewIds();
            }
            for (int i = 0; i < 3; i++) {
                var subject = "mail %d of round %d".formatted(i, round);
                var mail = round % 2 == 0 ? Mails.plain(subject) : withoutId(subject);
                maildrop.holds(mail);
                all.add(text(mail));
            }
            step.kills(this, round % 3 + 1);
            assertThat(isKilled(INTERVAL)).isTrue();
            comesUpAgain();

            assertThat(held("INBOX")).as("round " + round).containsExactlyInAnyOrderElementsOf(all);
            assertThat(maildrop.uidls()).isEmpty();
        }
        assertThat(states()).containsOnly("GONE");
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesWhileTheServerNumbersAnewIsFollowed(Step step) {
        collects(7);
        passes(INTERVAL);
        var all = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var mail = Mails.plain("mail " + i);
            maildrop.holds(mail);
            all.add(text(mail));
        }
        boolean deletes = step.ordinal() >= Step.DELETING_WRITTEN.ordinal();
        if (deletes) {
            passes(INTERVAL);
            clock.passes(Duration.ofDays(7));
        }
        step.kills(this, 2);
        // What ends a session without deletions is killed all the same.
        assertThat(isKilled(INTERVAL)).isTrue();
        maildrop.renumbers();
        comesUpAgain();
        assertThat(held("INBOX")).containsExactlyInAnyOrderElementsOf(all);

        passes(Duration.ofDays(8));
        assertThat(held("INBOX")).containsExactlyInAnyOrderElementsOf(all);
        if (!deletes) {
            assertThat(maildrop.uidls()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesWhenTheReaderMovesTheMessagesMeanwhileIsFollowed(Step step) {
        collects(0);
        passes(INTERVAL);
        var mail = Mails.plain("moved");
        maildrop.holds(mail);
        step.kills(this, 1);
        assertThat(isKilled(INTERVAL)).isTrue();
        store.messages("INBOX").forEach(message -> store.move("INBOX", List.of(message.id()), "Archive"));
        node.seen.refresh(node.seen.fills(account, "Archive"));
        comesUpAgain();
        assertThat(everywhere()).containsExactly(text(mail));
    }

    /** A hundred deaths, wherever they come. */
    @Test
    void whoDiesAgainAndAgainGetsThereInTheEnd() {
        var random = new Random(11);
        collects(0);
        passes(INTERVAL);
        var all = new ArrayList<String>();
        int deaths = 0;
        for (int round = 0; deaths < 100; round++) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                var subject = "mail %d of round %d".formatted(i, round);
                Mail mail = random.nextBoolean() ? Mails.plain(subject) : withoutId(subject);
                maildrop.holds(mail);
                all.add(text(mail));
            }
            Step.values()[random.nextInt(Step.values().length)].kills(this, 1 + random.nextInt(3));
            for (int i = 0; i < 4; i++) {
                deaths += isKilled(Duration.ofMinutes(12)) ? 1 : 0;
            }
            if (random.nextInt(5) == 0) {
                changes(new Policy(random.nextBoolean() ? 0 : null, INTERVAL, false));
            }
        }
        changes(new Policy(0, INTERVAL, false));
        node.close();
        node = anotherNode();
        for (int i = 0; i < 20; i++) {
            isKilled(Duration.ofMinutes(12));
        }
        assertThat(held("INBOX")).containsExactlyInAnyOrderElementsOf(all);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void ofSeveralNodesAtOnceEachMessageIsStoredOnce() throws InterruptedException {
        collects(0);
        var all = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            var mail = Mails.plain("mail " + i);
            maildrop.holds(mail);
            all.add(text(mail));
        }
        var nodes = List.of(node, anotherNode(), anotherNode());
        var threads = nodes.stream()
                .map(each -> Thread.ofVirtual().start(() -> each.collecting.work(account)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        nodes.stream().skip(1).forEach(CollectionNode::close);
        assertThat(held("INBOX")).containsExactlyInAnyOrderElementsOf(all);
        assertThat(maildrop.uidls()).isEmpty();
    }

    @Test
    void whoIsSlowIsOvertakenAndDoesNothingAnyMore() {
        collects(0);
        maildrop.holds(Mails.plain("one"));
        maildrop.holds(Mails.plain("two"));
        var other = anotherNode();
        var once = new ArrayList<>(List.of("once"));
        maildrop.meanwhile(() -> {
            if (!once.isEmpty()) {
                once.clear();
                clock.passes(CollectionRows.LEASE.plusSeconds(1));
                other.rows.take(account, clock.instant());
            }
        });
        alarmsGoOff(node);
        assertThat(held("INBOX")).isEmpty();
        assertThat(maildrop.calls()).doesNotContain("quit");
        comesUpAgain();
        other.close();
        assertThat(held("INBOX")).hasSize(2);
        assertThat(maildrop.uidls()).isEmpty();
    }
}
