package dev.valija.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;

/**
 * A way to an IMAP server, on loopback and over TLS on both sides, that writes down the commands. Something may happen to
 * each APPEND; everything else passes as it is.
 */
public final class ImapProxy implements AutoCloseable {
    private static final Pattern APPEND = Pattern.compile("(\\S+) APPEND .*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)(\\+?)}");

    /** What happens to an APPEND. */
    public enum Fault {
        /** The line breaks off before the server hears of it. */
        BEFORE,
        /** The line breaks off half way through the message. */
        HALF_WAY,
        /** The server has done it, and nobody is told. */
        UNTOLD,
        /** The server says no. */
        REFUSED,
        NONE
    }

    private final ServerSettings server;
    private final SSLServerSocket listener;
    private final Supplier<Fault> next;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final List<String> commands = new CopyOnWriteArrayList<>();

    private ImapProxy(ServerSettings server, Supplier<Fault> next) {
        this.server = server;
        this.next = next;
        try {
            listener = (SSLServerSocket) TestCa.good()
                    .serverContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("imap-proxy").start(this::accept);
    }

    /** A line that holds. */
    public static ImapProxy to(ServerSettings server) {
        return new ImapProxy(server, () -> Fault.NONE);
    }

    /** One on which each APPEND has the fault that chance gives it. */
    public static ImapProxy withFaultyAppends(ServerSettings server, long seed) {
        var random = new Random(seed);
        return new ImapProxy(server, () -> Fault.values()[random.nextInt(Fault.values().length)]);
    }

    /** The lines with which commands began, over all connections; what goes on behind a literal is not among them. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** The server as it is reached through here. */
    public ServerSettings settings() {
        return new ServerSettings(server.host(), listener.getLocalPort(), Security.TLS);
    }

    /** How often each has happened. */
    public synchronized Map<Fault, Integer> happened() {
        return Map.copyOf(happened);
    }

    private synchronized Fault next() {
        var fault = next.get();
        happened.merge(fault, 1, Integer::sum);
        return fault;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var near = listener.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> {
                    try (near;
                            var far = TestCa.clientContext()
                                    .getSocketFactory()
                                    .createSocket(server.host(), server.port())) {
                        open.add(far);
                        new Way(near, far).pass();
                        open.remove(far);
                    } catch (IOException e) {
                        // One side has gone, and so does the other.
                    } finally {
                        open.remove(near);
                    }
                });
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    /** One connection. */
    private final class Way {
        private final Socket near;
        private final Socket far;
        private final InputStream fromClient;
        private final OutputStream toServer;
        /** The tag of the command whose answer is kept back. */
        private volatile String untold = "";

        Way(Socket near, Socket far) throws IOException {
            this.near = near;
            this.far = far;
            fromClient = new BufferedInputStream(near.getInputStream());
            toServer = far.getOutputStream();
        }

        void pass() throws IOException {
            Thread.ofVirtual().start(this::answers);
            boolean begins = true;
            for (var line = line(fromClient); line != null; line = line(fromClient)) {
                if (begins) {
                    commands.add(line);
                }
                begins = length(line) < 0;
                var append = APPEND.matcher(line);
                if (!(append.matches() ? append(line, append.group(1)) : command(line))) {
                    return;
                }
            }
        }

        /** @return whether the line holds */
        private boolean append(String line, String tag) throws IOException {
            switch (next()) {
                case BEFORE -> {
                    return false;
                }
                case HALF_WAY -> {
                    send(toServer, line);
                    toServer.write(fromClient.readNBytes(length(line) / 2));
                    toServer.flush();
                    return false;
                }
                case UNTOLD -> {
                    untold = tag;
                    return command(line);
                }
                case REFUSED -> {
                    if (line.endsWith("+}")) {
                        fromClient.skipNBytes(length(line));
                        line(fromClient);
                    }
                    answer(tag + " NO [UNAVAILABLE] Not now.");
                    return true;
                }
                case NONE -> {
                    return command(line);
                }
            }
            throw new AssertionError();
        }

        private boolean command(String line) throws IOException {
            send(toServer, line);
            int length = length(line);
            if (length >= 0) {
                toServer.write(fromClient.readNBytes(length));
                toServer.flush();
            }
            return true;
        }

        private void answers() {
            try (near;
                    far) {
                var fromServer = new BufferedInputStream(far.getInputStream());
                for (var line = line(fromServer); line != null; line = line(fromServer)) {
                    if (!untold.isEmpty() && line.startsWith(untold + " ")) {
                        return;
                    }
                    answer(line);
                }
            } catch (IOException e) {
                // One side has gone, and so does the other.
            }
        }

        private synchronized void answer(String line) throws IOException {
            send(near.getOutputStream(), line);
        }
    }

    /** Of the literal that begins behind this line; -1 for none. */
    private static int length(String line) {
        var literal = LITERAL.matcher(line);
        return literal.matches() ? Integer.parseInt(literal.group(1)) : -1;
    }

    private static void send(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    /** Without its end; null at the end of all. */
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(ISO_8859_1);
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
}
