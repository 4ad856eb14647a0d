package dev.valija.account;

import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server as callers name it. */
public record ServerForm(
        @NotNull @Size(min = 1, max = 253) @OneLine String host,
        @Nullable @Min(1) @Max(65535) Integer port,

        @Nullable @Pattern(regexp = "tls|starttls", message = "must be tls or starttls")
        String security) {
    /** A name, or an IPv6 literal. */
    private static final java.util.regex.Pattern HOST =
            java.util.regex.Pattern.compile("[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}");

    /**
     * What it takes to connect.
     *
     * @param pointer where it stands in the request
     * @throws ProblemException invalid-request where the host is none
     */
    public ServerSettings settings(String pointer, int tlsPort, int startTlsPort) {
        var chosen = "starttls".equals(security) ? Security.STARTTLS : Security.TLS;
        var usual = chosen == Security.TLS ? tlsPort : startTlsPort;
        return new ServerSettings(host(pointer, host), port != null ? port : usual, chosen);
    }

    /** The one spelling of a host, since users are told apart by it. */
    static String host(String pointer, String host) {
        var bare = ascii(host.strip());
        if (bare.endsWith(".")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        if (!HOST.matcher(bare).matches()) {
            throw ProblemException.invalid(pointer + "/host", "That is not the name of a server.");
        }
        return bare;
    }

    private static String ascii(String host) {
        try {
            return IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
