package dev.valija.upstream.imap;

import dev.valija.upstream.Credentials;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardedSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.springframework.stereotype.Component;

/** Makes signed-in connections. */
@Component
final class SignIn {
    private final Dialer dialer;

    SignIn(Dialer dialer) {
        this.dialer = dialer;
    }

    /** Connects and signs in. @throws UpstreamException.CredentialsRejected among others */
    ImapSession open(ServerSettings server, Credentials credentials) {
        GuardedSocket socket = dialer.dial(server, Dialect.IMAP);
        ImapSession session = greet(socket);
        try {
            if (!session.knowsCapabilities()) {
                session.run(Command.of("CAPABILITY"));
            }
            authenticate(session, credentials);
            prepare(session);
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private static ImapSession greet(GuardedSocket socket) {
        try {
            var wire = new ImapWire(socket);
            var session = new ImapSession(wire);
            Line greeting = wire.greeting();
            if (greeting.isBYE()) {
                session.close();
                throw Refusals.ofBye(greeting);
            }
            // RFC 9051 7.1.4: a greeting with PREAUTH would sign us in as somebody the user did not name.
            if (!greeting.isOK()) {
                session.close();
                throw Tokens.malformed();
            }
            session.noteCapabilityCode(greeting);
            return session;
        } catch (IOException | ProtocolException e) {
            closeQuietly(socket);
            throw Failures.of(e);
        }
    }

    private static void closeQuietly(GuardedSocket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // given up anyway
        }
    }

    private static void authenticate(ImapSession session, Credentials credentials) {
        if (session.can("LOGINDISABLED") && !session.can("AUTH=PLAIN")) {
            throw new UpstreamException.NotSupported("The mail server lets nobody in with a password.", null);
        }
        session.signIn(() -> {
            Line result = session.can("AUTH=PLAIN")
                    ? plain(session, credentials)
                    : session.attempt(
                            Command.of("LOGIN").string(credentials.username()).string(credentials.password()),
                            line -> {});
            if (!result.isOK()) {
                throw Refusals.ofLogin(result);
            }
        });
        if (!session.knowsCapabilities()) {
            session.run(Command.of("CAPABILITY"));
        }
    }

    /** RFC 4616, with the initial response where RFC 4959 allows it. */
    private static Line plain(ImapSession session, Credentials credentials) {
        String message = "\0" + credentials.username() + "\0" + credentials.password();
        String response = Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
        Command command = Command.of("AUTHENTICATE").atom("PLAIN");
        if (session.can("SASL-IR")) {
            return session.attempt(command.atom(response), line -> {});
        }
        return session.attempt(command, line -> {
            if (line.isContinuation()) {
                session.answer(response);
            }
        });
    }

    /** Switches on what we use, and says who we are: some providers let nobody in who does not (RFC 2971). */
    private static void prepare(ImapSession session) {
        List<Command> commands = new ArrayList<>();
        if (session.can("ENABLE") && session.can("QRESYNC")) {
            commands.add(Command.of("ENABLE").atom("QRESYNC"));
        }
        if (session.can("ID")) {
            commands.add(Command.of("ID").list(Command.listOf("\"name\"", "\"Valija\"")));
        }
        if (!commands.isEmpty()) {
            session.attemptAll(commands, line -> {});
        }
    }
}
