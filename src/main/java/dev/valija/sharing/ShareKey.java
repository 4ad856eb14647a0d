package dev.valija.sharing;

import dev.valija.problem.ProblemException;
import java.util.regex.Pattern;

/** A share, as the API names it: {@code <account>-<number>}, both decimal. */
record ShareKey(long accountId, long id) {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,17})");

    /** @throws ProblemException not-found: what is no id names nothing */
    static ShareKey parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw notFound();
        }
        return new ShareKey(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)));
    }

    static ProblemException notFound() {
        return ProblemException.notFound("share");
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
