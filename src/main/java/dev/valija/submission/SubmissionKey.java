package dev.valija.submission;

import dev.valija.problem.ProblemException;
import java.util.regex.Pattern;

/** A submission, as the API names it: {@code <account>-<number>}, both decimal. */
record SubmissionKey(long accountId, long id) {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,17})");

    static SubmissionKey parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw ProblemException.notFound("submission");
        }
        return new SubmissionKey(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)));
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
