package dev.valija.upstream.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates we believe: the JDK's authorities and the operator's. There is no switch to believe all. */
final class Trust {
    private Trust() {}

    static SSLSocketFactory sockets(List<Path> additional) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers(additional), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trusted certificates cannot be read", e);
        }
    }

    private static TrustManager[] managers(List<Path> additional) throws GeneralSecurityException, IOException {
        TrustManager[] ofTheJdk = managers((KeyStore) null);
        if (additional.isEmpty()) {
            return ofTheJdk;
        }
        KeyStore both = KeyStore.getInstance(KeyStore.getDefaultType());
        both.load(null, null);
        for (TrustManager manager : ofTheJdk) {
            if (manager instanceof X509TrustManager x509) {
                for (X509Certificate authority : x509.getAcceptedIssuers()) {
                    both.setCertificateEntry("authority-" + both.size(), authority);
                }
            }
        }
        for (Certificate authority : read(additional)) {
            both.setCertificateEntry("authority-" + both.size(), authority);
        }
        return managers(both);
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<Certificate> read(List<Path> files) throws GeneralSecurityException, IOException {
        var certificates = new ArrayList<Certificate>();
        for (Path file : files) {
            try (InputStream pem = Files.newInputStream(file)) {
                certificates.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            }
        }
        return certificates;
    }
}
