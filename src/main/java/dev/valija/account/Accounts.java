package dev.valija.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.account.AccountRows.Row;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.ServerLogin;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The users' accounts, and the way from an account to its provider. */
@Service
public class Accounts {
    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private final AccountRows rows;
    private final Identities identities;
    private final ApplicationEventPublisher events;
    private final Cache<Long, UserId> owners =
            Caffeine.newBuilder().maximumSize(10_000).build();

    Accounts(AccountRows rows, Identities identities, ApplicationEventPublisher events) {
        this.rows = rows;
        this.identities = identities;
        this.events = events;
    }

    /** In the user's order. */
    public List<Account> of(UserId user) {
        return rows.of(user).stream().map(Row::account).toList();
    }

    /**
     * The user's account of that id.
     *
     * @throws ProblemException not-found when there is none or it is another user's
     */
    public Account require(UserId user, long accountId) {
        return requireRow(user, accountId).account();
    }

    /**
     * The same for those who need not know more. An account is one user's for ever, and its id is never another's: it is
     * looked up once.
     *
     * @throws ProblemException not-found when there is none or it is another user's
     */
    public void requireOwner(UserId user, long accountId) {
        if (!user.equals(owner(accountId))) {
            throw ProblemException.notFound("account");
        }
    }

    /** Whose account it is. @throws ProblemException not-found */
    public UserId owner(long accountId) {
        return owners.get(accountId, id -> get(id).user());
    }

    /** The ids of all accounts there are: for work in the background that all of them take part in. */
    public List<Long> ids() {
        return rows.ids();
    }

    /** The account without asking who wants it: for work in the background. */
    public Account get(long accountId) {
        return getRow(accountId).account();
    }

    /**
     * All it takes to connect, credentials decrypted.
     *
     * @throws ProblemException account-credentials-rejected while the provider refuses the password
     */
    public ServerLogin login(long accountId) {
        var row = getRow(accountId);
        if (row.account().credentialsRejected()) {
            throw rejected();
        }
        try {
            return rows.login(row);
        } catch (Vault.SealedException e) {
            // The password is lost to us; the user can give it again.
            log.error("The credentials of account {} cannot be decrypted", accountId, e);
            throw rejected();
        }
    }

    /**
     * For what is kept of the account outside of the database. It changes with the account's data key: ask again after
     * {@link AccountChanged}.
     *
     * @param purpose keeps what different modules seal apart
     * @return nothing when the account is gone, or its master key is
     */
    public Optional<Seal> seal(long accountId, String purpose) {
        try {
            return rows.find(accountId).map(row -> rows.seal(row, purpose));
        } catch (Vault.SealedException e) {
            return Optional.empty();
        }
    }

    /** The provider refused the password: remembered until a new one works, and told to the user. */
    @Transactional
    public void credentialsRejected(long accountId) {
        if (rows.reject(accountId)) {
            events.publishEvent(new AccountChanged(get(accountId).user(), accountId));
        }
    }

    /**
     * The largest message that the provider takes to be sent, in octets, as it said last (RFC 1870): 0 where it does not
     * say; empty as long as it was not asked.
     */
    public OptionalLong maxMessageSize(long accountId) {
        var size = getRow(accountId).maxMessageSize();
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /** The provider said how large a message it takes to be sent; see {@link #maxMessageSize}. */
    @Transactional
    public void learnMaxMessageSize(long accountId, long octets) {
        if (rows.learn(accountId, octets)) {
            events.publishEvent(new AccountChanged(get(accountId).user(), accountId));
        }
    }

    /** The account's identities, the default one first; never empty. */
    public List<Identity> identities(long accountId) {
        return identities.of(accountId);
    }

    /** All addresses that the user's accounts are known by and send as, in lower case. */
    public Set<String> addresses(UserId user) {
        return identities.addressesOf(user);
    }

    Row requireRow(UserId user, long accountId) {
        return rows.find(accountId)
                .filter(row -> row.account().user().equals(user))
                .orElseThrow(() -> ProblemException.notFound("account"));
    }

    private Row getRow(long accountId) {
        return rows.find(accountId).orElseThrow(() -> ProblemException.notFound("account"));
    }

    private static ProblemException rejected() {
        return new ProblemException(
                Problem.ACCOUNT_CREDENTIALS_REJECTED, "Give the new password of this account in the settings.");
    }
}
