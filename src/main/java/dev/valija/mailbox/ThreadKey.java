package dev.valija.mailbox;

import dev.valija.problem.ProblemException;

/** A thread, as the API names it: {@code <account>-<number>}, both decimal. */
public record ThreadKey(long accountId, long id) {

    /**
     * Reads the text form.
     *
     * @throws ProblemException not-found: what is no id names nothing
     */
    public static ThreadKey parse(String text) {
        long[] numbers = Keys.parse(text, "thread");
        return new ThreadKey(numbers[0], numbers[1]);
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
