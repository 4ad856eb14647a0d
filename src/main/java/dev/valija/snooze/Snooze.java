package dev.valija.snooze;

import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that is out of sight until a time.
 *
 * @param header its Message-ID as the index keeps it, by which it is found should the index be lost; or null
 * @param home where it comes from and goes back to
 * @param homeName what the provider called that
 * @param away the mailbox Snoozed
 * @param changes counts them: whoever works on it ends nothing but what they began
 * @param tries how many have failed
 */
record Snooze(
        MessageKey key,
        @Nullable String header,
        Instant until,
        MailboxKey home,
        String homeName,
        MailboxKey away,
        State state,
        long changes,
        int tries) {

    enum State {
        /** It is to be moved away. */
        GOING,
        /** It is away, until its time. */
        AWAY,
        /** Its time has come: it is to be moved home, unseen. */
        WAKING,
        /** It is to be moved home as it is: somebody took the snooze back. */
        BACK
    }

    /** A new one. */
    static Snooze of(Standing message, State state, Instant until, MailboxKey home, String homeName, MailboxKey away) {
        return new Snooze(message.key(), message.header(), until, home, homeName, away, state, 0, 0);
    }

    Snooze until(Instant other) {
        return new Snooze(key, header, other, home, homeName, away, state, changes, 0);
    }

    Snooze home(Mailbox other) {
        return new Snooze(key, header, until, other.key(), other.remoteName(), away, state, changes, 0);
    }

    Snooze with(State other) {
        return new Snooze(key, header, until, home, homeName, away, other, changes, tries);
    }
}
