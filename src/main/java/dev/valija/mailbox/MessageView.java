package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import dev.valija.message.CalendarPart;
import dev.valija.message.HeaderField;
import dev.valija.trust.Authentication;
import dev.valija.trust.Sign;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message with its text, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MessageView(
        String id,
        String mailboxId,
        String threadId,
        List<Address> from,
        List<Address> to,
        String subject,
        @Nullable String preview,
        Instant receivedAt,
        @Nullable Instant sentAt,
        long size,
        List<String> keywords,
        boolean hasAttachment,
        List<Address> sender,
        List<Address> cc,
        List<Address> bcc,
        List<Address> replyTo,
        @Nullable String messageId,
        List<String> inReplyTo,
        List<String> references,
        List<HeaderField> headers,
        Body body,
        @Nullable String invitation,
        @Nullable String receipt,
        @Nullable Authentication authentication,
        List<Sign> signs,
        List<AttachmentView> attachments,
        @Nullable UnsubscribeView unsubscribe,
        Protection protection,
        @Nullable ReportView report,
        List<EmbeddedView> embedded,
        boolean isSource) {

    /**
     * The text, and where the page is.
     *
     * @param imagesAllowed the reader always wants to see the remote images of this sender, and nothing speaks against its
     *     being them
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Body(@Nullable String text, @Nullable String html, int blockedRemote, boolean imagesAllowed, boolean cut) {

        /** @param page where its page is, if it has one */
        static Body of(Content content, String page, boolean imagesAllowed) {
            return new Body(
                    content.text(),
                    content.hasHtml() ? page : null,
                    content.blockedRemote(),
                    imagesAllowed,
                    content.cut());
        }
    }

    static MessageView of(
            StoredMessage message,
            Opened opened,
            SenderSigns.Found found,
            boolean receiptAsked,
            boolean imagesAllowed) {
        var summary = message.row().summary();
        var envelope = opened.envelope() == null ? message.envelope() : opened.envelope();
        var path = "/api/v1/messages/" + message.key();
        return new MessageView(
                summary.id(),
                summary.mailboxId(),
                summary.threadId(),
                envelope.from(),
                envelope.to(),
                summary.subject(),
                summary.preview(),
                summary.receivedAt(),
                summary.sentAt(),
                summary.size(),
                summary.keywords(),
                summary.hasAttachment(),
                envelope.sender(),
                envelope.cc(),
                envelope.bcc(),
                envelope.replyTo(),
                envelope.messageId(),
                envelope.inReplyTo(),
                envelope.references(),
                opened.headers(),
                Body.of(opened.content(), path + "/html", imagesAllowed),
                CalendarPart.of(opened.structure()).isPresent() ? path + "/invitation" : null,
                receiptAsked ? path + "/receipt" : null,
                found.authentication(),
                found.signs(),
                AttachmentView.of(opened.content()),
                found.unsubscribe() == null ? null : UnsubscribeView.of(found.unsubscribe()),
                opened.protection(),
                opened.report() == null ? null : ReportView.of(opened.report()),
                opened.embedded().stream()
                        .map(one -> EmbeddedView.of(one, path + "/parts/" + one.partId() + "/html"))
                        .toList(),
                opened.isSource());
    }
}
