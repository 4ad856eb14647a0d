package dev.valija.upstream.imap;

import java.io.IOException;
import java.util.Locale;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;

/** One response of the server, literals included. Angus finds out its kind; {@link Tokens} reads the rest. */
final class Line extends IMAPResponse {
    private final boolean cut;

    Line(ImapWire wire) throws IOException, ProtocolException {
        super(wire);
        this.cut = wire.reader().lastWasCut();
    }

    /** Whether the server sent more than we keep. */
    boolean cut() {
        return cut;
    }

    int octets() {
        return size;
    }

    boolean is(String key) {
        return keyEquals(key);
    }

    /** What follows the key, or the status word. */
    Tokens tokens() {
        return new Tokens(buffer, index, size);
    }

    /** The response code of a status response (RFC 9051 7.1) in upper case, or null. */
    @Nullable
    String code() {
        Tokens tokens = tokens();
        return tokens.take('[') ? tokens.atom().toUpperCase(Locale.ROOT) : null;
    }

    /** What follows the name of the response code. */
    Tokens codeArguments() {
        Tokens tokens = tokens();
        tokens.take('[');
        tokens.atom();
        return tokens;
    }

    /** The human-readable text, for recognising what servers without codes say; never shown. */
    String text() {
        return tokens().rest().toLowerCase(Locale.ROOT);
    }
}
