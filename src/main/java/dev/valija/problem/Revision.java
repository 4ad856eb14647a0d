package dev.valija.problem;

import java.util.regex.Pattern;

/**
 * The state of something that several devices change: it counts the changes from 1, and is its ETag.
 *
 * @param number from 1 to 999,999,999
 */
public record Revision(int number) {
    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,8})\"");

    /**
     * Reads {@code If-Match}, one strong tag (RFC 9110 13.1.1): "whatever it is" would be the way to lose a text.
     *
     * @throws ProblemException invalid-request for anything else
     */
    public static Revision valueOf(String ifMatch) {
        var tag = TAG.matcher(ifMatch);
        if (!tag.matches()) {
            throw ProblemException.invalid("If-Match", "must be the ETag as it was read");
        }
        return new Revision(Integer.parseInt(tag.group(1)));
    }

    /** As {@code ETag} has it. */
    public String etag() {
        return '"' + Integer.toString(number) + '"';
    }
}
