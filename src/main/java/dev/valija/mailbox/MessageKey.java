package dev.valija.mailbox;

import dev.valija.problem.ProblemException;

/**
 * A message, as the API names it: {@code <account>-<number>}, both decimal. Stable: it outlives moves made through us
 * and a changed UIDVALIDITY.
 */
public record MessageKey(long accountId, long id) {

    /**
     * Reads the text form.
     *
     * @throws ProblemException not-found: what is no id names nothing
     */
    public static MessageKey parse(String text) {
        long[] numbers = Keys.parse(text, "message");
        return new MessageKey(numbers[0], numbers[1]);
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
