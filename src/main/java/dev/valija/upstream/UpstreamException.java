package dev.valija.upstream;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a provider did not do what was asked. Messages hold no secret, no subject and no banner of the server. */
public abstract sealed class UpstreamException extends ProblemException {

    private UpstreamException(Problem problem, String message, @Nullable Throwable cause) {
        super(problem, message, cause);
    }

    /** Whether the connection is still in step, so that it may be used again. */
    public boolean connectionUsable() {
        return false;
    }

    /** No connection, or it was lost, or the server said it is busy (BYE, [UNAVAILABLE], [INUSE], 421). */
    public static final class Unavailable extends UpstreamException {
        private final Duration retryAfter;

        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, Duration.ofSeconds(30), cause);
        }

        public Unavailable(String message, Duration retryAfter, @Nullable Throwable cause) {
            super(Problem.UPSTREAM_UNAVAILABLE, message, cause);
            this.retryAfter = retryAfter;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(retryAfter);
        }
    }

    /** A deadline passed: connect, TLS, greeting, command or progress. */
    public static final class TimedOut extends UpstreamException {
        public TimedOut(String message, @Nullable Throwable cause) {
            super(Problem.UPSTREAM_TIMEOUT, message, cause);
        }
    }

    /** The host has no address, or the name is none. */
    public static final class UnknownHost extends UpstreamException {
        public UnknownHost(String message, @Nullable Throwable cause) {
            super(Problem.SERVER_UNKNOWN, message, cause);
        }
    }

    /** Policy forbids the address (loopback, private, link-local …): the operator may allow the host. */
    public static final class HostRefused extends UpstreamException {
        public HostRefused(String message) {
            super(Problem.SERVER_REFUSED, message, null);
        }
    }

    /** The certificate is not trusted, expired or for another name; or TLS could not be agreed upon. */
    public static final class BadCertificate extends UpstreamException {
        public BadCertificate(String message, @Nullable Throwable cause) {
            super(Problem.CERTIFICATE_REJECTED, message, cause);
        }
    }

    /** The server speaks plain text where TLS is demanded, or offers no STARTTLS. */
    public static final class NoTls extends UpstreamException {
        public NoTls(String message, @Nullable Throwable cause) {
            super(Problem.SERVER_WITHOUT_TLS, message, cause);
        }
    }

    /** The server does not accept the user name or password. */
    public static final class CredentialsRejected extends UpstreamException {
        public CredentialsRejected(String message, @Nullable Throwable cause) {
            super(Problem.ACCOUNT_CREDENTIALS_REJECTED, message, cause);
        }
    }

    /** The mailbox, message or part is not there. */
    public static final class NotFound extends UpstreamException {
        public NotFound(String message) {
            super(Problem.NOT_FOUND, message, null);
        }

        @Override
        public boolean connectionUsable() {
            return true;
        }
    }

    /** The messages were named by ids from before a renumbering (UIDVALIDITY): nothing was done to any. */
    public static final class Renumbered extends UpstreamException {
        public Renumbered(String message) {
            super(Problem.CONFLICT, message, null);
        }

        @Override
        public boolean connectionUsable() {
            return true;
        }
    }

    /** There is one of that name already. */
    public static final class AlreadyExists extends UpstreamException {
        public AlreadyExists(String message) {
            super(Problem.ALREADY_EXISTS, message, null);
        }

        @Override
        public boolean connectionUsable() {
            return true;
        }
    }

    /** The server cannot or will not (NO, BAD, [NOPERM], [CANNOT]). */
    public static final class NotSupported extends UpstreamException {
        public NotSupported(String message, @Nullable Throwable cause) {
            super(Problem.OPERATION_NOT_SUPPORTED, message, cause);
        }

        @Override
        public boolean connectionUsable() {
            return true;
        }
    }

    /** The user's space is used up (RFC 9208 [OVERQUOTA]). */
    public static final class OverQuota extends UpstreamException {
        public OverQuota(String message) {
            super(Problem.OVER_QUOTA, message, null);
        }

        @Override
        public boolean connectionUsable() {
            return true;
        }
    }

    /** The server says what no such server should: malformed, endless or too large. The connection is closed. */
    public static final class ProtocolViolation extends UpstreamException {
        public ProtocolViolation(String message, @Nullable Throwable cause) {
            super(Problem.UPSTREAM_MISBEHAVED, message, cause);
        }
    }

    /** The submission server took the message for nobody. Nothing was sent. */
    public static final class Rejected extends UpstreamException {
        private final Map<String, MailTransport.Reply> replies;

        /**
         * Nobody gets it.
         *
         * @param replies by recipient; the empty key stands for the message as a whole
         */
        public Rejected(String message, Map<String, MailTransport.Reply> replies) {
            super(Problem.MESSAGE_REFUSED, message, null);
            this.replies = Map.copyOf(replies);
        }

        public Map<String, MailTransport.Reply> replies() {
            return replies;
        }

        /** Whether trying again may help: no reply is a permanent one. */
        public boolean temporary() {
            return replies.values().stream().noneMatch(MailTransport.Reply::permanent);
        }
    }

    /** The connection went between the final dot and the reply: the message may or may not have been sent. */
    public static final class OutcomeUnknown extends UpstreamException {
        public OutcomeUnknown(String message, @Nullable Throwable cause) {
            super(Problem.UPSTREAM_UNAVAILABLE, message, cause);
        }
    }
}
