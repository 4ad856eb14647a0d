package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.message.BodyPart;
import dev.valija.message.ImageHeader;
import dev.valija.message.Unpacked;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts the images that a mail brings along into its page. The page is shown in a frame without an origin, from which no
 * cookie is sent, so it could not ask us for them: they become part of it.
 */
@Component
class InlineImages {
    private static final Logger log = LoggerFactory.getLogger(InlineImages.class);
    static final int LARGEST = 6 << 20;
    static final int LARGEST_PAGE = 10 << 20;
    static final int MOST = 100;
    private static final long KEPT_OCTETS = 32L << 20;
    /** What a page shows for an image that cannot be had: nothing but its text. */
    private static final String NO_IMAGE = "data:,";

    private final StoredMessages messages;
    private final OpenedMessages openings;
    private final Cache<String, String> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT_OCTETS)
            .weigher((String address, String data) -> address.length() + data.length())
            .expireAfterWrite(Duration.ofMinutes(10))
            .scheduler(Scheduler.systemScheduler())
            .build();

    InlineImages(StoredMessages messages, OpenedMessages openings) {
        this.messages = messages;
        this.openings = openings;
    }

    /** The page with its images in it. */
    String embed(StoredMessage message, Opened opened) {
        return embed(message, opened, opened.content());
    }

    /** The page of that content, which may be that of a message within, with its images in it. */
    String embed(StoredMessage message, Opened opened, Content content) {
        var pattern = addresses(message.key());
        var wanted = new LinkedHashSet<String>();
        pattern.matcher(content.html()).results().forEach(found -> wanted.add(found.group(1)));
        if (wanted.isEmpty()) {
            return content.html();
        }
        var images = images(message, opened, wanted.stream().limit(MOST).toList());
        return filled(content.html(), pattern, images);
    }

    /** A page may show one image a thousand times; there is room for each about once. */
    static String filled(String html, Pattern address, Map<String, String> images) {
        var room = new AtomicLong(2L * LARGEST_PAGE);
        return address.matcher(html).replaceAll(found -> {
            var image = images.getOrDefault(found.group(1), NO_IMAGE);
            boolean fits = room.addAndGet(-image.length()) >= 0;
            return Matcher.quoteReplacement('"' + (fits ? image : NO_IMAGE) + '"');
        });
    }

    private Map<String, String> images(StoredMessage message, Opened opened, List<String> partIds) {
        var images = new HashMap<String, String>();
        var missing = new ArrayList<BodyPart>();
        long room = LARGEST_PAGE;
        for (var partId : partIds) {
            var known = kept.getIfPresent(prefix(message.key()) + partId);
            if (known != null) {
                images.put(partId, known);
                room -= known.length();
                continue;
            }
            var part = opened.structure()
                    .allLeaves()
                    .filter(leaf -> leaf.partId().equals(partId))
                    .findFirst();
            if (part.isPresent() && part.get().size() <= Math.min(room, LARGEST)) {
                missing.add(part.get());
                room -= part.get().size();
            }
        }
        if (!missing.isEmpty()) {
            try {
                images.putAll(fetched(message, missing));
                missing.forEach(part ->
                        kept.put(prefix(message.key()) + part.partId(), images.getOrDefault(part.partId(), NO_IMAGE)));
            } catch (ProblemException | UncheckedIOException e) {
                // The text can be read without them.
                log.debug("no images for message {}", message.key(), e);
            }
        }
        return images;
    }

    private Map<String, String> fetched(StoredMessage message, List<BodyPart> parts) {
        var fetched = new HashMap<String, String>();
        var within =
                parts.stream().map(BodyPart::partId).filter(Unpacked::isWithin).toList();
        if (!within.isEmpty()) {
            openings.unpacked(message, within, LARGEST + 1)
                    .forEach(
                            (partId, octets) -> fetched.put(partId, octets.length > LARGEST ? NO_IMAGE : data(octets)));
        }
        var own =
                parts.stream().filter(part -> !Unpacked.isWithin(part.partId())).toList();
        if (!own.isEmpty()) {
            messages.at(message, (store, mailbox, id) -> {
                for (var part : own) {
                    var out = new FirstOctets(LARGEST);
                    try {
                        store.writePart(mailbox, id, part, out);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    fetched.put(part.partId(), out.overflown() ? NO_IMAGE : data(out.toByteArray()));
                }
                return id;
            });
        }
        return fetched;
    }

    private static String data(byte[] octets) {
        return ImageHeader.read(octets)
                .filter(image -> !image.isVast())
                .map(image -> "data:" + image.type() + ";base64,"
                        + Base64.getEncoder().encodeToString(octets))
                .orElse(NO_IMAGE);
    }

    /** The addresses of a message's parts where they are whole attributes of a page; group 1 is the part's id. */
    static Pattern addresses(MessageKey key) {
        return Pattern.compile("\"" + Pattern.quote(prefix(key)) + "([0-9.~]+)\"");
    }

    static String prefix(MessageKey key) {
        return "/api/v1/messages/" + key + "/parts/";
    }
}
