package dev.valija.template;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.net.URI;

/** A user's template; the API names it by its number. */
record TemplateKey(UserId user, long id) {
    /** @throws ProblemException not-found */
    static TemplateKey parse(UserId user, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("template");
        }
        return new TemplateKey(user, Long.parseLong(text));
    }

    URI location() {
        return URI.create("/api/v1/templates/" + id);
    }
}
