package dev.valija.upstream;

/**
 * Where a provider's server is.
 *
 * @param host a DNS name or IP literal, as the user or the operator gave it
 * @param port 1 to 65535
 */
public record ServerSettings(String host, int port, Security security) {
    public ServerSettings {
        if (host.isBlank() || host.length() > 253) {
            throw new IllegalArgumentException("a host has 1 to 253 characters");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535");
        }
    }
}
