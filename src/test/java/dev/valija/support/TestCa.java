package dev.valija.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority made for this test run, and server certificates by it. One per JVM; what it makes lies in a
 * temporary directory. The JDK's keytool does the work, so nothing secret is ever committed.
 */
public final class TestCa {
    private static final char[] PASSWORD = "test-ca".toCharArray();
    private static final Path DIRECTORY = directory();
    private static final Map<String, Certificate> MADE = new ConcurrentHashMap<>();
    /** Opening a key store takes a third of a second, on purpose. */
    private static final Map<Certificate, SSLContext> CONTEXTS = new ConcurrentHashMap<>();

    static {
        keytool("-genkeypair -alias ca -dname CN=Valija-Test-CA -keyalg EC -groupname secp256r1 -validity 2"
                + " -startdate -1d -ext bc:c=ca:true,pathlen:0 -ext ku:c=keyCertSign,cRLSign");
        write(DIRECTORY.resolve("ca.pem"), pem("CERTIFICATE", encoded("ca")));
    }

    private TestCa() {}

    /** The authority's own certificate, PEM: what {@code valija.upstream.trusted-certificates} wants. */
    public static Path pem() {
        return DIRECTORY.resolve("ca.pem");
    }

    /** For localhost and 127.0.0.1, valid. */
    public static Certificate good() {
        return certificate("good", "-startdate -1d -validity 2 -ext san=dns:localhost,ip:127.0.0.1");
    }

    /** For localhost and 127.0.0.1, expired some days ago. */
    public static Certificate expired() {
        return certificate("expired", "-startdate -10d -validity 5 -ext san=dns:localhost,ip:127.0.0.1");
    }

    /** Valid, for another host. */
    public static Certificate wrongName() {
        return certificate("wrong-name", "-startdate -1d -validity 2 -ext san=dns:elsewhere.example.org");
    }

    /** For localhost, by an authority that nobody knows. */
    public static Certificate unknownIssuer() {
        return MADE.computeIfAbsent("unknown", alias -> {
            keytool("-genkeypair -alias unknown -dname CN=localhost -keyalg EC -groupname secp256r1 -startdate -1d"
                    + " -validity 2 -ext san=dns:localhost,ip:127.0.0.1");
            return export(alias);
        });
    }

    /** A context for clients that trust this authority and nobody else. */
    public static SSLContext clientContext() {
        try {
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", store().getCertificate("ca"));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A server certificate with its key, in the forms servers want.
     *
     * @param chain PEM
     * @param key PKCS#8 PEM
     * @param keyStore PKCS#12 of both
     * @param password of the key store
     */
    public record Certificate(Path chain, Path key, Path keyStore, String password) {
        /** A context for servers that show it. */
        public SSLContext serverContext() {
            return CONTEXTS.computeIfAbsent(this, Certificate::openedContext);
        }

        private SSLContext openedContext() {
            try (var in = Files.newInputStream(keyStore)) {
                var own = KeyStore.getInstance("PKCS12");
                own.load(in, password.toCharArray());
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own, password.toCharArray());
                var context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Certificate certificate(String alias, String options) {
        return MADE.computeIfAbsent(alias, name -> {
            keytool("-genkeypair -alias " + name + " -signer ca -dname CN=localhost -keyalg EC -groupname secp256r1 "
                    + options + " -ext ku:c=digitalSignature -ext eku=serverAuth");
            return export(name);
        });
    }

    private static Certificate export(String alias) {
        try {
            var all = store();
            var key = all.getKey(alias, PASSWORD);
            var chain = all.getCertificateChain(alias);
            var own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(alias, key, PASSWORD, chain);
            var made = new Certificate(
                    DIRECTORY.resolve(alias + ".pem"),
                    DIRECTORY.resolve(alias + ".key"),
                    DIRECTORY.resolve(alias + ".p12"),
                    new String(PASSWORD));
            write(made.chain(), pem("CERTIFICATE", chain[0].getEncoded()));
            write(made.key(), pem("PRIVATE KEY", key.getEncoded()));
            try (var out = Files.newOutputStream(made.keyStore())) {
                own.store(out, PASSWORD);
            }
            return made;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(String alias) {
        try {
            return store().getCertificate(alias).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(DIRECTORY.resolve("all.p12"))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        }
    }

    private static synchronized void keytool(String options) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-keystore", DIRECTORY.resolve("all.p12").toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            var directory = Files.createTempDirectory("valija-ca");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Directories.delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
