package dev.valija.upstream.pop3;

import dev.valija.upstream.Credentials;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardException;
import dev.valija.upstream.net.GuardedSocket;
import dev.valija.upstream.net.WireText;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** One signed-in session: commands, answers, octets. Once anything went wrong on the wire it is broken for good. */
final class Pop3Connection implements Closeable {
    /** RFC 2449 4 has 512; servers exceed that a little. */
    private static final int LONGEST_ANSWER = 4 << 10;

    private static final int MOST_CAPABILITIES = 200;
    /** Servers without codes say it in words, and refuse a good password then. */
    private static final Pattern BUSY =
            Pattern.compile("(?i)\\block(ed)?\\b|in use|busy|another session|temporar|try again|too many");

    private final GuardedSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[16 << 10];
    private int at;
    private int end;

    private Pop3Connection(GuardedSocket socket) {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects and signs in; the server may be silent for so long. */
    static Pop3Connection open(Dialer dialer, MaildropLogin login, Duration patience) {
        var credentials = login.credentials();
        if (!WireText.canSay(credentials.username()) || !WireText.canSay(credentials.password())) {
            throw new UpstreamException.CredentialsRejected("No such user name or password can be shown.", null);
        }
        var connection = new Pop3Connection(dialer.dial(login.server(), Dialect.POP3));
        try {
            connection.socket.patience(patience);
            connection.greet();
            connection.signIn(credentials);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw Failures.of(e);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        socket.expect(LONGEST_ANSWER);
        if (!answer().ok()) {
            throw new UpstreamException.Unavailable("The server turned the connection away.", null);
        }
    }

    private void signIn(Credentials credentials) throws IOException {
        var capabilities = capabilities();
        boolean coded = capabilities.contains("AUTH-RESP-CODE");
        Answer answer;
        if (capabilities.contains("SASL PLAIN")) {
            answer = ask("AUTH PLAIN", LONGEST_ANSWER);
            if (answer.goOn()) {
                var plain = "\0" + credentials.username() + "\0" + credentials.password();
                answer =
                        ask(Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)), LONGEST_ANSWER);
            }
        } else {
            answer = ask("USER " + credentials.username(), LONGEST_ANSWER);
            if (answer.ok()) {
                answer = ask("PASS " + credentials.password(), LONGEST_ANSWER);
            }
        }
        if (!answer.ok()) {
            throw refusedSignIn(answer, coded);
        }
    }

    /** RFC 3206 4: who has AUTH-RESP-CODE tells a wrong password from all else. */
    private static UpstreamException refusedSignIn(Answer answer, boolean coded) {
        boolean rejected = answer.code().isEmpty()
                ? !coded && !BUSY.matcher(answer.text()).find()
                : answer.code().equals("AUTH");
        return rejected
                ? new UpstreamException.CredentialsRejected("The server does not accept the password.", null)
                : new UpstreamException.Unavailable("The server does not let anybody in at the moment.", null);
    }

    /** RFC 2449 3; those of SASL one by one. Servers that know no CAPA have none. */
    private Set<String> capabilities() throws IOException {
        var capabilities = new HashSet<String>();
        if (ask("CAPA", (long) MOST_CAPABILITIES * LONGEST_ANSWER).ok()) {
            lines(MOST_CAPABILITIES, line -> {
                var words = line.toUpperCase(Locale.ROOT).split(" +", 20);
                if (words[0].equals("SASL")) {
                    for (int i = 1; i < words.length; i++) {
                        capabilities.add("SASL " + words[i]);
                    }
                } else {
                    capabilities.add(words[0]);
                }
            });
        }
        return capabilities;
    }

    /**
     * A status line.
     *
     * @param code of RFC 2449 8, in upper case; empty where there is none
     */
    record Answer(boolean ok, boolean goOn, String code, String text) {
        static Answer of(String line) throws GuardException {
            boolean ok = line.startsWith("+OK");
            boolean goOn = line.startsWith("+ ") || line.equals("+");
            if (!ok && !goOn && !line.startsWith("-ERR")) {
                throw new GuardException("an answer that is none");
            }
            String text = line.substring(Math.min(line.length(), ok ? 3 : goOn ? 1 : 4))
                    .strip();
            int close = text.startsWith("[") ? text.indexOf(']') : -1;
            String code = close < 0 ? "" : text.substring(1, close).toUpperCase(Locale.ROOT);
            return new Answer(ok, goOn, code, text);
        }
    }

    /**
     * Says a command.
     *
     * @param octets how many may come in answer, with what follows the first line
     */
    Answer ask(String command, long octets) throws IOException {
        if (at < end) {
            throw new GuardException("the server says more than it was asked");
        }
        socket.expect(octets);
        out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return answer();
    }

    private Answer answer() throws IOException {
        return Answer.of(line());
    }

    /** The lines of an answer of several, one at a time. */
    void lines(int most, Consumer<String> each) throws IOException {
        for (int i = 0; i <= most; i++) {
            String line = line();
            if (line.equals(".")) {
                return;
            }
            each.accept(line.startsWith(".") ? line.substring(1) : line);
        }
        throw new GuardException("an answer of too many lines");
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (line.length() >= LONGEST_ANSWER) {
                throw new GuardException("an answer does not end");
            }
            line.append((char) octet);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    /**
     * The octets of a message up to the final dot, without the dots that were put before those that begin a line
     * (RFC 1939 3). A line ends with CR LF and nothing less: else a message could end before its end.
     */
    void message(OutputStream into) throws IOException {
        var octets = new Unstuffed(into);
        while (true) {
            if (at == end) {
                fill();
            }
            int used = octets.write(buffer, at, end);
            at += used;
            if (octets.ended()) {
                octets.flush();
                return;
            }
        }
    }

    private int read() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++] & 0xff;
    }

    private void fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new EOFException("the server has hung up");
        }
        at = 0;
        end = count;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }
}
