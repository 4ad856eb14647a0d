package dev.valija.retention;

import dev.valija.mailbox.MailboxKey;
import java.time.Duration;
import java.time.Instant;

/**
 * A message in a mailbox that has a rule.
 *
 * @param id its number within the account
 * @param since when it came to that mailbox
 * @param afterDays of the rule it was seen under last
 * @param announcedAt since when it is announced to leave
 * @param forEver it is deleted when it leaves
 * @param kept it is marked to stay
 */
record Stay(
        long id, MailboxKey mailbox, Instant since, int afterDays, Instant announcedAt, boolean forEver, boolean kept) {

    /** Not before its time is over, and not before it has been announced for the time of grace. */
    Instant leavesAt(Duration grace) {
        var over = since.plus(Duration.ofDays(afterDays));
        var announced = announcedAt.plus(grace);
        return over.isAfter(announced) ? over : announced;
    }

    /**
     * Seen again. It is announced anew where it has to leave earlier than was said before; where it leaves as its user has
     * let it go; where it goes for ever now and did not; and where its time was over while nobody looked: the clock may be the one to blame, or the user thinks
     * that this is switched off.
     */
    Stay again(int days, boolean goesForEver, boolean isKept, Instant now, boolean lookedAfter, Duration grace) {
        boolean stricter = days < afterDays;
        boolean letGo = kept && !isKept;
        boolean overlooked = !lookedAfter && !leavesAt(grace).isAfter(now);
        boolean anew = stricter || letGo || overlooked || (goesForEver && !forEver) || announcedAt.isAfter(now);
        return new Stay(
                id, mailbox, since.isAfter(now) ? now : since, days, anew ? now : announcedAt, goesForEver, isKept);
    }
}
