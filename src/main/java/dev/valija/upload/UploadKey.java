package dev.valija.upload;

import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.net.URI;

/** A user's upload; the API names it by its number. */
public record UploadKey(UserId user, long id) {

    /** Reads what a caller names. @throws ProblemException not-found: what is no id names nothing */
    public static UploadKey parse(UserId user, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("upload");
        }
        return new UploadKey(user, Long.parseLong(text));
    }

    URI location() {
        return URI.create("/api/v1/uploads/" + id);
    }

    @Override
    public String toString() {
        return user + "." + id;
    }
}
