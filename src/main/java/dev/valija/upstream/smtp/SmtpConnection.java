package dev.valija.upstream.smtp;

import dev.valija.upstream.MailTransport.Reply;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardedSocket;
import dev.valija.upstream.net.WireText;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * One signed-in submission connection: the commands, one by one, on Angus's transport. Angus's own
 * {@code sendMessage} wants the message in memory and hides which recipient got which reply.
 */
final class SmtpConnection extends SMTPTransport {
    /** RFC 5321 4.5.3.2.6 has ten minutes for the reply to the final dot; a server that is alive needs fewer. */
    private static final Duration AFTER_FINAL_DOT = Duration.ofMinutes(5);

    /** So many commands are written before their replies are read (RFC 2920 3.1): far below any socket's buffer. */
    private static final int PIPELINE = 50;

    /** Angus gathers the lines of a reply as long as they come; this is enough for {@link #PIPELINE} replies. */
    private static final long LONGEST_REPLIES = 256 << 10;

    private final GuardedSocket socket;
    private final Duration patience;

    private SmtpConnection(Session session, URLName login, GuardedSocket socket, Duration patience) {
        super(session, login);
        this.socket = socket;
        this.patience = patience;
    }

    /** Connects and signs in; the server may be silent for so long. */
    static SmtpConnection open(Dialer dialer, ServerLogin login, Duration patience) {
        var credentials = login.credentials();
        if (!WireText.canSay(credentials.username()) || !WireText.canSay(credentials.password())) {
            throw new UpstreamException.CredentialsRejected("No such user name or password can be shown.", null);
        }
        var socket = dialer.dial(login.transport(), Dialect.SMTP);
        var name = new URLName("smtp", null, -1, null, credentials.username(), credentials.password());
        var connection = new SmtpConnection(session(socket.getLocalAddress()), name, socket, patience);
        try {
            socket.patience(patience);
            socket.expect(LONGEST_REPLIES);
            connection.connect(socket);
            return connection;
        } catch (AuthenticationFailedException e) {
            int code = connection.getLastReturnCode();
            connection.abort();
            // RFC 4954 6: 454 is a temporary failure of the server's, not of the password.
            throw code >= 400 && code < 500
                    ? new UpstreamException.Unavailable("The server cannot check passwords at the moment.", e)
                    : new UpstreamException.CredentialsRejected("The server does not accept the password.", e);
        } catch (MessagingException e) {
            int code = connection.getLastReturnCode();
            connection.abort();
            throw code >= 400
                    ? new UpstreamException.Unavailable("The server turned the connection away.", e)
                    : Failures.of(e);
        } catch (IOException e) {
            connection.abort();
            throw Failures.of(e);
        }
    }

    private static Session session(InetAddress own) {
        var properties = new Properties();
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        // RFC 5321 4.1.3: an address literal, since our name is nobody's business.
        var literal = own instanceof Inet6Address
                ? "IPv6:" + own.getHostAddress().replaceFirst("%.*", "")
                : own.getHostAddress();
        properties.setProperty("mail.smtp.localhost", "[" + literal + "]");
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty("mail.mime.allowutf8", "true");
        return Session.getInstance(properties);
    }

    /** The server's limit by RFC 1870, or 0. */
    long sizeLimit() {
        String limit = getExtensionParameter("SIZE");
        try {
            return limit == null || limit.isBlank() ? 0 : Long.parseLong(limit.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Says these commands, all at once where the server likes that (RFC 2920), and reads a reply to each. */
    synchronized List<Reply> say(List<String> commands) {
        int ahead = supportsExtension("PIPELINING") ? PIPELINE : 1;
        var replies = new ArrayList<Reply>();
        try {
            for (int i = 0; i < commands.size(); i += ahead) {
                var together = commands.subList(i, Math.min(i + ahead, commands.size()));
                for (String command : together) {
                    sendCommand(command);
                }
                for (int j = 0; j < together.size(); j++) {
                    replies.add(reply());
                }
            }
            return replies;
        } catch (MessagingException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Writes the message, dots stuffed and line ends made CR LF, after the server's go-ahead to DATA.
     *
     * @throws IOException only when {@code message} cannot be read
     */
    void write(InputStream message) throws IOException {
        byte[] buffer = new byte[8192];
        // Angus flushes its own stream after each command, so nothing of that is overtaken.
        var buffered = new BufferedOutputStream(socket.getOutputStream(), 16 << 10);
        var out = new SMTPOutputStream(buffered);
        for (int count = message.read(buffer); count >= 0; count = message.read(buffer)) {
            try {
                out.write(buffer, 0, count);
            } catch (IOException e) {
                throw Failures.of(e);
            }
        }
        try {
            out.ensureAtBOL();
            buffered.flush();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Says the final dot: from here on the message may be on its way.
     *
     * @throws UpstreamException.OutcomeUnknown when no reply comes
     */
    synchronized Reply finalDot() {
        try {
            socket.patience(AFTER_FINAL_DOT);
            sendCommand(".");
            int code = readServerResponse();
            socket.patience(patience);
            if (code < 200) {
                throw new UpstreamException.OutcomeUnknown("The connection was lost after the message.", null);
            }
            return new Reply(code, text());
        } catch (MessagingException | IOException e) {
            throw new UpstreamException.OutcomeUnknown("The connection was lost after the message.", e);
        }
    }

    /** Whether the server still listens; leaves no transaction behind. */
    boolean alive() {
        try {
            return say(List.of("RSET")).getFirst().code() == 250;
        } catch (UpstreamException e) {
            return false;
        }
    }

    /** Closes without a word: in the midst of data even QUIT would be taken for text. */
    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }

    /** Takes leave and closes. */
    void quit() {
        try {
            close();
        } catch (MessagingException e) {
            // It is given up anyway.
        } finally {
            abort();
        }
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (!WireText.canSay(command)) {
            throw new MessagingException("a command is one line");
        }
        socket.expect(LONGEST_REPLIES);
        super.sendCommand(command);
    }

    private Reply reply() throws MessagingException {
        return replyOrLoss(readServerResponse());
    }

    private Reply replyOrLoss(int code) {
        if (code == 421) {
            throw new UpstreamException.Unavailable("The server closes the connection.", null);
        }
        if (code < 200) {
            throw new UpstreamException.Unavailable("The connection to the server was lost.", null);
        }
        return new Reply(code, text());
    }

    /** The texts of all lines of the last reply, without codes and control characters. */
    private String text() {
        String said = getLastServerResponse();
        String text = said == null
                ? ""
                : said.replaceAll("(?m)^\\d{3}[- ]?", "")
                        .replaceAll("[\\p{Cntrl}\\s]+", " ")
                        .strip();
        return text.length() > 500 ? text.substring(0, 500) : text;
    }
}
