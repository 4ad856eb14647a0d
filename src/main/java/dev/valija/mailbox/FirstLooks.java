package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What a new user sees first, read while their account is still being stored: on the connection on which the provider
 * has just taken the password. Held in memory, for the one account that was vouched for, until it goes into the index.
 */
@Component
class FirstLooks {
    private static final Logger log = LoggerFactory.getLogger(FirstLooks.class);
    private static final String INBOX = "INBOX";
    /** An account that has not been stored by then never will be. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private static final int MOST = 1000;

    private final Upstream upstream;
    private final Cache<Long, CompletableFuture<Look>> looks = Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .scheduler(Scheduler.systemScheduler())
            .maximumSize(MOST)
            .build();

    FirstLooks(Upstream upstream) {
        this.upstream = upstream;
    }

    private record Look(MailStore.Newest inbox, List<RemoteMailbox> mailboxes) {}

    /** Begins to read. Returns at once. */
    void begin(ServerLogin login) {
        var look = new CompletableFuture<Look>();
        looks.put(login.accountId(), look);
        Thread.ofVirtual().name("first-look-" + login.accountId()).start(() -> {
            try {
                look.complete(upstream.withStore(login, FirstLooks::read));
            } catch (RuntimeException | Error e) {
                look.completeExceptionally(e);
            }
        });
    }

    /** INBOX before the list: a server that has to look through a mailbox to count it does so once then, not twice. */
    private static Look read(MailStore store) {
        var newest = store.newest(INBOX, MailboxSync.FIRST_PAGE);
        return new Look(newest, store.mailboxes());
    }

    /** The account's mailboxes as they are read or have just been read; empty when they must be asked for. */
    Optional<List<RemoteMailbox>> mailboxes(long accountId) {
        return find(accountId).map(Look::mailboxes);
    }

    /** The newest messages of INBOX; told once, since they grow old. */
    Optional<MailStore.Newest> newest(Mailbox mailbox) {
        if (mailbox.role() != MailboxRole.INBOX || !mailbox.remoteName().equals(INBOX)) {
            return Optional.empty();
        }
        var look = find(mailbox.accountId());
        looks.invalidate(mailbox.accountId());
        return look.map(Look::inbox);
    }

    void forget(long accountId) {
        looks.invalidate(accountId);
    }

    private Optional<Look> find(long accountId) {
        var look = looks.getIfPresent(accountId);
        return look == null
                ? Optional.empty()
                : look.handle((read, failure) -> {
                            if (failure instanceof UpstreamException e) {
                                log.info("the first look at account {} did not succeed: {}", accountId, e.problem());
                            } else if (failure != null) {
                                log.warn("the first look at account {} failed", accountId, failure);
                            }
                            return Optional.ofNullable(read);
                        })
                        .join();
    }
}
