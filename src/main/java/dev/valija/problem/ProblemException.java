package dev.valija.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a problem document. The message becomes {@code detail}: it is for the user's eyes and holds no
 * secret, no subject and nothing a server said.
 */
public class ProblemException extends RuntimeException {
    private final Problem problem;
    private final List<FieldError> errors;

    /**
     * What is wrong with one field.
     *
     * @param pointer a JSON pointer into the body ({@code /server/imap/port}) or a parameter's name
     * @param offset where in the field the fault begins, in UTF-16 units from 0; null where it is all of the field
     * @param length how far it goes; null together with {@code offset}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FieldError(
            String pointer,
            String detail,
            @Nullable Integer offset,
            @Nullable Integer length) {
        public FieldError(String pointer, String detail) {
            this(pointer, detail, null, null);
        }
    }

    public ProblemException(Problem problem, String detail) {
        this(problem, detail, List.of(), null);
    }

    public ProblemException(Problem problem, String detail, @Nullable Throwable cause) {
        this(problem, detail, List.of(), cause);
    }

    public ProblemException(Problem problem, String detail, List<FieldError> errors, @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
        this.errors = List.copyOf(errors);
    }

    /** Bad input in one field. */
    public static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(Problem.INVALID_REQUEST, detail, List.of(new FieldError(pointer, detail)), null);
    }

    /** Bad input at one place of a field: see {@link FieldError}. */
    public static ProblemException invalid(String pointer, String detail, int offset, int length) {
        var error = new FieldError(pointer, detail, offset, length);
        return new ProblemException(Problem.INVALID_REQUEST, detail, List.of(error), null);
    }

    /** What is not there, or not this user's: the two must look the same. */
    public static ProblemException notFound(String what) {
        return new ProblemException(Problem.NOT_FOUND, "There is no such " + what + ".");
    }

    public Problem problem() {
        return problem;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** Header fields by which the answer tells more, by name: {@code Location} of what was wanted, for one. */
    public Map<String, String> fields() {
        return Map.of();
    }

    /** When trying again makes sense, for {@code Retry-After}. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
