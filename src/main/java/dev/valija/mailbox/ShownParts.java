package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import java.util.ArrayList;
import java.util.List;

/**
 * Which parts of a message are its text and which come with it: RFC 8621 4.1.4, but that every image is among the
 * attachments, whether the text shows it or not.
 *
 * @param text the parts to read as plain text
 * @param html the parts to show as a page; plain ones among them where the mail has no better
 */
record ShownParts(List<BodyPart> text, List<BodyPart> html, List<BodyPart> attachments) {

    static ShownParts of(BodyPart structure) {
        var text = new ArrayList<BodyPart>();
        var html = new ArrayList<BodyPart>();
        var attachments = new ArrayList<BodyPart>();
        if (structure.type().startsWith("multipart/")) {
            walk(structure, false, new Found(text, html, attachments, true, true));
        } else {
            leaf(structure, "mixed", 0, false, new Found(text, html, attachments, true, true));
        }
        return new ShownParts(List.copyOf(text), List.copyOf(html), List.copyOf(attachments));
    }

    /** Whether there is a page to show, and not only plain text. */
    boolean hasHtml() {
        return html.stream().anyMatch(part -> part.type().equals("text/html"));
    }

    /**
     * What was found so far.
     *
     * @param wantsText whether what is found here belongs to the plain reading
     * @param wantsHtml whether it belongs to the page
     */
    private record Found(
            List<BodyPart> text,
            List<BodyPart> html,
            List<BodyPart> attachments,
            boolean wantsText,
            boolean wantsHtml) {}

    private static void walk(BodyPart multipart, boolean inAlternative, Found found) {
        var subtype = multipart.type().substring("multipart/".length());
        boolean alternative = subtype.equals("alternative");
        int texts = found.text().size();
        int htmls = found.html().size();
        var at = found;
        for (int i = 0; i < multipart.children().size(); i++) {
            var child = multipart.children().get(i);
            if (child.type().startsWith("multipart/")) {
                walk(child, inAlternative || alternative, at);
            } else {
                at = leaf(child, subtype, i, inAlternative, at);
            }
        }
        if (alternative && found.wantsText() && found.wantsHtml()) {
            // Only one of the two forms is there: it serves as both.
            if (found.text().size() == texts && found.html().size() > htmls) {
                found.text().addAll(found.html().subList(htmls, found.html().size()));
            } else if (found.html().size() == htmls && found.text().size() > texts) {
                found.html().addAll(found.text().subList(texts, found.text().size()));
            }
        }
    }

    /** Sorts one leaf in. @return what its right neighbours may add to */
    private static Found leaf(BodyPart part, String multipart, int index, boolean inAlternative, Found found) {
        boolean plain = part.type().equals("text/plain");
        boolean page = part.type().equals("text/html");
        boolean shown = (plain || page)
                && !part.isAttachment()
                && (index == 0 || (!multipart.equals("related") && part.name() == null));
        if (!shown) {
            found.attachments().add(part);
            return found;
        }
        if (multipart.equals("alternative")) {
            (plain ? found.text() : found.html()).add(part);
            return found;
        }
        var at = inAlternative
                ? new Found(
                        found.text(),
                        found.html(),
                        found.attachments(),
                        found.wantsText() && plain,
                        found.wantsHtml() && page)
                : found;
        if (at.wantsText()) {
            at.text().add(part);
        }
        if (at.wantsHtml()) {
            at.html().add(part);
        }
        return at;
    }
}
