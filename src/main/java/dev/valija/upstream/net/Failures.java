package dev.valija.upstream.net;

import dev.valija.upstream.UpstreamException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what a failed read, write or handshake means. */
public final class Failures {
    private Failures() {}

    /** The meaning of a failure on an established connection; causes are looked through. */
    public static UpstreamException of(Throwable failure) {
        UpstreamException known = find(failure, UpstreamException.class);
        if (known != null) {
            return known;
        }
        if (find(failure, GuardException.class) != null) {
            return new UpstreamException.ProtocolViolation("The server sends more than any server should.", failure);
        }
        if (find(failure, SocketTimeoutException.class) != null) {
            return new UpstreamException.TimedOut("The server did not answer in time.", failure);
        }
        return new UpstreamException.Unavailable("The connection to the server was lost.", failure);
    }

    static UpstreamException ofHandshake(IOException failure, PlainSocket socket) {
        if (socket.spokePlainText()) {
            return new UpstreamException.NoTls("The server does not speak TLS on this port.", failure);
        }
        if (find(failure, CertificateException.class) != null) {
            return new UpstreamException.BadCertificate(
                    "The server's certificate is not trusted, has expired or is for another name.", failure);
        }
        if (find(failure, SocketTimeoutException.class) != null) {
            return new UpstreamException.TimedOut("The server did not agree on TLS in time.", failure);
        }
        if (find(failure, GuardException.class) != null) {
            return of(failure);
        }
        if (failure instanceof SSLException && find(failure, EOFException.class) == null) {
            return new UpstreamException.BadCertificate("No TLS could be agreed upon with the server.", failure);
        }
        return new UpstreamException.Unavailable("The server closed the connection before TLS stood.", failure);
    }

    static UpstreamException ofConnect(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return new UpstreamException.TimedOut("The server could not be reached in time.", failure);
        }
        String message = failure instanceof ConnectException
                ? "The server does not accept connections on this port."
                : "The server cannot be reached.";
        return new UpstreamException.Unavailable(message, failure);
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            if (kind.isInstance(t)) {
                return kind.cast(t);
            }
        }
        return null;
    }
}
