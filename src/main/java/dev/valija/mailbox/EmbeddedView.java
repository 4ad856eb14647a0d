package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message within another, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record EmbeddedView(
        String partId,
        List<Address> from,
        List<Address> to,
        List<Address> cc,
        String subject,
        @Nullable Instant sentAt,
        @Nullable String messageId,
        MessageView.Body body,
        List<AttachmentView> attachments,
        Protection protection) {

    /** @param page where its page is, if it has one */
    static EmbeddedView of(Embedded embedded, String page) {
        var envelope = embedded.envelope();
        return new EmbeddedView(
                embedded.partId(),
                envelope.from(),
                envelope.to(),
                envelope.cc(),
                envelope.subject(),
                envelope.sentAt(),
                envelope.messageId(),
                MessageView.Body.of(embedded.content(), page, false),
                AttachmentView.of(embedded.content()),
                embedded.protection());
    }
}
