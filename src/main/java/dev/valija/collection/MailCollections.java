package dev.valija.collection;

import dev.valija.account.Accounts;
import dev.valija.account.LoginTrial;
import dev.valija.account.ServerForm;
import dev.valija.account.UserId;
import dev.valija.collection.CollectionRequests.CollectionChange;
import dev.valija.collection.CollectionRequests.NewCollection;
import dev.valija.collection.MailCollection.Policy;
import dev.valija.collection.MailCollection.Source;
import dev.valija.collection.MailCollection.Target;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** The users' collections. A login is stored once its server has accepted it. */
@Service
class MailCollections {
    private static final int MOST = 50;
    private static final int USUAL_INTERVAL = 15;
    private static final int MOST_RACES = 5;

    private final Accounts accounts;
    private final Mailboxes mailboxes;
    private final Upstream upstream;
    private final LoginTrial trial;
    private final Passwords passwords;
    private final CollectionRows rows;
    private final Clock clock = Clock.systemUTC();

    MailCollections(
            Accounts accounts,
            Mailboxes mailboxes,
            Upstream upstream,
            LoginTrial trial,
            Passwords passwords,
            CollectionRows rows) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.upstream = upstream;
        this.trial = trial;
        this.passwords = passwords;
        this.rows = rows;
    }

    List<MailCollection> of(UserId user) {
        return rows.of(user);
    }

    /** @throws ProblemException not-found when there is none or it is another user's */
    MailCollection require(CollectionKey key) {
        return rows.find(key).orElseThrow(() -> ProblemException.notFound("collection"));
    }

    MailCollection add(UserId user, NewCollection wanted, String client) {
        if (rows.of(user).size() >= MOST) {
            throw new ProblemException(Problem.CONFLICT, "There are %d collections already.".formatted(MOST));
        }
        var interval = wanted.intervalMinutes();
        var policy = new Policy(
                wanted.afterStoring().keepDays(),
                Duration.ofMinutes(interval == null ? USUAL_INTERVAL : interval),
                Boolean.TRUE.equals(wanted.paused()));
        var target = target(user, wanted.mailboxId());
        var server = server(wanted.server());
        refuseItself(target, server, wanted.username());
        prove(server, wanted.username(), wanted.password(), client);
        var source = new Source(server, wanted.username(), passwords.seal(user, wanted.password()));
        try {
            return require(rows.insert(user, source, target, policy, policy.paused() ? null : clock.instant()));
        } catch (DuplicateKeyException e) {
            throw alreadyThere();
        }
    }

    MailCollection change(CollectionKey key, CollectionChange change, String client) {
        var old = require(key);
        if (change.isNothing()) {
            throw ProblemException.invalid("", "Say what to change.");
        }
        var mailbox = change.mailboxId();
        var target = mailbox == null ? null : target(key.user(), mailbox);
        if (target != null && !change.changesLogin()) {
            refuseItself(target, old.source().server(), old.source().loginName());
        }
        var source = change.changesLogin() ? source(old, change, target == null ? old.target() : target, client) : null;
        try {
            for (int i = 0; i < MOST_RACES; i++) {
                var now = require(key);
                var policy = policy(now.policy(), change);
                if (rows.update(
                        now,
                        source == null ? now.source() : source,
                        target == null ? now.target() : target,
                        policy,
                        due(now, change, policy))) {
                    return require(key);
                }
            }
        } catch (DuplicateKeyException e) {
            throw alreadyThere();
        }
        throw new ProblemException(Problem.CONFLICT, "It is being changed by somebody else; try again.");
    }

    void remove(CollectionKey key) {
        if (!rows.delete(key)) {
            throw ProblemException.notFound("collection");
        }
    }

    /** @throws ProblemException account-credentials-rejected as long as there is no new password */
    MailCollection run(CollectionKey key) {
        var collection = require(key);
        if (collection.rejected()) {
            throw new ProblemException(
                    Problem.ACCOUNT_CREDENTIALS_REJECTED, "Give the new password of this collection first.");
        }
        rows.hurry(collection, clock.instant());
        return require(key);
    }

    private static Policy policy(Policy old, CollectionChange change) {
        var after = change.afterStoring();
        var interval = change.intervalMinutes();
        var paused = change.paused();
        return new Policy(
                after == null ? old.keepDays() : after.keepDays(),
                interval == null ? old.interval() : Duration.ofMinutes(interval),
                paused == null ? old.paused() : paused);
    }

    /** Whoever is at it now comes to an end first. */
    private @Nullable Instant due(MailCollection old, CollectionChange change, Policy policy) {
        if (policy.paused() || (old.rejected() && !change.changesLogin())) {
            return null;
        }
        return clock.instant().plus(old.running() ? CollectionRows.SPACING : Duration.ZERO);
    }

    private Source source(MailCollection old, CollectionChange change, Target target, String client) {
        var form = change.server();
        var server = form == null ? old.source().server() : server(form);
        var name = change.username() == null ? old.source().loginName() : change.username();
        var password = change.password();
        if (password == null) {
            // Whoever holds a session could otherwise have it sent to a server of their own and read it there.
            if (!server.host().equals(old.source().server().host()) || change.username() != null) {
                throw ProblemException.invalid("/password", "Give the password along with a new server or user name.");
            }
            password = passwords.open(old.key().user(), old.source().password());
        }
        refuseItself(target, server, name);
        prove(server, name, password, client);
        return new Source(server, name, passwords.seal(old.key().user(), password));
    }

    private Target target(UserId user, String mailboxId) {
        MailboxKey key;
        try {
            key = MailboxKey.parse(mailboxId);
            var mailbox = mailboxes.require(user, key);
            if (!mailbox.selectable()) {
                throw ProblemException.invalid("/mailboxId", "This mailbox takes no messages.");
            }
            return new Target(key, mailbox.remoteName());
        } catch (ProblemException e) {
            throw e.problem() == Problem.NOT_FOUND
                    ? ProblemException.invalid("/mailboxId", "There is no such mailbox.")
                    : e;
        }
    }

    private static ServerSettings server(ServerForm form) {
        return form.settings("/server", 995, 110);
    }

    /** To collect a mailbox into itself has no sense and no end. */
    private void refuseItself(Target target, ServerSettings server, String loginName) {
        var account = accounts.get(target.mailbox().accountId());
        if (account.credentialsRejected()) {
            return;
        }
        var login = accounts.login(account.id());
        boolean sameName = loginName.equalsIgnoreCase(login.credentials().username())
                || loginName.equalsIgnoreCase(account.address());
        if (sameName && site(server.host()).equals(site(login.store().host()))) {
            throw ProblemException.invalid("/username", "This is the account that the mail would go to.");
        }
    }

    /** The last two labels of a name: mostly whose it is. */
    private static String site(String host) {
        var dot = host.lastIndexOf('.', host.lastIndexOf('.') - 1);
        return host.substring(dot + 1);
    }

    private void prove(ServerSettings server, String loginName, String password, String client) {
        var login = new MaildropLogin(server, new Credentials(loginName, password));
        trial.signIn(
                client,
                server,
                loginName,
                () -> upstream.withMaildrop(login, maildrop -> {
                    maildrop.check();
                    maildrop.quit();
                    return maildrop;
                }));
    }

    private static ProblemException alreadyThere() {
        return new ProblemException(Problem.ALREADY_EXISTS, "That login is collected from already.");
    }
}
