package dev.valija.upstream.imap;

import java.nio.charset.StandardCharsets;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxDecoder;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxEncoder;

/** Mailbox names on the wire: modified UTF-7 (RFC 3501 5.1.3), and raw UTF-8 from servers that send it. */
final class MailboxNames {
    static final String INBOX = "INBOX";

    private MailboxNames() {}

    static String encode(String name) {
        return isInbox(name) ? INBOX : BASE64MailboxEncoder.encode(name);
    }

    static String decode(byte[] wire) {
        for (byte octet : wire) {
            if (octet < 0) {
                return new String(wire, StandardCharsets.UTF_8);
            }
        }
        String ascii = new String(wire, StandardCharsets.US_ASCII);
        if (isInbox(ascii)) {
            return INBOX;
        }
        if (ascii.indexOf('&') < 0) {
            return ascii;
        }
        try {
            String decoded = BASE64MailboxDecoder.decode(ascii);
            // A name that would not come back as it was is no modified UTF-7, but somebody's "R&D".
            return BASE64MailboxEncoder.encode(decoded).equals(ascii) ? decoded : ascii;
        } catch (RuntimeException e) {
            return ascii; // Angus reads past the end of broken ones
        }
    }

    /** The name by which equal names are equal. */
    static String canonical(String name) {
        return isInbox(name) ? INBOX : name;
    }

    /** RFC 9051 5.1: INBOX is so in any case of letters. */
    static boolean isInbox(String name) {
        return name.equalsIgnoreCase(INBOX);
    }
}
