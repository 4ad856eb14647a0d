package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import java.util.ArrayList;
import java.util.List;

/**
 * Which parts of a message are its text and which come with it: RFC 8621 4.1.4, but that every image is among the
 * attachments, whether the text shows it or not, and that a page counts wherever its multipart/related has it.
 *
 * @param text the parts to read as plain text
 * @param html the parts to show as a page; plain ones among them where the mail has no better
 */
record ShownParts(List<BodyPart> text, List<BodyPart> html, List<BodyPart> attachments) {

    static ShownParts of(BodyPart structure) {
        var text = new ArrayList<BodyPart>();
        var html = new ArrayList<BodyPart>();
        var attachments = new ArrayList<BodyPart>();
        var found = new Found(text, html, attachments, true, true);
        if (structure.isMultipart()) {
            walk(structure, false, found);
        } else {
            leaf(structure, "mixed", structure.isText(), false, found);
        }
        return new ShownParts(List.copyOf(text), List.copyOf(html), List.copyOf(attachments));
    }

    /** Whether there is a page to show, and not only plain text. */
    boolean hasHtml() {
        return html.stream().anyMatch(ShownParts::isPage);
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
        int root = subtype.equals("related") ? root(multipart) : -1;
        var at = found;
        for (int i = 0; i < multipart.children().size(); i++) {
            var child = multipart.children().get(i);
            if (child.isMultipart()) {
                walk(child, inAlternative || alternative, at);
            } else if (!isAnotherForm(child, multipart)) {
                boolean first = root < 0 ? i == 0 : i == root;
                boolean shown = child.isText() && (first || (root < 0 && child.name() == null));
                at = leaf(child, subtype, shown, inAlternative, at);
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

    /** RFC 2387 3.2: the root is the first unless said otherwise; some have their pictures before it and do not say. */
    private static int root(BodyPart related) {
        for (int i = 0; i < related.children().size(); i++) {
            var child = related.children().get(i);
            if (child.isMultipart() || child.isText()) {
                return i;
            }
        }
        return 0;
    }

    /** Sorts one leaf in. @return what its right neighbours may add to */
    private static Found leaf(BodyPart part, String multipart, boolean shown, boolean inAlternative, Found found) {
        if (!shown) {
            found.attachments().add(part);
            return found;
        }
        boolean page = isPage(part);
        if (multipart.equals("alternative")) {
            (page ? found.html() : found.text()).add(part);
            return found;
        }
        var at = inAlternative
                ? new Found(
                        found.text(),
                        found.html(),
                        found.attachments(),
                        found.wantsText() && !page,
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

    /**
     * Whether it says what is said otherwise already, to programs or to watches: a report's fields, AMP, enriched text
     * beside plain.
     */
    private static boolean isAnotherForm(BodyPart part, BodyPart multipart) {
        if (multipart.type().equals("multipart/report")) {
            return part.isReport();
        }
        if (multipart.type().equals("multipart/encrypted")) {
            return part.type().equals("application/pgp-encrypted"); // RFC 3156 4: "Version: 1", nothing more
        }
        if (!multipart.type().equals("multipart/alternative") || (part.isAttachment() && part.name() != null)) {
            return false;
        }
        return switch (part.type()) {
            case "text/x-amp-html", "text/watch-html" -> true;
            case "text/plain", "text/html", "text/calendar" -> false;
            default ->
                part.isText()
                        && multipart.children().stream()
                                .anyMatch(other -> other.type().equals("text/plain")
                                        || other.type().equals("text/html"));
        };
    }

    private static boolean isPage(BodyPart part) {
        return part.type().equals("text/html");
    }
}
