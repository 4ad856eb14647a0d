package dev.valija.account;

import dev.valija.account.AccountRequests.AccountChange;
import dev.valija.account.AccountRequests.SignInForm;
import dev.valija.account.AccountRows.Row;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.Upstream.Servers;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Signing in, and adding, changing and removing accounts. Nothing is stored that a provider has not vouched for. */
@Service
class Enrolment {
    private final AccountRows rows;
    private final Accounts accounts;
    private final Identities identities;
    private final SignIns signIns;
    private final SignInLimits limits;
    private final ServerFinder finder;
    private final Upstream upstream;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    Enrolment(
            AccountRows rows,
            Accounts accounts,
            Identities identities,
            SignIns signIns,
            SignInLimits limits,
            ServerFinder finder,
            Upstream upstream,
            TransactionTemplate transaction,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.accounts = accounts;
        this.identities = identities;
        this.signIns = signIns;
        this.limits = limits;
        this.finder = finder;
        this.upstream = upstream;
        this.transaction = transaction;
        this.events = events;
    }

    /** The user whose login that is; the first sign-in makes them. */
    UserId signIn(SignInForm form, String client) {
        var attempt = limits.client(client);
        var servers = finder.find(form);
        var key = LoginKey.of(servers.store(), form.loginName());
        var known = rows.findFirst(key);
        var accountId = known.map(row -> row.account().id()).orElseGet(rows::nextId);
        var login = new ServerLogin(
                accountId,
                servers.store(),
                transport(form, servers, known.map(Row::servers).orElse(servers)),
                new Credentials(form.loginName(), form.password()));
        try {
            verify(login);
        } catch (UpstreamException.CredentialsRejected e) {
            throw new ProblemException(
                    Problem.SIGN_IN_REJECTED, "Check the address and the password, and try again.", e);
        }
        attempt.succeeded();
        if (known.isPresent()) {
            return cameBack(known.get(), login);
        }
        events.publishEvent(new LoginProven(login));
        return inTransaction(() -> signUp(form.address(), key, login));
    }

    /** Adds an account to a user who is signed in. */
    Account add(UserId user, SignInForm form, String client) {
        var attempt = limits.client(client);
        var servers = finder.find(form);
        var key = LoginKey.of(servers.store(), form.loginName());
        if (rows.of(user).stream()
                .anyMatch(row -> key.equals(LoginKey.of(row.servers().store(), row.loginName())))) {
            attempt.succeeded();
            throw alreadyThere();
        }
        var login = new ServerLogin(
                rows.nextId(),
                servers.store(),
                servers.transport(),
                new Credentials(form.loginName(), form.password()));
        verify(login);
        attempt.succeeded();
        events.publishEvent(new LoginProven(login));
        try {
            return inTransaction(() -> insert(user, form.address(), login, false));
        } catch (DuplicateKeyException e) {
            upstream.forget(login.accountId());
            throw alreadyThere();
        }
    }

    /** Renames an account, or takes its new password or servers once they have worked. */
    Account change(UserId user, long accountId, AccountChange change, String client) {
        var row = accounts.requireRow(user, accountId);
        var rename = change.name();
        if (change.password() == null && change.server() == null) {
            return inTransaction(() -> {
                if (rename != null) {
                    rows.rename(accountId, rename);
                }
                events.publishEvent(new AccountChanged(user, accountId));
                return accounts.require(user, accountId);
            });
        }
        var login = changed(row, change);
        var attempt = limits.client(client);
        verify(login);
        attempt.succeeded();
        try {
            inTransaction(() -> {
                rows.proven(login);
                if (row.first()) {
                    rows.moveUser(user, LoginKey.of(login.store(), row.loginName()));
                }
                if (rename != null) {
                    rows.rename(accountId, rename);
                }
                events.publishEvent(new AccountChanged(user, accountId));
                events.publishEvent(new AccountAdded(user, accountId));
                return accountId;
            });
        } catch (DuplicateKeyException e) {
            upstream.forget(accountId);
            throw alreadyThere();
        }
        if (!login.store().equals(row.servers().store())) {
            upstream.forget(accountId);
        }
        return accounts.require(user, accountId);
    }

