package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images a mail brings along that its page refers to (RFC 2392), by their Content-ID. */
final class PageImages {
    /** What {@link InlineImages} shows; anything else referred to is still an attachment like all others. */
    private static final Set<String> TYPES =
            Set.of("image/gif", "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/webp", "image/x-png");

    private final MessageKey key;
    private final Map<String, BodyPart> parts = new HashMap<>();
    private final Set<String> referred = new HashSet<>();
    private final Set<String> shown = new HashSet<>();
    private long room = InlineImages.LARGEST_PAGE;

    PageImages(MessageKey key, BodyPart structure) {
        this.key = key;
        structure.leaves().forEach(part -> {
            var id = part.contentId();
            if (id != null) {
                parts.putIfAbsent(id, part);
            }
        });
    }

    /** The address of the part with that Content-ID, or null. */
    @Nullable
    String address(String contentId) {
        var part = parts.get(contentId);
        if (part == null) {
            return null;
        }
        if (referred.add(part.partId()) && referred.size() <= InlineImages.MOST && fits(part)) {
            room -= part.size();
            if (TYPES.contains(part.type())) {
                shown.add(part.partId());
            }
        }
        return InlineImages.prefix(key) + part.partId();
    }

    private boolean fits(BodyPart part) {
        return part.size() <= Math.min(room, InlineImages.LARGEST);
    }

    /** Those that the page shows, by part id. */
    Set<String> shown() {
        return Set.copyOf(shown);
    }
}
