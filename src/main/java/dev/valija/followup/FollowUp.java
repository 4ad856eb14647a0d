package dev.valija.followup;

import java.time.Instant;

/**
 * A sent message that its sender is to be reminded of, if nobody has answered by then.
 *
 * @param id within the account
 * @param messageId its Message-ID, by which it is found in Sent, and its answers
 * @param since answers come after that
 * @param changes counts them: whoever works on it ends nothing but what they began
 * @param tries how many have failed
 */
record FollowUp(long accountId, long id, String messageId, Instant since, Instant remindAt, long changes, int tries) {

    /** As the API names it. */
    String key() {
        return accountId + "-" + id;
    }
}
