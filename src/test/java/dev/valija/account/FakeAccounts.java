package dev.valija.account;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.support.FakeUpstream;
import dev.valija.upstream.ServerLogin;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Accounts without a database. */
public final class FakeAccounts extends Accounts {
    private final BiFunction<Long, String, ServerLogin> logins;
    private final Map<Long, Account> accounts = new TreeMap<>();
    private final Map<Long, Seal> seals = new ConcurrentHashMap<>();
    private final Set<Long> rejected = ConcurrentHashMap.newKeySet();
    private final Map<Long, Long> sizes = new ConcurrentHashMap<>();

    /** All of them at that provider. */
    public FakeAccounts(FakeUpstream upstream) {
        this((accountId, address) -> upstream.login(accountId, address));
    }

    /** They sign in so, by account and address. */
    public FakeAccounts(BiFunction<Long, String, ServerLogin> logins) {
        super(null, null, null);
        this.logins = logins;
    }

    /** The user has an account of that id for that address. */
    public synchronized Account add(UserId user, long accountId, String address) {
        var account = new Account(accountId, user, address, address, false);
        accounts.put(accountId, account);
        return account;
    }

    public synchronized void remove(long accountId) {
        accounts.remove(accountId);
    }

    /** Who may do what in them; what is shared is in that database. */
    public Accesses accesses(JdbcClient jdbc) {
        return new Accesses(jdbc, this, event -> {});
    }

    /** Accounts whose password was refused. */
    public Set<Long> rejected() {
        return Set.copyOf(rejected);
    }

    /** The user has given the new password. */
    public void accepts(long accountId) {
        rejected.remove(accountId);
    }

    @Override
    public synchronized List<Account> of(UserId user) {
        return accounts.values().stream().filter(a -> a.user().equals(user)).toList();
    }

    @Override
    public synchronized Account require(UserId user, long accountId) {
        var account = accounts.get(accountId);
        if (account == null || !account.user().equals(user)) {
            throw ProblemException.notFound("account");
        }
        return account;
    }

    @Override
    public synchronized Account get(long accountId) {
        var account = accounts.get(accountId);
        if (account == null) {
            throw ProblemException.notFound("account");
        }
        return new Account(
                account.id(), account.user(), account.address(), account.name(), rejected.contains(accountId));
    }

    @Override
    public ServerLogin login(long accountId) {
        var account = get(accountId);
        if (account.credentialsRejected()) {
            throw new ProblemException(Problem.ACCOUNT_CREDENTIALS_REJECTED, "give the new password");
        }
        return logins.apply(accountId, account.address());
    }

    @Override
    public synchronized Optional<Seal> seal(long accountId, String purpose) {
        return accounts.containsKey(accountId)
                ? Optional.of(seals.computeIfAbsent(accountId, id -> new Seal(newKey())))
                : Optional.empty();
    }

    /** The account gets another data key, as with a new password. */
    public synchronized void changesKey(long accountId) {
        seals.remove(accountId);
    }

    @Override
    public synchronized Set<String> addresses(UserId user) {
        return of(user).stream().map(Account::address).collect(Collectors.toSet());
    }

    @Override
    public OptionalLong maxMessageSize(long accountId) {
        var size = sizes.get(accountId);
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    @Override
    public void learnMaxMessageSize(long accountId, long octets) {
        sizes.put(accountId, octets);
    }

    private static SecretKey newKey() {
        var octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        return new SecretKeySpec(octets, "AES");
    }

    @Override
    public void credentialsRejected(long accountId) {
        rejected.add(accountId);
    }
}
