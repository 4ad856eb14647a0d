package dev.valija.submission;

import dev.valija.problem.ProblemException;

/**
 * A client's own name for a request, 1 to 200 characters: as often as the request comes with it, it is done once
 * (draft-ietf-httpapi-idempotency-key-header).
 */
public record IdempotencyKey(String value) {
    private static final int LONGEST = 200;

    /** @throws ProblemException invalid-request when there is nothing in it, or too much */
    public IdempotencyKey {
        if (value.isBlank() || value.length() > LONGEST) {
            throw ProblemException.invalid("Idempotency-Key", "must have 1 to 200 characters");
        }
    }
}
