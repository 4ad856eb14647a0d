package dev.valija.upstream.net;

import dev.valija.upstream.Security;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings for talking to mail providers.
 *
 * @param allowedHosts names, {@code *.suffix} patterns or IP literals that may resolve to addresses that are otherwise
 *     refused (loopback, private …)
 * @param allowedWebHosts the same for the web servers that mail names (images, unsubscribing). Apart from the above: that
 *     users may read mail at a host within does not mean that whoever writes to them may make us call there
 * @param trustedCertificates PEM files of authorities to trust beside the JDK's
 * @param connectTimeout for resolving and connecting, all addresses together
 * @param tlsTimeout for the handshake, STARTTLS included
 * @param greetingTimeout for the server's first line
 * @param readTimeout how long a server may be silent while we wait for it
 * @param connectionsPerAccount store connections lent at once for one account
 * @param connectionsPerHost store connections to one host, over all accounts; each account in use has one for its watch alone
 * @param connectionPatience how long to wait for a connection when all are lent
 * @param connectionIdle how long an unused connection is kept warm
 * @param watchPoll how often a watch asks for news of mailboxes that the server does not tell about by itself
 * @param providers servers by mail domain, for discovery
 */
@ConfigurationProperties("valija.upstream")
public record UpstreamProperties(
        @DefaultValue List<String> allowedHosts,
        @DefaultValue List<String> allowedWebHosts,
        @DefaultValue List<Path> trustedCertificates,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("10s") Duration tlsTimeout,
        @DefaultValue("10s") Duration greetingTimeout,
        @DefaultValue("60s") Duration readTimeout,
        @DefaultValue("3") int connectionsPerAccount,
        @DefaultValue("1000") int connectionsPerHost,
        @DefaultValue("15s") Duration connectionPatience,
        @DefaultValue("5m") Duration connectionIdle,
        @DefaultValue("30s") Duration watchPoll,
        @DefaultValue Map<String, Provider> providers) {

    /** The servers of one mail domain. */
    public record Provider(Server store, Server transport) {}

    /** One server. */
    public record Server(
            String host, int port, @DefaultValue("TLS") Security security) {}
}
