package dev.valija.push;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Keeps the change log from growing for ever, a user at a time. */
@Component
class Trimming implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Trimming.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final ChangeLog changes;
    private final PushProperties properties;
    private volatile @Nullable Thread thread;

    Trimming(ChangeLog changes, PushProperties properties) {
        this.changes = changes;
        this.properties = properties;
    }

    @Override
    public void start() {
        var started = Thread.ofVirtual().name("push-trimming").unstarted(this::run);
        thread = started; // known before it runs, since it looks whether it should
        started.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        try {
            while (isRunning()) {
                Thread.sleep(PAUSE);
                trim();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trim() {
        try {
            while (isRunning()
                    && changes.trim(properties.keep(), properties.keepRows()).isPresent()) {
                log.debug("Trimmed the changes of a user");
            }
        } catch (DataAccessException e) {
            log.warn("The change log could not be trimmed; trying again later", e);
        }
    }
}
