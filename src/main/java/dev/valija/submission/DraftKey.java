package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import dev.valija.upload.Holder;
import java.net.URI;

/** A user's draft; the API names it by its number. */
record DraftKey(UserId user, long id) {
    static DraftKey parse(UserId user, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("draft");
        }
        return new DraftKey(user, Long.parseLong(text));
    }

    /** What holds the uploads it names. */
    Holder holder() {
        return new Holder("draft " + id, null); // its text outlives the account, and so do its files
    }

    URI location() {
        return URI.create("/api/v1/drafts/" + id);
    }
}
