package dev.valija.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to be written.
 *
 * @param sender who writes it in the name of another (RFC 5322 3.6.2), or null
 * @param bcc for the caller's own use; never part of the octets
 * @param text the plain text, or null: then it is made from the HTML
 * @param html a body fragment or document, or null for a plain-text message
 * @param inReplyTo without angle brackets, or null
 * @param references without angle brackets, oldest first
 * @param receiptTo who wants to be told when it was read (RFC 8098 2.1), or null
 * @param messageId without angle brackets; see {@link MimeWriter#newMessageId}
 */
public record OutgoingMessage(
        Address from,
        @Nullable Address sender,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        List<Address> replyTo,
        String subject,
        @Nullable String text,
        @Nullable String html,
        List<OutgoingAttachment> attachments,
        @Nullable String inReplyTo,
        List<String> references,
        @Nullable Address receiptTo,
        String messageId,
        Instant date) {
    public OutgoingMessage {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        replyTo = List.copyOf(replyTo);
        attachments = List.copyOf(attachments);
        references = List.copyOf(references);
    }
}
