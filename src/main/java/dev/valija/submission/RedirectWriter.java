package dev.valija.submission;

import static dev.valija.submission.SubmissionRequest.addresses;

import dev.valija.account.Identity;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.Messages;
import dev.valija.message.Address;
import dev.valija.message.MimeWriter;
import dev.valija.message.Resent;
import dev.valija.message.ResentWriter;
import dev.valija.problem.ProblemException;
import dev.valija.upload.UploadProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes the octets of a message that is sent on as it is (RFC 5322 3.6.6). */
@Component
class RedirectWriter {
    private final Messages messages;
    private final int mostOctets;

    RedirectWriter(Messages messages, UploadProperties limits) {
        this.messages = messages;
        // What came with so many octets of files could also have been written here, where base64 adds a third.
        this.mostOctets = (int) Math.min(Integer.MAX_VALUE - 64L, limits.uploadBytes() * 3L / 2 + (1 << 20));
    }

    /**
     * Freezes it: the Resent-Message-ID is fixed here, once.
     *
     * @throws ProblemException not-found; invalid-request naming the field that will not do; request-too-large
     */
    Letter write(UserId user, Identity identity, MessageKey message, RedirectRequest request, Instant date) {
        var recipients = Recipients.of(request.to(), request.cc(), request.bcc());
        String subject = messages.envelope(user, message).subject();
        var given = request.from().address().name();
        var resent = new Resent(
                new Address(given == null ? identity.name() : given, identity.email()),
                addresses(request.to()),
                addresses(request.cc()),
                addresses(request.bcc()),
                MimeWriter.newMessageId(identity.email()),
                date.truncatedTo(ChronoUnit.SECONDS));
        try {
            return new Letter(
                    LetterKind.REDIRECT,
                    MimeWriter.wireAddress(identity.email()),
                    recipients,
                    resent.to(),
                    subject,
                    resent.messageId(),
                    ResentWriter.write(raw(user, message), resent),
                    List.of(),
                    new String(ResentWriter.bccField(resent.bcc()), StandardCharsets.UTF_8),
                    null,
                    message);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("", "The message cannot be sent on: %s.".formatted(e.getMessage()));
        }
    }

    private byte[] raw(UserId user, MessageKey message) {
        var out = new BoundedOctets(mostOctets, "A message that is sent on may have %,d octets.".formatted(mostOctets));
        try {
            messages.writeRaw(user, message, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all octets", e);
        }
    }
}
