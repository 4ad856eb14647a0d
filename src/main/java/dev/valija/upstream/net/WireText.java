package dev.valija.upstream.net;

import java.nio.charset.StandardCharsets;

/** What may stand in a line of any protocol we speak. */
public final class WireText {
    private WireText() {}

    /**
     * Whether a text goes over the wire and stays what it is: no CR, LF or NUL, which would end a command and begin
     * another or divide the fields of SASL PLAIN (RFC 4616 2), and no surrogate by itself, which has no UTF-8.
     */
    public static boolean canSay(String text) {
        return text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
