package dev.valija.support;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server that says what a script tells it to say: for the dialogues no well-behaved server offers. Each connection
 * runs the script once, on a thread of its own; when the script returns the connection is closed.
 */
public final class ScriptedServer implements AutoCloseable {

    /** One connection's course. */
    @FunctionalInterface
    public interface Script {
        void run(Dialogue dialogue) throws IOException;
    }

    private final ServerSocket listener;
    private final @Nullable SSLContext tls;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private volatile int connections;

    private ScriptedServer(@Nullable SSLContext tls, Script script) {
        this.tls = tls;
        this.script = script;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("scripted-server").start(this::accept);
    }

    /** Speaks TLS from the first byte, with a good certificate. */
    public static ScriptedServer tls(Script script) {
        return tls(TestCa.good(), script);
    }

    /** Speaks TLS from the first byte. */
    public static ScriptedServer tls(TestCa.Certificate certificate, Script script) {
        return new ScriptedServer(certificate.serverContext(), script);
    }

    /** Speaks plain text; {@link Dialogue#startTls} is there for STARTTLS. */
    public static ScriptedServer plain(Script script) {
        return new ScriptedServer(null, script);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Where it is, as a client of that security sees it. */
    public ServerSettings settings(Security security) {
        return new ServerSettings("localhost", port(), security);
    }

    /** All lines received so far, over all connections. */
    public List<String> received() {
        return List.copyOf(received);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                // Lines said one by one would each wait for the client's delayed acknowledgement, 40 ms.
                socket.setTcpNoDelay(true);
                open.add(socket);
                connections++;
                Thread.ofVirtual().name("scripted-dialogue").start(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var dialogue = new Dialogue(socket);
            if (tls != null) {
                dialogue.startTls(tls);
            }
            script.run(dialogue);
            dialogue.finish();
        } catch (IOException e) {
            // The client went, or was cut off: part of the play.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, from the server's side. */
    public final class Dialogue {
        private Socket socket;
        private InputStream in;

        private Dialogue(Socket socket) throws IOException {
            use(socket);
        }

        private void use(Socket used) throws IOException {
            socket = used;
            in = new BufferedInputStream(used.getInputStream());
        }

        /** Sends lines, each with CR LF. */
        public void say(String... lines) throws IOException {
            for (var line : lines) {
                send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        }

        /** Sends octets as they are. */
        public void send(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
        }

        /** Sends a text character by character, with a pause before each. */
        public void dribble(String text, Duration pause) throws IOException {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                LockSupport.parkNanos(pause.toNanos());
                send(new byte[] {b});
            }
        }

        /** The next line of the client, without its end. @throws EOFException when the client has gone */
        public String line() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the client has gone");
                }
                if (b != '\r') {
                    line.write(b);
                }
            }
            var text = line.toString(StandardCharsets.UTF_8);
            received.add(text);
            return text;
        }

        /** The next octets of the client: a literal. */
        public byte[] octets(int length) throws IOException {
            var octets = in.readNBytes(length);
            if (octets.length < length) {
                throw new EOFException("the client has gone");
            }
            return octets;
        }

        /** Speaks TLS from here on, with a good certificate. */
        public void startTls() throws IOException {
            startTls(TestCa.good().serverContext());
        }

        private void startTls(SSLContext context) throws IOException {
            var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            use(secured);
        }

        /** Changes the keys of TLS 1.3, which sends a record and asks for one, but no data. */
        public void rekey() throws IOException {
            ((SSLSocket) socket).startHandshake();
        }

        /** Reads nothing any more, and stays until the client has gone. */
        public void neverRead() {
            while (!socket.isClosed()) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }

        /** Says nothing more and waits until the client has had enough. */
        public void silence() throws IOException {
            while (in.read() >= 0) {
                // Whatever it says.
            }
        }

        /** Resets the connection (RST), as a dying network does. */
        public void reset() throws IOException {
            for (var ended : open) {
                if (ended.getPort() == socket.getPort()) {
                    ended.setSoLinger(true, 0);
                    ended.close();
                }
            }
            throw new EOFException("reset");
        }

        /** Closes the connection in an orderly way. */
        public void cut() throws IOException {
            socket.close();
            throw new EOFException("cut");
        }

        private void finish() throws IOException {
            socket.close();
        }
    }
}
