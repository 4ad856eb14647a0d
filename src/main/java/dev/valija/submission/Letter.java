package dev.valija.submission;

import dev.valija.mailbox.MessageKey;
import dev.valija.message.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message ready to go, frozen: every try sends the same octets.
 *
 * @param sender of the SMTP envelope; empty where no report of it is wanted
 * @param recipients of the SMTP envelope, each once
 * @param to as the sender wrote them, for the list of submissions
 * @param messageId by which its copy is found again: its Message-ID, or the Resent-Message-ID of a redirection
 * @param uploads that it was made from: wanted again if it is taken back
 * @param bccField for the sender's own copy; empty without Bcc
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Letter(
        LetterKind kind,
        String sender,
        List<String> recipients,
        List<Address> to,
        String subject,
        String messageId,
        byte[] message,
        List<Long> uploads,
        String bccField,
        @Nullable MessageKey answered,
        @Nullable MessageKey forwarded) {}
