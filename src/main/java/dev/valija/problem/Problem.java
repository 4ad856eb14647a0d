package dev.valija.problem;

/**
 * Every problem the API can answer with (RFC 9457). Clients switch on the type, {@code /problems/<slug>}; the slugs
 * are part of the contract and listed in openapi.yaml.
 */
public enum Problem {
    INVALID_REQUEST("invalid-request", 400, "The request is not valid"),
    SIGN_IN_REQUIRED("sign-in-required", 401, "Sign in first"),
    SIGN_IN_REJECTED("sign-in-rejected", 401, "The mail server does not accept this address and password"),
    FORBIDDEN("forbidden", 403, "This is not allowed"),
    NOT_FOUND("not-found", 404, "There is no such thing"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This cannot be done here"),
    NOT_ACCEPTABLE("not-acceptable", 406, "The answer cannot be had in that form"),
    CONFLICT("conflict", 409, "Somebody else changed it meanwhile"),
    ALREADY_EXISTS("already-exists", 409, "There is one of that name already"),
    ACCOUNT_CREDENTIALS_REJECTED(
            "account-credentials-rejected", 409, "The mail server no longer accepts the password of this account"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 409, "The key was used for a different request"),
    UNSUPPORTED_VERSION("unsupported-version", 412, "This version of the protocol is not spoken here"),
    REQUEST_TOO_LARGE("request-too-large", 413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "This kind of content is not understood"),
    RANGE_NOT_SATISFIABLE("range-not-satisfiable", 416, "There is no such range"),
    OPERATION_NOT_SUPPORTED("operation-not-supported", 422, "The mail server does not allow this"),
    SERVER_UNKNOWN("server-unknown", 422, "No mail server was found under that name"),
    SERVER_REFUSED("server-refused", 422, "Valija may not connect to that server"),
    MESSAGE_REFUSED("message-refused", 422, "The mail server does not take this message"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many tries; wait a little"),
    INTERNAL_ERROR("internal-error", 500, "Something went wrong on our side"),
    CERTIFICATE_REJECTED("certificate-rejected", 502, "The mail server's certificate cannot be trusted"),
    SERVER_WITHOUT_TLS("server-without-tls", 502, "The mail server does not offer an encrypted connection"),
    UPSTREAM_MISBEHAVED("upstream-misbehaved", 502, "The mail server gave an answer that makes no sense"),
    UNSUBSCRIBE_FAILED("unsubscribe-failed", 502, "The sender's server did not take you off the list"),
    UPSTREAM_UNAVAILABLE("upstream-unavailable", 503, "The mail server cannot be reached"),
    UNAVAILABLE("unavailable", 503, "Valija cannot do this right now"),
    UPSTREAM_TIMEOUT("upstream-timeout", 504, "The mail server did not answer in time"),
    OVER_QUOTA("over-quota", 507, "There is no space left in the mailbox");

    private final String slug;
    private final int status;
    private final String title;

    Problem(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** The value of {@code type}. */
    public String type() {
        return "/problems/" + slug;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
