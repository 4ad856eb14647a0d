package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.BodyPart;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part that comes with a message, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AttachmentView(
        String partId,
        String name,
        String type,
        long size,
        String disposition,
        @Nullable String contentId,
        boolean shownInPage) {

    /** What comes with that content, in its order. */
    static List<AttachmentView> of(Content content) {
        return content.attachments().stream()
                .map(part -> of(part, content.images().contains(part.partId())))
                .toList();
    }

    private static AttachmentView of(BodyPart part, boolean shownInPage) {
        boolean inline = !"attachment".equals(part.disposition())
                && ("inline".equals(part.disposition()) || part.contentId() != null);
        return new AttachmentView(
                part.partId(),
                DownloadNames.of(part),
                part.type(),
                decodedSize(part),
                inline ? "inline" : "attachment",
                part.contentId(),
                shownInPage);
    }

    /** RFC 2045 6.8: base64 makes four octets of three, and lines of 78 of 76. */
    private static long decodedSize(BodyPart part) {
        return part.encoding().equals("base64") ? part.size() * 57 / 78 : part.size();
    }
}
