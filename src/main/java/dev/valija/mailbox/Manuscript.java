package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A message as whoever goes on writing it needs it.
 *
 * @param isDraft whether its writer has not finished it (RFC 9051 2.3.2 \Draft)
 * @param isWhole whether all of it is here: it could be read, and is not longer than what is read
 * @param text null where it has a page
 * @param html safe elements for a page's body, with inline images by their Content-ID (RFC 2392); null where it has none
 * @param wantsReceipt whether its writer asks to be told when it is read (RFC 8098 2.1)
 * @param attachments what comes with it, inline images among them
 */
public record Manuscript(
        boolean isDraft,
        boolean isWhole,
        Envelope envelope,
        @Nullable String text,
        @Nullable String html,
        boolean wantsReceipt,
        List<BodyPart> attachments) {

    static Manuscript of(StoredMessage message, Opened opened) {
        var envelope = opened.envelope() == null ? message.envelope() : opened.envelope();
        boolean draft = message.row().summary().keywords().contains(Keyword.DRAFT.value());
        return new Manuscript(
                draft,
                !opened.isSource() && !opened.content().cut(),
                envelope,
                opened.hasHtml() ? null : opened.text(),
                opened.hasHtml() ? html(message.key(), opened) : null,
                opened.receiptTo().isPresent(),
                opened.attachments());
    }

    private static String html(MessageKey key, Opened opened) {
        var ids = new HashMap<String, String>();
        opened.structure().allLeaves().forEach(part -> {
            var id = part.contentId();
            if (id != null) {
                ids.put(part.partId(), id);
            }
        });
        return InlineImages.addresses(key).matcher(opened.html()).replaceAll(found -> {
            var id = ids.get(found.group(1));
            boolean fits = id != null && id.matches("[!#-;=?-~]+"); // what needs no escape in an attribute
            return Matcher.quoteReplacement("\"" + (fits ? "cid:" + id : "") + "\"");
        });
    }
}
