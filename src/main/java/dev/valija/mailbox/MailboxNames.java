package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** What a mailbox may be called by a user. */
final class MailboxNames {
    private static final int LONGEST = 200;

    /**
     * One level of a name, surrounding white space taken off.
     *
     * @throws ProblemException invalid-request, pointing at {@code /name}
     */
    static String checked(String name, @Nullable String separator) {
        var stripped = name.strip();
        if (stripped.isEmpty() || name.codePointCount(0, name.length()) > LONGEST) {
            throw invalid("A name has 1 to " + LONGEST + " characters.");
        }
        if (name.chars().anyMatch(Character::isISOControl) || !stripped.equals(Texts.storable(stripped, LONGEST * 2))) {
            throw invalid("A name holds no control characters.");
        }
        if (separator != null && stripped.contains(separator)) {
            throw invalid("A name must not hold \"" + separator + "\": it divides the levels of names.");
        }
        // RFC 9051 6.3.9: wildcards of LIST. Servers take them in names, and mail programs then fail on them.
        if (stripped.contains("*") || stripped.contains("%")) {
            throw invalid("A name must not hold * or %.");
        }
        return stripped;
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.invalid("/name", detail);
    }

    private MailboxNames() {}
}
