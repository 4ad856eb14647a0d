package dev.valija.push;

import dev.valija.problem.ProblemException;
import java.util.regex.Pattern;

/** The text form of a place in the change log. */
final class Seq {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,18}");

    static Long parse(String parameter, String text) {
        if (!FORM.matcher(text).matches()) {
            throw ProblemException.invalid(parameter, "This is no state that was ever told.");
        }
        return Long.valueOf(text);
    }

    private Seq() {}
}
