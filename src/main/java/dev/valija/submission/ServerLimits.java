package dev.valija.submission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.account.AccountChanged;
import dev.valija.account.Accounts;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailTransport;
import dev.valija.upstream.Upstream;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * How large a message each provider takes. It is told on every connection for sending; who begins to write from an account
 * that has never sent should know it before a large file is uploaded in vain, so it is asked for then.
 */
@Component
class ServerLimits {
    private static final Logger log = LoggerFactory.getLogger(ServerLimits.class);

    private final Accounts accounts;
    private final Upstream upstream;

    /** A provider that cannot be asked is left alone: each try is a sign-in. */
    private final Cache<Long, Boolean> asked =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(1)).build();

    /** What was kept last, so that to be told the same with each message costs nothing. */
    private final Cache<Long, Long> known =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(1)).build();

    ServerLimits(Accounts accounts, Upstream upstream) {
        this.accounts = accounts;
        this.upstream = upstream;
    }

    /** The provider says so, in octets; 0 for nothing said. */
    void told(long accountId, long sizeLimit) {
        if (!Objects.equals(known.getIfPresent(accountId), sizeLimit)) {
            accounts.learnMaxMessageSize(accountId, sizeLimit);
            known.put(accountId, sizeLimit);
        }
    }

    /** It may have another server now, of which nothing is known. */
    @EventListener
    void changed(AccountChanged event) {
        known.invalidate(event.accountId());
    }

    /** Somebody begins to write from that account. Asks in the background, once. */
    void wanted(long accountId) {
        if (accounts.maxMessageSize(accountId).isEmpty() && asked.asMap().putIfAbsent(accountId, true) == null) {
            Thread.ofVirtual().name("size limit").start(() -> ask(accountId));
        }
    }

    private void ask(long accountId) {
        try {
            told(accountId, upstream.withTransport(accounts.login(accountId), MailTransport::sizeLimit));
        } catch (ProblemException | DataAccessException | TransactionException e) {
            log.info(
                    "How large a message account {} may send is not known yet: {}",
                    accountId,
                    e.getClass().getSimpleName());
        }
    }
}
