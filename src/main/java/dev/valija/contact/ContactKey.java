package dev.valija.contact;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.net.URI;

/** A user's contact; the API names it by its number. */
record ContactKey(UserId user, long id) {
    /** @throws ProblemException not-found */
    static ContactKey parse(UserId user, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("contact");
        }
        return new ContactKey(user, Long.parseLong(text));
    }

    URI location() {
        return URI.create("/api/v1/contacts/" + id);
    }
}
