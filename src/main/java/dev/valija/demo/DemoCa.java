package dev.valija.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The demo's own certificate authority, made at the first start and trusted by nobody but the dialer of this process.
 * Its key stays in the data directory; its certificate is good for this machine's loopback names only.
 *
 * @param pem the authority's certificate
 * @param keyStore the server's certificate with its key
 */
record DemoCa(Path pem, Path keyStore) {
    static final String PASSWORD = "demo-only";
    private static final Duration SPARE = Duration.ofDays(7);

    /** The one in that directory, made anew when there is none or it is about to expire. */
    static DemoCa in(Path directory) {
        var ca = new DemoCa(directory.resolve("ca.pem"), directory.resolve("server.p12"));
        try {
            Files.createDirectories(directory);
            if (!ca.usable()) {
                Files.deleteIfExists(ca.keyStore);
                ca.make();
            }
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the demo's certificate cannot be made", e);
        }
    }

    private boolean usable() throws IOException, GeneralSecurityException {
        if (!Files.exists(pem) || !Files.exists(keyStore)) {
            return false;
        }
        var expiry = ((X509Certificate) open().getCertificate("server"))
                .getNotAfter()
                .toInstant();
        return expiry.isAfter(Instant.now().plus(SPARE));
    }

    private void make() throws IOException, GeneralSecurityException {
        keytool(
                "-alias",
                "ca",
                "-dname",
                "CN=Valija demo",
                "-ext",
                "bc:c=ca:true,pathlen:0",
                "-ext",
                "ku:c=keyCertSign");
        keytool(
                "-alias",
                "server",
                "-signer",
                "ca",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1");
        var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                pem,
                "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                        .formatted(encoder.encodeToString(
                                open().getCertificate("ca").getEncoded())));
        // GreenMail takes the first key it finds, and that must be the server's.
        var store = open();
        store.deleteEntry("ca");
        try (var out = Files.newOutputStream(keyStore)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void keytool(String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "365"));
        command.addAll(List.of("-startdate", "-1d", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", keyStore.toString(), "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
