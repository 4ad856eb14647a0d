package dev.valija.upstream.imap;

import dev.valija.message.Address;
import dev.valija.message.Envelope;
import dev.valija.message.HeaderDecoder;
import dev.valija.message.MimeReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads ENVELOPE (RFC 9051 7.5.2). */
final class Envelopes {
    private static final int FIELDS = 10;
    private static final int MOST_ADDRESSES = 1000;

    private Envelopes() {}

    /**
     * The envelope, or null when the item is not one.
     *
     * @param references the raw References field, as ENVELOPE leaves it out
     */
    static @Nullable Envelope read(@Nullable Object item, byte @Nullable [] references) {
        if (!(item instanceof List<?> fields) || fields.size() < FIELDS) {
            return null;
        }
        // Date, ids and subject are read by the same forgiving code as those of raw messages.
        var header = new ByteArrayOutputStream();
        field(header, "Date", fields.get(0));
        field(header, "Subject", fields.get(1));
        field(header, "In-Reply-To", fields.get(8));
        field(header, "Message-ID", fields.get(9));
        if (references != null) {
            header.writeBytes(references);
        }
        Envelope rest = MimeReader.envelope(header.toByteArray());
        return new Envelope(
                rest.messageId(),
                rest.inReplyTo(),
                rest.references(),
                rest.subject(),
                addresses(fields.get(2)),
                addresses(fields.get(3)),
                addresses(fields.get(4)),
                addresses(fields.get(5)),
                addresses(fields.get(6)),
                addresses(fields.get(7)),
                rest.sentAt());
    }

    private static void field(ByteArrayOutputStream header, String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        header.writeBytes((name + ": ").getBytes(StandardCharsets.US_ASCII));
        for (byte octet : Tokens.octets(value)) {
            // A line break that came this far would start a field of its own.
            header.write(octet == '\r' || octet == '\n' ? ' ' : octet);
        }
        header.writeBytes(new byte[] {'\r', '\n'});
    }

    private static List<Address> addresses(@Nullable Object item) {
        var addresses = new ArrayList<Address>();
        for (Object one : Tokens.list(item)) {
            List<?> parts = Tokens.list(one);
            // A group starts and ends with an address that has no host (RFC 9051 7.5.2); only its members count.
            if (parts.size() >= 4 && parts.get(3) != null && addresses.size() < MOST_ADDRESSES) {
                addresses.add(address(parts));
            }
        }
        return addresses;
    }

    private static Address address(List<?> parts) {
        String name = HeaderDecoder.decode(Tokens.octets(parts.get(0)));
        String local = HeaderDecoder.plain(Tokens.octets(parts.get(2)));
        String host = HeaderDecoder.plain(Tokens.octets(parts.get(3)));
        // Dovecot and Cyrus say so where a part was missing in the mail.
        boolean hostMissing = host.isEmpty() || host.equals("MISSING_DOMAIN") || host.equals(".MISSING-HOST-NAME.");
        String email = hostMissing ? local : local + "@" + host;
        return new Address(name.isEmpty() ? null : name, email.equals("MISSING_MAILBOX") ? "" : email);
    }
}
