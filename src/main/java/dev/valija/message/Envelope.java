package dev.valija.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that lists, threads and replies need, decoded (RFC 2047) and freed of control characters.
 *
 * @param messageId the Message-ID without angle brackets, or null
 * @param inReplyTo ids without angle brackets, in order
 * @param references ids without angle brackets, oldest first
 * @param subject decoded; empty where there is none
 * @param sentAt the Date field, or null where it is absent or unreadable
 */
public record Envelope(
        @Nullable String messageId,
        List<String> inReplyTo,
        List<String> references,
        String subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        @Nullable Instant sentAt) {
    public Envelope {
        inReplyTo = List.copyOf(inReplyTo);
        references = List.copyOf(references);
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
    }
}
