package dev.valija.upstream.net;

import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The few lines spoken in plain text before TLS. Nothing said here is believed later: capabilities are asked for anew,
 * and octets that arrive after the go-ahead are an injection (RFC 9051 6.2.1, RFC 3207 4.2).
 */
final class StartTls {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_LINES = 100;

    private final PlainSocket socket;
    private final InputStream in;

    private StartTls(PlainSocket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Speaks until the server is ready for our first TLS octet. */
    static void negotiate(PlainSocket socket, Dialect dialect) throws IOException {
        var dialogue = new StartTls(socket);
        switch (dialect) {
            case IMAP -> dialogue.imap();
            case POP3 -> dialogue.pop3();
            case SMTP -> dialogue.smtp();
            case HTTP -> throw new UpstreamException.NoTls("There is no STARTTLS in HTTP.", null);
        }
        // Read octet by octet, so nothing is buffered here: whatever waits in the socket came in plain text.
        if (dialogue.in.available() > 0) {
            throw new UpstreamException.ProtocolViolation("The server spoke between STARTTLS and TLS.", null);
        }
        socket.startTls();
    }

    private void imap() throws IOException {
        String greeting = line();
        if (greeting.startsWith("* BYE")) {
            throw new UpstreamException.Unavailable("The server turned the connection away.", null);
        }
        // RFC 9051 11.1: after PREAUTH no STARTTLS is possible, and somebody in between may have said it.
        require(greeting.startsWith("* OK"));
        send("S1 STARTTLS");
        for (int i = 0; i < MOST_LINES; i++) {
            String answer = line();
            if (answer.startsWith("S1 ")) {
                require(answer.startsWith("S1 OK"));
                return;
            }
        }
        throw new GuardException("endless answer to STARTTLS");
    }

    private void pop3() throws IOException {
        require(line().startsWith("+OK"));
        send("STLS");
        require(line().startsWith("+OK"));
    }

    private void smtp() throws IOException {
        require(reply().startsWith("220"));
        send("EHLO [" + socket.getLocalAddress().getHostAddress() + "]");
        String offers = reply();
        require(offers.startsWith("250") && offers.contains("STARTTLS"));
        send("STARTTLS");
        require(reply().startsWith("220"));
    }

    /** All lines of an SMTP reply (RFC 5321 4.2.1). */
    private String reply() throws IOException {
        var reply = new StringBuilder();
        for (int i = 0; i < MOST_LINES; i++) {
            String line = line();
            reply.append(line).append('\n');
            if (line.length() < 4 || line.charAt(3) != '-') {
                return reply.toString();
            }
        }
        throw new GuardException("endless reply");
    }

    private static void require(boolean willing) {
        if (!willing) {
            throw new UpstreamException.NoTls("The server does not offer STARTTLS.", null);
        }
    }

    private void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed before TLS");
            }
            if (octet == '\n') {
                return line.toString().strip().toUpperCase(Locale.ROOT);
            }
            if (line.append((char) octet).length() > LONGEST_LINE) {
                throw new GuardException("endless line before TLS");
            }
        }
    }
}
