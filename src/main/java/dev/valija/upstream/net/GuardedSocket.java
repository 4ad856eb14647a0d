package dev.valija.upstream.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** A connected socket whose peer has proven its name, with guarded streams. It cannot be pointed elsewhere. */
public final class GuardedSocket extends Socket {
    /** Before anything is asked a server says hello, and no more. */
    private static final int LONGEST_GREETING = 64 << 10;

    private final SSLSocket tls;
    private final PlainSocket plain;
    private final GuardedInput guarded;
    private final InputStream in;
    private final GuardedOutput out;

    GuardedSocket(SSLSocket tls, PlainSocket plain, Dialect dialect, byte[] opening, Duration patience)
            throws IOException {
        this.tls = tls;
        this.plain = plain;
        this.guarded = new GuardedInput(tls.getInputStream(), plain, dialect.longestLine(), patience);
        this.in = new SequenceInputStream(new ByteArrayInputStream(opening), guarded);
        this.out = new GuardedOutput(tls.getOutputStream(), plain, patience);
        tls.setSoTimeout(Math.toIntExact(patience.toMillis()));
        guarded.expect(LONGEST_GREETING);
    }

    /** How long the server may be silent from now on. */
    public void patience(Duration patience) throws SocketException {
        tls.setSoTimeout(Math.toIntExact(patience.toMillis()));
        guarded.patience(patience);
    }

    /** An exchange begins: so many octets may come, and the waiting is counted anew, until this is said again. */
    public void expect(long octets) {
        guarded.expect(octets);
        out.begin();
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    /** Nothing: the dialer has connected, to an address it had checked. */
    @Override
    public void connect(SocketAddress ignored) {}

    /** Nothing: the dialer has connected, to an address it had checked. */
    @Override
    public void connect(SocketAddress ignored, int timeout) {}

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        tls.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return tls.getSoTimeout();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        plain.setTcpNoDelay(on);
    }

    @Override
    public InetAddress getInetAddress() {
        return plain.getInetAddress();
    }

    @Override
    public int getPort() {
        return plain.getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        return plain.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return plain.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return plain.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return plain.getLocalSocketAddress();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return plain.isClosed();
    }

    /** Closes at once: TLS's polite farewell could block behind a write that is stuck. */
    @Override
    public void close() throws IOException {
        guarded.forget();
        plain.close();
    }
}