    /** Forgets an account; with the first one, the user. */
    void remove(UserId user, long accountId) {
        var first = accounts.requireRow(user, accountId).first();
        var gone = first ? rows.of(user).stream().map(row -> row.account().id()).toList() : List.of(accountId);
        inTransaction(() -> {
            gone.forEach(id -> events.publishEvent(new AccountRemoved(user, id)));
            if (first) {
                signIns.revokeAll(user);
                rows.deleteUser(user);
            } else {
                rows.delete(accountId);
            }
            return gone;
        });
        if (first) {
            signIns.forget(user);
        }
        gone.forEach(upstream::forget);
    }

    private void verify(ServerLogin login) {
        var attempt =
                limits.login(LoginKey.of(login.store(), login.credentials().username()));
        try {
            upstream.verify(login);
            attempt.succeeded();
        } catch (UpstreamException.CredentialsRejected e) {
            throw e;
        } catch (UpstreamException e) {
            attempt.succeeded(); // nobody learnt anything about the password
            throw e;
        }
    }

    private UserId signUp(String address, LoginKey key, ServerLogin login) {
        var user = rows.insertUser(key);
        if (user.isEmpty()) {
            // Two first sign-ins at once: the other one made the user, and this is the same person.
            upstream.forget(login.accountId());
            return rows.findFirst(key).orElseThrow().account().user();
        }
        insert(user.get(), address, login, true);
        return user.get();
    }

    private Account insert(UserId user, String address, ServerLogin login, boolean first) {
        var folded = AccountRequests.foldDomain(address);
        var account = new Account(login.accountId(), user, folded, folded, false);
        rows.insert(account, first, login);
        identities.add(account.id(), null, folded, null);
        events.publishEvent(new AccountAdded(user, account.id()));
        return account;
    }

    /** The provider has just taken this password: it replaces one that is out of date. */
    private UserId cameBack(Row row, ServerLogin login) {
        var user = row.account().user();
        if (row.account().credentialsRejected() || !isStored(row, login)) {
            inTransaction(() -> {
                rows.proven(login);
                events.publishEvent(new AccountAdded(user, login.accountId()));
                return user;
            });
        }
        return user;
    }

    private boolean isStored(Row row, ServerLogin login) {
        try {
            return rows.login(row).equals(login);
        } catch (Vault.SealedException e) {
            return false;
        }
    }

    /** Servers found anew do not displace the ones the account has; servers named do. */
    private static ServerSettings transport(SignInForm form, Servers found, Servers stored) {
        var named = form.server();
        return named != null && named.smtp() != null ? found.transport() : stored.transport();
    }

    private ServerLogin changed(Row row, AccountChange change) {
        var named = change.server();
        if (named != null && named.pop3() != null) {
            throw ServerFinder.noPop3();
        }
        var store = named == null ? null : ServerFinder.settings("/server/imap", named.imap(), 993, 143);
        var transport = named == null ? null : ServerFinder.settings("/server/smtp", named.smtp(), 465, 587);
        var password = change.password();
        if (password == null) {
            password = storedPassword(row, store);
        }
        return new ServerLogin(
                row.account().id(),
                store != null ? store : row.servers().store(),
                transport != null ? transport : row.servers().transport(),
                new Credentials(row.loginName(), password));
    }

    /**
     * The password we keep goes to no new host: whoever holds a session could otherwise have it sent to a server of
     * their own and read it there.
     */
    private String storedPassword(Row row, @Nullable ServerSettings store) {
        if (store != null && !store.host().equals(row.servers().store().host())) {
            throw ProblemException.invalid("/password", "Give the password along with a new server.");
        }
        try {
            return rows.login(row).credentials().password();
        } catch (Vault.SealedException e) {
            throw ProblemException.invalid("/password", "Give the password again.");
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return transaction.execute(status -> work.get());
    }

    private static ProblemException alreadyThere() {
        return new ProblemException(Problem.ALREADY_EXISTS, "That account is there already.");
    }
}
