package dev.valija.web;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.problem.ProblemException.FieldError;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.Errors;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says which field of a request is wrong, in our words: the framework's would echo what was sent. */
final class BadInput {

    static Problems unreadable(HttpMessageNotReadableException e) {
        var told = told(e);
        if (told.isPresent()) {
            return told.get();
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StreamReadException syntax -> {
                    var at = syntax.getLocation();
                    return invalid(
                            "", "is not JSON: see line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()));
                }
                case UnrecognizedPropertyException unknown -> {
                    return invalid(pointer(unknown), "is not known here");
                }
                case JacksonException other -> {
                    var pointer = pointer(other);
                    return invalid(pointer, pointer.isEmpty() ? "is not as expected" : "has the wrong form");
                }
                default -> {}
            }
        }
        return invalid("", "The body is missing or broken.");
    }

    static Problems fields(Errors errors) {
        return many(errorsOf("", errors));
    }

    static Problems parameters(HandlerMethodValidationException e) {
        return many(e.getParameterValidationResults().stream()
                .flatMap(result -> result instanceof Errors errors
                        ? errorsOf("", errors).stream()
                        : result.getResolvableErrors().stream()
                                .map(error -> new FieldError(
                                        Objects.requireNonNullElse(
                                                result.getMethodParameter().getParameterName(), ""),
                                        text(error))))
                .toList());
    }

    static Problems constraints(ConstraintViolationException e) {
        return many(e.getConstraintViolations().stream()
                .map(violation ->
                        new FieldError(pointer(violation.getPropertyPath().toString()), violation.getMessage()))
                .toList());
    }

    static Problems parameter(MethodArgumentTypeMismatchException e) {
        return told(e).orElseGet(() -> parameter(e.getName(), "has the wrong form"));
    }

    static Problems parameter(String name, String detail) {
        return invalid(name, detail);
    }

    /** What a type of ours has to say of what it was to be made of; that comes first, wherever it was wrapped. */
    private static Optional<Problems> told(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return Optional.of(Problems.of(problem));
            }
        }
        return Optional.empty();
    }

    private static Problems invalid(String pointer, String detail) {
        return many(List.of(new FieldError(pointer, detail)));
    }

    private static Problems many(List<FieldError> errors) {
        return Problems.of(Problem.INVALID_REQUEST, null, errors);
    }

    private static List<FieldError> errorsOf(String prefix, Errors errors) {
        return errors.getAllErrors().stream()
                .map(error -> error instanceof org.springframework.validation.FieldError field
                        ? new FieldError(
                                prefix + pointer(field.getField()),
                                field.isBindingFailure() ? "has the wrong form" : text(field))
                        : new FieldError(prefix, text(error)))
                .toList();
    }

    private static String text(MessageSourceResolvable error) {
        return Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid");
    }

    private static String pointer(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() != null ? escape(step.getPropertyName()) : "" + step.getIndex())
                .collect(Collectors.joining("/", e.getPath().isEmpty() ? "" : "/", ""));
    }

    /** {@code to[0].email} becomes {@code /to/0/email} (RFC 6901). */
    private static String pointer(String path) {
        return "/" + escape(path).replace("].", "/").replaceAll("[.\\[]", "/").replace("]", "");
    }

    private static String escape(String name) {
        var safe = name.length() > 100 ? name.substring(0, 100) : name;
        return safe.replace("~", "~0").replace("/", "~1");
    }

    private BadInput() {}
}
