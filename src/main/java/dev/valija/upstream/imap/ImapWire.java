package dev.valija.upstream.imap;

import dev.valija.upstream.net.GuardedSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.net.SocketFactory;
import org.eclipse.angus.mail.iap.LiteralException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.iap.ResponseInputStream;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.util.MailLogger;

/** Commands out, responses in. Angus writes and tags the commands; reading is ours, see {@link WireReader}. */
final class ImapWire extends IMAPProtocol {
    /** Up to this a refused literal costs less than the round trip that would have saved it (RFC 7888 5). */
    private static final int SMALL_LITERAL = 4096;
    /** All that a command is answered with, bodies that are passed on aside: five million flags are 300 MB. */
    private static final long LONGEST_ANSWER = 512L << 20;

    private final WireReader reader;
    private final GuardedSocket socket;
    private final MemoryBudget.Held held;
    private Line greeting;
    private boolean literalPlus;
    private boolean smallLiteralsOnly = true;

    @SuppressWarnings("NullAway.Init") // the super constructor reads the greeting
    ImapWire(GuardedSocket socket, MemoryBudget.Held held) throws IOException, ProtocolException {
        this.reader = new WireReader(socket.getInputStream(), held);
        this.socket = socket;
        this.held = held;
        super("imap", "dialled", 0, properties(socket), false, silent());
        suspendTracing(); // whatever the level of java.util.logging: passwords go through here
    }

    private static Properties properties(GuardedSocket socket) {
        var properties = new Properties();
        properties.put("mail.imap.socketFactory", new Dialled(socket));
        properties.put("mail.imap.socketFactory.fallback", "false");
        return properties;
    }

    private static MailLogger silent() {
        return new MailLogger("dev.valija.upstream.imap.angus", "", false, System.out);
    }

    WireReader reader() {
        return reader;
    }

    GuardedSocket socket() {
        return socket;
    }

    /** What is held of answers. */
    MemoryBudget.Held held() {
        return held;
    }

    Line greeting() {
        return greeting;
    }

    void literalPlus(boolean offered) {
        literalPlus = offered;
    }

    /** Sends a command and gives its tag. */
    String send(Command command) throws IOException, ProtocolException {
        smallLiteralsOnly = !command.hasLargeLiteral();
        socket.expect(reader.streamsBodies() ? LONGEST_ANSWER + WireReader.LONGEST_STREAMED : LONGEST_ANSWER);
        return writeCommand(command.name(), command.arguments());
    }

    /** Sends what answers a continuation request. */
    void sendLine(String line) throws IOException {
        OutputStream out = getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    Line next() throws IOException {
        try {
            return new Line(this);
        } catch (ProtocolException e) {
            throw new IOException("unreadable response", e);
        }
    }

    @Override
    public Response readResponse() throws IOException {
        return next();
    }

    @Override
    protected ResponseInputStream getInputStream() {
        return reader;
    }

    @Override
    protected void processGreeting(Response response) {
        greeting = (Line) response;
    }

    /** Nothing: the session asks for capabilities itself, within its bounds. */
    @Override
    public void capability() {}

    @Override
    public boolean hasCapability(String name) {
        return name.equals("LITERAL+") && literalPlus;
    }

    @Override
    protected synchronized boolean supportsNonSyncLiterals() {
        return literalPlus && smallLiteralsOnly;
    }

    static boolean isSmall(long literal) {
        return literal <= SMALL_LITERAL;
    }

    /** The tagged refusal of a literal. */
    static Line refusal(LiteralException e) {
        return (Line) e.getResponse();
    }

    /** Gives Angus the one socket that was dialled for it. */
    private static final class Dialled extends SocketFactory {
        private final GuardedSocket socket;

        Dialled(GuardedSocket socket) {
            this.socket = socket;
        }

        @Override
        public Socket createSocket() {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port, java.net.InetAddress localHost, int localPort) {
            return socket;
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(
                java.net.InetAddress address, int port, java.net.InetAddress localAddress, int localPort) {
            return socket;
        }
    }
}
