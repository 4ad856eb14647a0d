package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upload.UploadKey;
import java.util.Collection;
import java.util.List;

/** How an upload is named by a draft or by what is to be sent, and what is said where there is none. */
final class NamedUpload {
    /** Below the attachment's pointer (RFC 6901). */
    static final String FIELD = "/uploadId";

    private static final String GONE = "There is no such upload, or not all of it.";

    /** @throws ProblemException invalid-request naming the field */
    static UploadKey key(UserId user, String uploadId, String pointer) {
        try {
            return UploadKey.parse(user, uploadId);
        } catch (ProblemException e) {
            throw gone(List.of(pointer + FIELD));
        }
    }

    /** What is named there is no finished upload of the user's. */
    static ProblemException gone(Collection<String> fields) {
        var errors = fields.stream()
                .map(field -> new ProblemException.FieldError(field, GONE))
                .toList();
        return new ProblemException(Problem.INVALID_REQUEST, GONE, errors, null);
    }

    private NamedUpload() {}
}
