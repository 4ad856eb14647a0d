package dev.valija.contact;

import dev.valija.message.MimeWriter;
import java.util.Locale;
import java.util.Optional;

/** An address that mail can be sent to, of at most 320 characters (RFC 5321 4.5.3.1), as somebody wrote it. */
record Email(String text) {
    private static final int LONGEST = 320;

    Email {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("too long for an address");
        }
        MimeWriter.wireAddress(text);
    }

    /** Empty for what is no address. */
    static Optional<Email> of(String text) {
        try {
            return Optional.of(new Email(text.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** By which addresses are told apart: upper and lower case are one mailbox everywhere, whatever RFC 5321 2.4 allows. */
    String key() {
        return text.toLowerCase(Locale.ROOT);
    }
}
