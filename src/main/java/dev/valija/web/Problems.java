package dev.valija.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.problem.ProblemException.FieldError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A problem document (RFC 9457) and the headers that go with it. */
record Problems(Document document, HttpHeaders headers) {

    /** The body. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Document(
            String type,
            String title,
            int status,
            @Nullable String detail,
            @Nullable String instance,
            List<FieldError> errors) {}

    static Problems of(Problem problem) {
        return of(problem, null, List.of());
    }

    static Problems of(Problem problem, @Nullable String detail, List<FieldError> errors) {
        return new Problems(
                new Document(problem.type(), problem.title(), problem.status(), detail, null, errors),
                new HttpHeaders());
    }

    static Problems of(ProblemException e) {
        var problems = of(e.problem(), e.getMessage(), e.errors());
        e.retryAfter().ifPresent(problems::retryAfter);
        e.fields().forEach(problems.headers()::set);
        return problems;
    }

    /** For what the framework or the server refused: only the status is told, since its words may echo the input. */
    static Problems ofStatus(int status) {
        return of(
                switch (status) {
                    case 401 -> Problem.SIGN_IN_REQUIRED;
                    case 403 -> Problem.FORBIDDEN;
                    case 404 -> Problem.NOT_FOUND;
                    case 405 -> Problem.METHOD_NOT_ALLOWED;
                    case 406 -> Problem.NOT_ACCEPTABLE;
                    case 413, 414, 431 -> Problem.REQUEST_TOO_LARGE;
                    case 415 -> Problem.UNSUPPORTED_MEDIA_TYPE;
                    case 416 -> Problem.RANGE_NOT_SATISFIABLE;
                    case 429 -> Problem.TOO_MANY_REQUESTS;
                    case 503 -> Problem.UNAVAILABLE;
                    default -> status < 500 ? Problem.INVALID_REQUEST : Problem.INTERNAL_ERROR;
                });
    }

    /** Our database cannot be reached, or is too busy. */
    static Problems unavailable() {
        return of(Problem.UNAVAILABLE, "Try again in a moment.", List.of()).retryAfter(Duration.ofSeconds(2));
    }

    /** Something nobody foresaw, under an id by which it is found in the log. */
    static Problems internal(String id) {
        var problem = Problem.INTERNAL_ERROR;
        return new Problems(
                new Document(problem.type(), problem.title(), problem.status(), null, "urn:uuid:" + id, List.of()),
                new HttpHeaders());
    }

    HttpStatus status() {
        return HttpStatus.valueOf(document.status());
    }

    Problems retryAfter(Duration wait) {
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds())));
        return this;
    }

    Problems header(String name, List<String> values) {
        headers.put(name, values);
        return this;
    }
}
