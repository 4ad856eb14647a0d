package dev.valija.message;

import java.time.Instant;
import java.util.List;

/**
 * Who introduces a message anew into the mail (RFC 5322 3.6.6): it is still its author's, and reaches others as it is.
 *
 * @param bcc for the sender's own copy; never part of the octets
 * @param messageId of the redirection, without angle brackets; see {@link MimeWriter#newMessageId}
 */
public record Resent(
        Address from, List<Address> to, List<Address> cc, List<Address> bcc, String messageId, Instant date) {
    public Resent {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
    }
}
