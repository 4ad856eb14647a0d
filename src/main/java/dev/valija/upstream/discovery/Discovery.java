package dev.valija.upstream.discovery;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream.Servers;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.UpstreamProperties;
import dev.valija.upstream.net.UpstreamProperties.Server;
import java.io.IOException;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.stereotype.Component;

/**
 * Finds the servers of an address: the operator's list, then what the domain publishes (RFC 6186), then the usual
 * names. Every candidate is dialled, so what is found answers there with a good certificate.
 */
@Component
public final class Discovery {
    private final Dialer dialer;
    private final UpstreamProperties settings;
    private final ServiceRecords records;

    public Discovery(Dialer dialer, UpstreamProperties settings) {
        this.dialer = dialer;
        this.settings = settings;
        this.records = new ServiceRecords();
    }

    /** The servers, or empty when none can be reached for both reading and sending. */
    public Optional<Servers> find(String address) {
        String domain = domain(address);
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        UpstreamProperties.Provider listed = settings.providers().get(domain);
        if (listed != null) {
            return Optional.of(new Servers(server(listed.store()), server(listed.transport())));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var store = threads.submit(() -> first(storeCandidates(domain), Dialect.IMAP));
            var transport = threads.submit(() -> first(transportCandidates(domain), Dialect.SMTP));
            var foundStore = get(store);
            var foundTransport = get(transport);
            return foundStore.flatMap(s -> foundTransport.map(t -> new Servers(s, t)));
        }
    }

    private static String domain(String address) {
        try {
            return IDN.toASCII(address.substring(address.lastIndexOf('@') + 1).strip())
                    .toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static ServerSettings server(Server server) {
        return new ServerSettings(server.host(), server.port(), server.security());
    }

    private List<ServerSettings> storeCandidates(String domain) {
        var candidates = new ArrayList<ServerSettings>();
        candidates.addAll(records.of("_imaps._tcp." + domain, Security.TLS));
        candidates.addAll(records.of("_imap._tcp." + domain, Security.STARTTLS));
        for (String host : List.of("imap." + domain, "mail." + domain, domain)) {
            candidates.add(new ServerSettings(host, 993, Security.TLS));
        }
        return candidates;
    }

    private List<ServerSettings> transportCandidates(String domain) {
        var candidates = new ArrayList<ServerSettings>();
        candidates.addAll(records.of("_submissions._tcp." + domain, Security.TLS)); // RFC 8314 5.1
        candidates.addAll(records.of("_submission._tcp." + domain, Security.STARTTLS));
        for (String host : List.of("smtp." + domain, "mail." + domain, domain)) {
            candidates.add(new ServerSettings(host, 465, Security.TLS));
        }
        for (String host : List.of("smtp." + domain, "mail." + domain)) {
            candidates.add(new ServerSettings(host, 587, Security.STARTTLS));
        }
        return candidates;
    }

    /** The first in order that answers; all are tried at once. */
    private Optional<ServerSettings> first(List<ServerSettings> candidates, Dialect dialect) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = candidates.stream()
                    .map(candidate -> threads.submit(() -> answers(candidate, dialect)))
                    .toList();
            for (int i = 0; i < candidates.size(); i++) {
                if (get(answers.get(i))) {
                    threads.shutdownNow();
                    return Optional.of(candidates.get(i));
                }
            }
            return Optional.empty();
        }
    }

    private boolean answers(ServerSettings candidate, Dialect dialect) {
        try (var socket = dialer.dial(candidate, dialect)) {
            return socket.isConnected();
        } catch (UpstreamException | IOException e) {
            return false;
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException.Unavailable("Interrupted while looking for servers.", e);
        } catch (ExecutionException e) {
            throw new UpstreamException.Unavailable("Looking for servers failed.", e);
        }
    }
}
