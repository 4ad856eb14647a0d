package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;

/**
 * All the index knows of one message.
 *
 * @param mailboxName the provider's name of the mailbox it is in
 * @param envelope long lists of addresses and references are cut here
 * @param structure as the index keeps it
 */
record StoredMessage(MessageRow row, String mailboxName, Envelope envelope, BodyPart structure) {
    MessageKey key() {
        return row.key();
    }

    long accountId() {
        return row.key().accountId();
    }

    /**
     * Which message it is, beyond its key: were the index built anew and a key given to another message, what was kept
     * under it would not be taken for that one's.
     */
    String place() {
        var summary = row.summary();
        return key() + " " + summary.size() + " " + summary.receivedAt().getEpochSecond() + " " + envelope.messageId();
    }

    /** Whether it is in the same place at the provider, and in one at all. */
    boolean isAt(StoredMessage other) {
        return row.mailbox().equals(other.row.mailbox())
                && row.remoteId() != null
                && row.remoteId().equals(other.row.remoteId());
    }
}
