package dev.valija.web;

import dev.valija.problem.CutShort;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.validation.BindException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns whatever went wrong into a problem document. Nothing of the failure itself gets out, but its kind. */
@RestControllerAdvice
class ProblemHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    @ExceptionHandler(Exception.class)
    @Nullable
    ResponseEntity<Problems.Document> handle(
            Exception failure, HttpServletRequest request, HttpServletResponse response) {
        if (failure instanceof AsyncRequestNotUsableException
                || DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            return null; // nobody is listening any more
        }
        var problems = problems(failure, request);
        if (response.isCommitted()) {
            log.debug("The answer had begun already when it failed", failure);
            return null;
        }
        response.reset();
        return ResponseEntity.status(problems.status())
                .headers(problems.headers())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .cacheControl(org.springframework.http.CacheControl.noStore())
                .body(problems.document());
    }

    /** Hands it on to the server, which breaks the connection off. */
    @ExceptionHandler(CutShort.class)
    void cutShort(CutShort failure) throws CutShort {
        throw failure;
    }

    private static Problems problems(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case ProblemException e -> {
                if (e.problem() == Problem.INTERNAL_ERROR) {
                    yield internal(e, request);
                }
                yield Problems.of(e);
            }
            case HttpMessageNotReadableException e -> BadInput.unreadable(e);
            case BindException e -> BadInput.fields(e);
            case HandlerMethodValidationException e -> BadInput.parameters(e);
            case ConstraintViolationException e -> BadInput.constraints(e);
            case MethodArgumentTypeMismatchException e -> BadInput.parameter(e);
            case MissingServletRequestParameterException e -> BadInput.parameter(e.getParameterName(), "must be given");
            case MissingRequestHeaderException e -> BadInput.parameter(e.getHeaderName(), "must be given");
            case AuthenticationException e -> Problems.of(Problem.SIGN_IN_REQUIRED);
            case AccessDeniedException e -> Problems.of(Problem.FORBIDDEN);
            case DataAccessResourceFailureException e -> unavailable(e);
            case RecoverableDataAccessException e -> unavailable(e);
            case TransientDataAccessException e -> unavailable(e);
            case CannotCreateTransactionException e -> unavailable(e);
            case TransactionSystemException e -> unavailable(e);
            case AsyncRequestTimeoutException e -> Problems.unavailable();
            case ErrorResponse e -> {
                var problems = Problems.ofStatus(e.getStatusCode().value());
                var allow = e.getHeaders().get(HttpHeaders.ALLOW);
                yield allow == null ? problems : problems.header(HttpHeaders.ALLOW, List.copyOf(allow));
            }
            default -> internal(failure, request);
        };
    }

    private static Problems unavailable(Exception e) {
        log.warn("The database cannot be used: {}", e.getClass().getSimpleName());
        log.debug("The database cannot be used", e);
        return Problems.unavailable();
    }

    private static Problems internal(Exception failure, HttpServletRequest request) {
        var id = UUID.randomUUID().toString();
        log.error("{} {} failed, {}", request.getMethod(), request.getRequestURI(), id, failure);
        return Problems.internal(id);
    }
}
