package dev.valija.push;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the change log from growing for ever, a user at a time. */
@Component
class Trimming {
    private static final Logger log = LoggerFactory.getLogger(Trimming.class);

    private final ChangeLog changes;
    private final PushProperties properties;

    Trimming(ChangeLog changes, PushProperties properties) {
        this.changes = changes;
        this.properties = properties;
    }

    @Scheduled(initialDelay = 10, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void trim() {
        try {
            while (changes.trim(properties.keep(), properties.keepRows()).isPresent()) {
                log.debug("Trimmed the changes of a user");
            }
        } catch (DataAccessException e) {
            log.warn("The change log could not be trimmed; trying again later", e);
        }
    }
}
