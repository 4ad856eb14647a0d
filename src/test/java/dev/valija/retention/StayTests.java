package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.mailbox.MailboxKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a message leaves, by what is known of it. */
class StayTests {
    private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");
    private static final Duration GRACE = Duration.ofDays(7);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void itLeavesWhenItsTimeIsOverWhateverTheClocksOfPeopleDo() {
        assertThat(stay(NOON, 90, NOON).leavesAt(GRACE)).isEqualTo("2026-06-26T12:00:00Z");
    }

    @Test
    void whatIsOldAlreadyHasTheTimeOfGrace() {
        assertThat(stay(NOON.minus(Duration.ofDays(500)), 90, NOON).leavesAt(GRACE))
                .isEqualTo(NOON.plus(GRACE));
    }

    @Test
    void seenAgainItLeavesWhenItWasSaidTo() {
        var old = stay(NOON.minus(Duration.ofDays(500)), 90, NOON);
        var again = old.again(90, false, false, NOON.plus(DAY), true, GRACE);
        assertThat(again).isEqualTo(old);
    }

    @Test
    void aStricterRuleIsAnnouncedAnew() {
        var stay = stay(NOON, 90, NOON);
        var now = NOON.plus(Duration.ofDays(50));
        assertThat(stay.again(30, false, false, now, true, GRACE).leavesAt(GRACE))
                .isEqualTo(now.plus(GRACE));
    }

    @Test
    void aMilderRuleLetsItStay() {
        var stay = stay(NOON, 30, NOON).again(90, false, false, NOON.plus(DAY), true, GRACE);
        assertThat(stay.leavesAt(GRACE)).isEqualTo(NOON.plus(Duration.ofDays(90)));
    }

    @Test
    void whatIsLetGoHasTheTimeOfGrace() {
        var now = NOON.plus(Duration.ofDays(100));
        var kept = stay(NOON, 90, NOON).again(90, false, true, now, true, GRACE);
        assertThat(kept.kept()).isTrue();
        var later = now.plus(Duration.ofDays(3));
        assertThat(kept.again(90, false, false, later, true, GRACE).leavesAt(GRACE))
                .isEqualTo(later.plus(GRACE));
    }

    @Test
    void whatWasOverWhileNobodyLookedIsAnnouncedAnew() {
        var stay = stay(NOON, 90, NOON);
        var later = NOON.plus(Duration.ofDays(400));
        assertThat(stay.again(90, false, false, later, false, GRACE).leavesAt(GRACE))
                .isEqualTo(later.plus(GRACE));
        assertThat(stay.again(90, false, false, later, true, GRACE).leavesAt(GRACE))
                .isBefore(later);
    }

    @Test
    void whatGoesForEverNowAndDidNotIsAnnouncedAnew() {
        var later = NOON.plus(Duration.ofDays(89));
        var stay = stay(NOON, 90, NOON).again(90, true, false, later, true, GRACE);
        assertThat(stay.leavesAt(GRACE)).isEqualTo(later.plus(GRACE));
        assertThat(stay.again(90, true, false, later.plus(DAY), true, GRACE)).isEqualTo(stay);
    }

    @Test
    void aClockThatGoesBackMakesNothingLeaveSooner() {
        var future = NOON.plus(Duration.ofDays(400));
        var stay = stay(future, 90, future).again(90, false, false, NOON, true, GRACE);
        assertThat(stay.since()).isEqualTo(NOON);
        assertThat(stay.leavesAt(GRACE)).isEqualTo(NOON.plus(Duration.ofDays(90)));
    }

    private static Stay stay(Instant since, int days, Instant announcedAt) {
        return new Stay(1, new MailboxKey(1, 1), since, days, announcedAt, false, false);
    }
}
