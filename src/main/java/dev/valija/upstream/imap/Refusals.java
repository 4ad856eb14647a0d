package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a NO, BAD or BYE means (RFC 9051 7.1, RFC 5530, RFC 9208). */
final class Refusals {
    private static final Duration LIMIT_PAUSE = Duration.ofSeconds(60);

    private Refusals() {}

    /** The server allows no more connections for this user; carried as a cause, so that the pool can make do with one. */
    static final class TooManyConnections extends RuntimeException {
        TooManyConnections() {
            super("the server limits connections", null, false, false);
        }
    }

    /** The meaning of a refused command, or a plain refusal where nothing is said. */
    static UpstreamException of(Line line) {
        UpstreamException coded = coded(line);
        return coded != null ? coded : new UpstreamException.NotSupported("The mail server refused to do this.", null);
    }

    /** The meaning of a refused command that names a mailbox which has to be there. */
    static UpstreamException ofMailbox(Line line) {
        UpstreamException coded = coded(line);
        return coded != null || line.isBAD() ? of(line) : notThere();
    }

    static UpstreamException notThere() {
        return new UpstreamException.NotFound("There is no such mailbox on the mail server.");
    }

    static UpstreamException exists() {
        return new UpstreamException.AlreadyExists("There is a mailbox of that name already.");
    }

    /** The meaning of a refused sign-in. */
    static UpstreamException ofLogin(Line line) {
        String code = code(line);
        if (code.equals("UNAVAILABLE") || code.equals("SERVERBUG") || code.equals("INUSE")) {
            return unavailable();
        }
        String text = line.text();
        if (code.equals("LIMIT")
                || text.contains("too many")
                || text.contains("number of connections")
                || text.contains("connection limit")) {
            return new UpstreamException.Unavailable(
                    "The mail server allows no more connections for this account.",
                    LIMIT_PAUSE,
                    new TooManyConnections());
        }
        if (code.equals("PRIVACYREQUIRED")) {
            return new UpstreamException.NoTls("The mail server finds the connection not private enough.", null);
        }
        return new UpstreamException.CredentialsRejected(
                "The mail server does not accept this user name and password.", null);
    }

    static UpstreamException ofBye(Line line) {
        return code(line).equals("LIMIT") || line.text().contains("too many")
                ? ofLogin(line)
                : new UpstreamException.Unavailable("The mail server closed the connection.", null);
    }

    private static UpstreamException unavailable() {
        return new UpstreamException.Unavailable("The mail server cannot do this right now.", null);
    }

    private static @Nullable UpstreamException coded(Line line) {
        return switch (code(line)) {
            case "NOPERM", "CANNOT", "READ-ONLY", "HASCHILDREN", "UNKNOWN-CTE", "USEATTR", "NOTSAVED", "BADCHARSET" ->
                new UpstreamException.NotSupported("The mail server does not allow this.", null);
            case "OVERQUOTA" -> new UpstreamException.OverQuota("There is no space left in the mailbox.");
            case "TOOBIG" -> new UpstreamException.NotSupported("The message is too large for the mail server.", null);
            case "ALREADYEXISTS" -> exists();
            case "NONEXISTENT", "TRYCREATE" -> notThere();
            case "UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", "EXPUNGEISSUED" -> unavailable();
            case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED" -> ofLogin(line);
            default -> null;
        };
    }

    private static String code(Line line) {
        String code = line.code();
        return code == null ? "" : code;
    }
}
