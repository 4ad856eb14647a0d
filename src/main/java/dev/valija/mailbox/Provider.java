package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** The way from an account to its store. Remembers since when the store cannot be reached. */
@Component
class Provider {
    private final Upstream upstream;
    private final Accounts accounts;
    private final Map<Long, Instant> unreachable = new ConcurrentHashMap<>();
    private final Clock clock = Clock.systemUTC();

    Provider(Upstream upstream, Accounts accounts) {
        this.upstream = upstream;
        this.accounts = accounts;
    }

    /** Lends a connection to the account's store for the length of the work. */
    <T> T with(long accountId, Function<MailStore, T> work) {
        try {
            T answer = upstream.withStore(accounts.login(accountId), work::apply);
            reached(accountId);
            return answer;
        } catch (UpstreamException e) {
            failed(accountId, e);
            throw e;
        }
    }

    /** The same on a connection beside the others, for long work: see {@link Upstream#withStoreApart}. */
    <T> T apart(long accountId, Interruption interruption, Function<MailStore, T> work) {
        try {
            T answer = upstream.withStoreApart(accounts.login(accountId), interruption, work::apply);
            reached(accountId);
            return answer;
        } catch (UpstreamException e) {
            // That there was no connection to spare does not make the account unreachable.
            if (e instanceof UpstreamException.CredentialsRejected) {
                failed(accountId, e);
            }
            throw e;
        }
    }

    void reached(long accountId) {
        unreachable.remove(accountId);
    }

    /** Draws the consequences of a failure that ended a conversation with the store. */
    void failed(long accountId, UpstreamException why) {
        switch (why) {
            case UpstreamException.CredentialsRejected rejected -> {
                unreachable.putIfAbsent(accountId, clock.instant());
                accounts.credentialsRejected(accountId);
            }
            case UpstreamException.NotFound there -> reached(accountId);
            case UpstreamException.Renumbered there -> reached(accountId);
            case UpstreamException.AlreadyExists there -> reached(accountId);
            case UpstreamException.NotSupported there -> reached(accountId);
            case UpstreamException.OverQuota there -> reached(accountId);
            default -> unreachable.putIfAbsent(accountId, clock.instant());
        }
    }

    /** Since when the index may be out of date, if it may. */
    Optional<Instant> staleSince(long accountId) {
        return Optional.ofNullable(unreachable.get(accountId));
    }

    void forget(long accountId) {
        unreachable.remove(accountId);
        upstream.forget(accountId);
    }
}
