package dev.valija.collection;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;

/** A collection of a user; the API has its number only. */
record CollectionKey(UserId user, long id) {

    /** @throws ProblemException not-found: what is no id names nothing */
    static CollectionKey parse(UserId user, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("collection");
        }
        return new CollectionKey(user, Long.parseLong(text));
    }
}
