package dev.valija.upstream.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/** The two things asked of the operating system for a connection; a seam, for tests that play a hostile name server. */
interface Network {
    /** The machine's own. */
    Network REAL = new Network() {
        @Override
        public InetAddress[] lookUp(String name) throws UnknownHostException {
            return InetAddress.getAllByName(name);
        }

        @Override
        public void connect(Socket socket, InetSocketAddress address, int millis) throws IOException {
            socket.connect(address, millis);
        }
    };

    /** All addresses of a name or IP literal. */
    InetAddress[] lookUp(String name) throws UnknownHostException;

    /** Connects to a resolved address. */
    void connect(Socket socket, InetSocketAddress address, int millis) throws IOException;
}
