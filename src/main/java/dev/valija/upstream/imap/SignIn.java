package dev.valija.upstream.imap;

import dev.valija.upstream.Credentials;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardedSocket;
import dev.valija.upstream.net.WireText;
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

    /** Connects, so that it can be signed in. */
    ImapSession connect(ServerSettings server, MemoryBudget.Held held) {
        return greet(dialer.dial(server, Dialect.IMAP), held);
    }

    /** Signs in. @throws UpstreamException.CredentialsRejected among others */
    void signIn(ImapSession session, Credentials credentials) {
        if (!WireText.canSay(credentials.username()) || !WireText.canSay(credentials.password())) {
            throw new UpstreamException.CredentialsRejected("No such user name or password can be shown.", null);
        }
        if (!session.knowsCapabilities()) {
            session.run(Command.of("CAPABILITY"));
        }
        authenticate(session, credentials);
        prepare(session);
        session.signedIn();
    }

    private static ImapSession greet(GuardedSocket socket, MemoryBudget.Held held) {
        try {
            var wire = new ImapWire(socket, held);
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
        } catch (IOException | ProtocolException | UpstreamException e) {
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
        return session.can("SASL-IR")
                ? session.attempt(command.atom(response), line -> {})
                : session.attempt(command, response);
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
