package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.account.UserId;
import dev.valija.message.FileType;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells what the attachments of a message really are, by one look at how all of them begin. */
@Component
class AttachmentTypes {
    /** Of more than that nobody looks at each. */
    private static final int MOST = 100;

    private final Parts parts;
    private final Cache<MessageKey, List<AttachmentDetails>> kept = Caffeine.newBuilder()
            .maximumSize(2_000)
            .expireAfterAccess(Duration.ofMinutes(10))
            .scheduler(Scheduler.systemScheduler())
            .build();

    AttachmentTypes(Parts parts) {
        this.parts = parts;
    }

    List<AttachmentDetails> of(UserId user, MessageKey key) {
        var found = parts.attachments(user, key);
        if (found.isEmpty()) {
            return List.of();
        }
        var known = kept.getIfPresent(key);
        if (known != null) {
            return known;
        }
        var beginnings = parts.beginnings(found.stream().limit(MOST).toList(), FileType.OCTETS);
        var details = found.stream()
                .map(each ->
                        AttachmentDetails.of(each, beginnings.get(each.part().partId())))
                .toList();
        kept.put(key, details);
        return details;
    }

    @EventListener(ApplicationReadyEvent.class)
    void prepare() {
        Freshness.later("file types", FileType::prepare);
    }
}
