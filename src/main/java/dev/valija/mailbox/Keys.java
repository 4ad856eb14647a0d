package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.util.regex.Pattern;

/** The text form that mailbox, message and thread ids share. */
final class Keys {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,17})");

    static long[] parse(String text, String what) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw ProblemException.notFound(what);
        }
        return new long[] {Long.parseLong(match.group(1)), Long.parseLong(match.group(2))};
    }

    private Keys() {}
}
