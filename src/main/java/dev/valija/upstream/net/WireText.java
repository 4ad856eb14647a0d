package dev.valija.upstream.net;

/** What may stand in a line of any protocol we speak. */
public final class WireText {
    private WireText() {}

    /**
     * Whether a text goes over the wire and stays what it is: no CR, LF or NUL, which would end a command and begin
     * another or divide the fields of SASL PLAIN (RFC 4616 2), and no surrogate by itself, which has no UTF-8.
     */
    public static boolean canSay(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
