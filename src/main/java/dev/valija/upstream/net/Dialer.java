package dev.valija.upstream.net;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Opens every connection: to mail providers, and to the web servers that mail names. It resolves once, holds every
 * address against policy, connects to an address it has checked (never to the name again, which might resolve
 * differently), and checks the certificate against the name the user gave. What it returns speaks TLS; there is no
 * other way out.
 */
@Component
public final class Dialer {
    private static final Duration LEAST_PER_ADDRESS = Duration.ofSeconds(2);

    private final UpstreamProperties settings;
    private final Network network;
    private final Resolver resolver;
    private final AddressPolicy mailServers;
    private final AddressPolicy webServers;
    private final SSLSocketFactory tls;

    @Autowired
    public Dialer(UpstreamProperties settings) {
        this(settings, Network.REAL);
    }

    Dialer(UpstreamProperties settings, Network network) {
        this.settings = settings;
        this.network = network;
        this.resolver = new Resolver(network);
        this.mailServers = new AddressPolicy(settings.allowedHosts());
        this.webServers = new AddressPolicy(settings.allowedWebHosts());
        this.tls = Trust.sockets(settings.trustedCertificates());
    }

    /**
     * Connects.
     *
     * @return a socket inside TLS whose next octets are the server's greeting (after STARTTLS one of ours); in HTTP
     *     the next word is ours
     * @throws UpstreamException of the kinds UnknownHost, HostRefused, Unavailable, TimedOut, NoTls, BadCertificate
     */
    public GuardedSocket dial(ServerSettings server, Dialect dialect) {
        String host = HostName.canonical(server.host());
        AddressPolicy policy = dialect == Dialect.HTTP ? webServers : mailServers;
        policy.check(host);
        long start = System.nanoTime();
        List<InetAddress> addresses = resolver.resolve(host, settings.connectTimeout());
        policy.check(host, addresses);
        PlainSocket plain = connect(addresses, server.port(), start);
        try {
            return secure(plain, host, server, dialect);
        } catch (RuntimeException | Error e) {
            Deadline.closeQuietly(plain);
            throw e;
        }
    }

    private PlainSocket connect(List<InetAddress> addresses, int port, long start) {
        IOException failure = new SocketTimeoutException("no time left to connect");
        for (int i = 0; i < addresses.size(); i++) {
            Duration left = settings.connectTimeout().minusNanos(System.nanoTime() - start);
            if (!left.isPositive()) {
                break;
            }
            Duration share = left.dividedBy(addresses.size() - i);
            Duration patience = min(left, max(share, LEAST_PER_ADDRESS));
            var socket = new PlainSocket();
            try {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                network.connect(
                        socket,
                        new InetSocketAddress(addresses.get(i), port),
                        Math.toIntExact(Math.max(1, patience.toMillis())));
                return socket;
            } catch (IOException e) {
                Deadline.closeQuietly(socket);
                failure = e;
            }
        }
        throw Failures.ofConnect(failure);
    }

    private GuardedSocket secure(PlainSocket plain, String host, ServerSettings server, Dialect dialect) {
        var deadline = new Deadline(plain, settings.tlsTimeout());
        try (deadline) {
            plain.setSoTimeout(Math.toIntExact(settings.tlsTimeout().toMillis()));
            boolean startTls = server.security() == Security.STARTTLS;
            if (startTls) {
                StartTls.negotiate(plain, dialect);
            }
            SSLSocket secured = handshake(plain, host, server.port());
            byte[] greeting = startTls || !dialect.serverSpeaksFirst() ? dialect.greeting() : firstOctet(secured);
            return new GuardedSocket(secured, plain, dialect, greeting, settings.readTimeout());
        } catch (IOException e) {
            if (deadline.passed()) {
                throw new UpstreamException.TimedOut("The server did not agree on TLS in time.", e);
            }
            throw Failures.ofHandshake(e, plain);
        }
    }

    /** A mail server speaks first; one that does not is none. */
    private byte[] firstOctet(SSLSocket secured) throws IOException {
        secured.setSoTimeout(Math.toIntExact(settings.greetingTimeout().toMillis()));
        int octet = secured.getInputStream().read();
        if (octet < 0) {
            throw new UpstreamException.Unavailable("The server closed the connection without a word.", null);
        }
        return new byte[] {(byte) octet};
    }

    private SSLSocket handshake(PlainSocket plain, String host, int port) throws IOException {
        var secured = (SSLSocket) tls.createSocket(plain, host, port, true);
        var parameters = secured.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        // RFC 6125 by the rules for HTTPS: subjectAltName, wildcard in the leftmost label only.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
