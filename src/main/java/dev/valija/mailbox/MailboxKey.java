package dev.valija.mailbox;

import dev.valija.problem.ProblemException;

/** A mailbox, as the API names it: {@code <account>-<number>}, both decimal. */
public record MailboxKey(long accountId, long id) {

    /**
     * Reads the text form.
     *
     * @throws ProblemException not-found: what is no id names nothing
     */
    public static MailboxKey parse(String text) {
        long[] numbers = Keys.parse(text, "mailbox");
        return new MailboxKey(numbers[0], numbers[1]);
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
