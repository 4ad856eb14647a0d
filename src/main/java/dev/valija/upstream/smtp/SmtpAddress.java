package dev.valija.upstream.smtp;

import dev.valija.upstream.net.WireText;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An addr-spec as a command may hold it.
 *
 * @param path what goes between the angle brackets
 * @param needsUtf8 whether the local part is beyond ASCII, so that only SMTPUTF8 (RFC 6531) can carry it
 */
record SmtpAddress(String path, boolean needsUtf8) {

    /** RFC 5321 4.5.3.1.3: a path has 256 octets, brackets included. */
    private static final int LONGEST = 254;

    /** The address, or nothing where it is none: above all where it could end the command and begin another. */
    static Optional<SmtpAddress> of(String address) {
        int at = address.lastIndexOf('@');
        boolean fits = address.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        if (at < 1 || at == address.length() - 1 || !fits || !clean(address, at)) {
            return Optional.empty();
        }
        String local = address.substring(0, at);
        String domain = address.substring(at + 1);
        if (!ascii(local)) {
            return Optional.of(new SmtpAddress(address, true));
        }
        if (ascii(domain)) {
            return Optional.of(new SmtpAddress(address, false));
        }
        try {
            return Optional.of(new SmtpAddress(local + "@" + IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED), false));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean clean(String address, int at) {
        if (!WireText.canSay(address)) {
            return false;
        }
        boolean quoted = address.charAt(0) == '"' && address.charAt(at - 1) == '"' && at > 2;
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c);
            if (Character.isISOControl(c) || c == '<' || c == '>' || (blank && !(quoted && i < at && c == ' '))) {
                return false;
            }
        }
        return true;
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
