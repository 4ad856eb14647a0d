package dev.valija.upstream.imap;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What a server says it can do (RFC 9051 7.2.2), and which extensions are switched on for a connection (RFC 5161). */
final class Capabilities {
    private static final int MOST = 500;
    private static final int LONGEST = 100;
    private static final Set<String> ENABLED_BY_US = Set.of("QRESYNC", "CONDSTORE");

    private final Set<String> names = new HashSet<>();
    private final Set<String> enabled = new HashSet<>();
    private boolean told;

    boolean can(String capability) {
        return names.contains(capability);
    }

    boolean enabled(String extension) {
        return enabled.contains(extension);
    }

    boolean known() {
        return !names.isEmpty();
    }

    /** Signing in may change the capabilities; only those told during or after it count (RFC 9051 6.2.2). */
    void signIn(Runnable exchange) {
        told = false;
        exchange.run();
        if (!told) {
            names.clear();
        }
    }

    /** The server tells them: these and no others. */
    void tell(Tokens tokens) {
        told = true;
        names.clear();
        names.addAll(names(tokens));
    }

    /** The server has switched these on. */
    void enable(Tokens tokens) {
        names(tokens).stream().filter(ENABLED_BY_US::contains).forEach(enabled::add);
    }

    /** They are kept as long as the connection, so there are not many, and none is long. */
    private static Set<String> names(Tokens tokens) {
        var names = new HashSet<String>();
        while (!tokens.ended() && names.size() < MOST) {
            String name = tokens.atom().toUpperCase(Locale.ROOT);
            if (name.isEmpty()) {
                break;
            }
            if (name.length() <= LONGEST) {
                names.add(name);
            }
        }
        return names;
    }
}
