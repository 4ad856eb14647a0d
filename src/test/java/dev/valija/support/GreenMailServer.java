package dev.valija.support;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;

/** A GreenMail with IMAPS, SMTPS and POP3S on free loopback ports, showing a certificate of {@link TestCa}. */
public final class GreenMailServer implements AutoCloseable {
    public static final String PASSWORD = "secret";

    private final GreenMail greenMail;

    private GreenMailServer() {
        greenMail = started();
    }

    public static GreenMailServer start() {
        return new GreenMailServer();
    }

    private static GreenMail started() {
        claimTls();
        var server = new GreenMail(new ServerSetup[] {
            setup(ServerSetup.PROTOCOL_IMAPS), setup(ServerSetup.PROTOCOL_SMTPS), setup(ServerSetup.PROTOCOL_POP3S),
        });
        server.start();
        return server;
    }

    private static ServerSetup setup(String protocol) {
        var setup = new ServerSetup(0, "localhost", protocol);
        setup.setServerStartupTimeout(60_000); // two seconds are too few on a busy machine
        return setup;
    }

    /**
     * Makes every GreenMail of this JVM show the certificate of {@link TestCa}: it takes its key store from system
     * properties, once.
     */
    public static synchronized void claimTls() {
        var certificate = TestCa.good();
        System.setProperty("greenmail.tls.keystore.file", certificate.keyStore().toString());
        System.setProperty("greenmail.tls.keystore.password", certificate.password());
        try {
            DummySSLServerSocketFactory.getDefault();
        } finally {
            System.clearProperty("greenmail.tls.keystore.file");
            System.clearProperty("greenmail.tls.keystore.password");
        }
    }

    /** A user who is there from now on; the address is the login. */
    public ServerLogin login(long accountId, String address) {
        greenMail.setUser(address, address, PASSWORD);
        return new ServerLogin(accountId, imaps(), smtps(), new Credentials(address, PASSWORD));
    }

    public ServerSettings imaps() {
        return new ServerSettings("localhost", greenMail.getImaps().getPort(), Security.TLS);
    }

    public ServerSettings smtps() {
        return new ServerSettings("localhost", greenMail.getSmtps().getPort(), Security.TLS);
    }

    public ServerSettings pop3s() {
        return new ServerSettings("localhost", greenMail.getPop3s().getPort(), Security.TLS);
    }

    /** The server itself. */
    public GreenMail greenMail() {
        return greenMail;
    }

    @Override
    public void close() {
        greenMail.stop();
    }
}
