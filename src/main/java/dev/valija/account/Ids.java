package dev.valija.account;

import dev.valija.problem.ProblemException;
import java.util.regex.Pattern;

/** The text form of our ids. */
final class Ids {
    private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,17}");

    /**
     * Reads an id.
     *
     * @throws ProblemException not-found: what is no id names nothing
     */
    static long parse(String text, String what) {
        if (!FORM.matcher(text).matches()) {
            throw ProblemException.notFound(what);
        }
        return Long.parseLong(text);
    }

    private Ids() {}
}
