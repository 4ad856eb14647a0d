package dev.valija.submission;

import dev.valija.problem.ProblemException;
import dev.valija.upload.Holder;
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

    /** What holds the uploads it was made from, as long as it can be taken back. */
    Holder holder() {
        return new Holder("submission " + this, accountId);
    }

    @Override
    public String toString() {
        return accountId + "-" + id;
    }
}
