package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.account.Seal;
import dev.valija.upstream.MessageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Headers and text parts that have been fetched, on disk and encrypted, so that a message is fetched once. It holds what
 * the provider sent and not the page made of it: a page is made by today's sanitiser, never by last year's. Whatever goes
 * wrong here is a miss.
 */
@Component
class BodyCache {
    private static final Logger log = LoggerFactory.getLogger(BodyCache.class);
    private static final String PURPOSE = "body cache";
    private static final int LARGEST = 4 << 20;
    private static final int AT_ONCE = 4;

    private final BodyFiles files;
    private final boolean on;
    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final Semaphore writing = new Semaphore(AT_ONCE);
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Short: another node may give an account another key. */
    private final Cache<Long, Optional<Seal>> seals =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(5)).build();

    BodyCache(BodyCacheProperties properties, Accounts accounts, JdbcClient jdbc) {
        this.files = new BodyFiles(properties.dataDir().resolve("bodies"), properties.bodyCacheBytes());
        this.on = properties.bodyCacheBytes() > 0;
        this.accounts = accounts;
        this.jdbc = jdbc;
    }

    /** What was kept of the message. */
    Optional<MessageSource> find(StoredMessage message) {
        if (!on) {
            return Optional.empty();
        }
        try {
            var sealed = files.read(message.key());
            if (sealed == null) {
                return Optional.empty();
            }
            var plain = seal(message.accountId()).flatMap(seal -> seal.open(place(message), sealed));
            if (plain.isEmpty()) {
                files.remove(message.key());
                return Optional.empty();
            }
            return Optional.of(SourceOctets.read(plain.get()));
        } catch (IOException | RuntimeException e) {
            failed("read", e);
            return Optional.empty();
        }
    }

    /** Whether there is something of that message, good or not. */
    boolean holds(MessageKey key) {
        return on && files.holds(key);
    }

    /** Keeps it, in the background; or not, when the disk is slower than the readers. */
    void keep(StoredMessage message, MessageSource source) {
        if (on && SourceOctets.size(source) <= LARGEST && writing.tryAcquire()) {
            Thread.ofVirtual().name("body cache").start(() -> {
                try {
                    write(message, source);
                } finally {
                    writing.release();
                }
            });
        }
    }

    private void write(StoredMessage message, MessageSource source) {
        try {
            var seal = seal(message.accountId());
            if (seal.isPresent()) {
                files.write(message.key(), seal.get().seal(place(message), SourceOctets.write(source)));
                failing.set(false);
            }
        } catch (IOException | RuntimeException e) {
            failed("written", e);
        }
    }

    /** Told once until it works again: a full disk fails at every message. */
    private void failed(String what, Exception e) {
        if (failing.compareAndSet(false, true)) {
            log.warn("the body cache cannot be {}; going on without it", what, e);
        }
    }

    private static String place(StoredMessage message) {
        return "2 " + message.place();
    }

    private Optional<Seal> seal(long accountId) {
        return seals.get(accountId, id -> accounts.seal(id, PURPOSE));
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        Freshness.later("body cache survey", () -> {
            try {
                files.survey();
                // What went while we were not there to see it.
                files.accounts().forEach(this::tidy);
            } catch (IOException e) {
                failed("surveyed", e);
            }
        });
    }

    @TransactionalEventListener(fallbackExecution = true)
    void changed(MailboxChanged event) {
        if (!on) {
            return;
        }
        if (!event.destroyed().isEmpty()) {
            var keys = event.destroyed().stream()
                    .map(id -> new MessageKey(event.accountId(), id))
                    .filter(files::holds)
                    .toList();
            if (!keys.isEmpty()) {
                Freshness.later("body cache removal", () -> removeGone(event.accountId(), keys));
            }
        } else if (event.mailbox() == null) {
            Freshness.later("body cache removal", () -> tidy(event.accountId()));
        }
    }

    /** Its key may be another now. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        seals.invalidate(event.accountId());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void removed(AccountRemoved event) {
        seals.invalidate(event.accountId());
        Freshness.later("body cache removal", () -> removeAccount(event.accountId()));
    }

    private void tidy(long accountId) {
        removeGone(accountId, files.of(accountId));
    }

    /** Removes those without a row: a message that left one mailbox may have come to another. */
    private void removeGone(long accountId, Collection<MessageKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        var there = new HashSet<>(jdbc.sql("select id from message where account_id = ? and id = any (?)")
                .param(accountId)
                .param(keys.stream().map(MessageKey::id).toArray(Long[]::new))
                .query(Long.class)
                .list());
        if (there.isEmpty() && accounts.seal(accountId, PURPOSE).isEmpty()) {
            removeAccount(accountId);
            return;
        }
        remove(keys.stream().filter(key -> !there.contains(key.id())).toList());
    }

    private void remove(List<MessageKey> keys) {
        try {
            for (var key : keys) {
                files.remove(key);
            }
        } catch (IOException e) {
            failed("tidied", e);
        }
    }

    private void removeAccount(long accountId) {
        try {
            files.removeAccount(accountId);
        } catch (IOException e) {
            failed("tidied", e);
        }
    }
}
