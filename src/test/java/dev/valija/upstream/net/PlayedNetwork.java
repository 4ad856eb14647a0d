package dev.valija.upstream.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A network in which name servers lie as a test wants them to; public addresses lead to ports of this machine. */
final class PlayedNetwork implements Network {
    private final Function<String, List<String>> names;
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    final List<String> lookUps = new CopyOnWriteArrayList<>();
    final List<String> connections = new CopyOnWriteArrayList<>();

    /** With what each name that is asked for resolves to; IP literals are what they are. */
    PlayedNetwork(Function<String, List<String>> names) {
        this.names = names;
    }

    /** Has a server of this machine answer at that address. */
    PlayedNetwork with(String address, int port) {
        ports.put(address, port);
        return this;
    }

    @Override
    public InetAddress[] lookUp(String name) throws UnknownHostException {
        lookUps.add(name);
        try {
            return new InetAddress[] {InetAddress.ofLiteral(name)};
        } catch (IllegalArgumentException e) {
            var addresses =
                    names.apply(name).stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
            if (addresses.length == 0) {
                throw new UnknownHostException(name);
            }
            return addresses;
        }
    }

    @Override
    public void connect(Socket socket, InetSocketAddress address, int millis) throws IOException {
        var host = address.getAddress().getHostAddress();
        connections.add(host);
        var port = ports.get(host);
        if (port == null) {
            throw new ConnectException("nobody is at " + host);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
    }
}
