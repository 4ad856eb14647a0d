package dev.valija.support;

import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad line to a server, on loopback: each connection breaks off after a random number of octets, both ways counted.
 * What was passed on until then has arrived, so a command may have been obeyed and its answer lost.
 */
public final class CuttingProxy implements AutoCloseable {
    /** A handshake and a sign-in take about six thousand. */
    private static final int LEAST = 3_000;

    private static final int MOST = 60_000;

    private final ServerSettings server;
    private final ServerSocket listener;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean calm;

    public CuttingProxy(ServerSettings server, long seed) {
        this.server = server;
        this.random = new Random(seed);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("cutting-proxy").start(this::accept);
    }

    /** The server as it is reached through here. */
    public ServerSettings settings() {
        return new ServerSettings(server.host(), listener.getLocalPort(), server.security());
    }

    /** From now on nothing breaks off. */
    public void calm() {
        calm = true;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var near = listener.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), server.port());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                open.add(near);
                open.add(far);
                var left = new AtomicLong(LEAST + random.nextInt(MOST));
                Thread.ofVirtual().start(() -> pass(near, far, left));
                Thread.ofVirtual().start(() -> pass(far, near, left));
            } catch (IOException e) {
                // Closed, or the server is: the client will see.
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicLong left) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[8192];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                long rest = calm ? Long.MAX_VALUE : left.getAndAdd(-read);
                if (rest < read) {
                    out.write(buffer, 0, (int) Math.max(0, rest));
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // The other way has been cut.
        } finally {
            open.remove(from);
            open.remove(to);
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
}
