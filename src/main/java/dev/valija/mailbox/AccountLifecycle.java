package dev.valija.mailbox;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.account.LoginProven;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Follows accounts as they come, change and go. */
@Component
class AccountLifecycle {
    private final Watching watching;
    private final Accounts accounts;
    private final Provider provider;
    private final Freshness freshness;
    private final FirstLooks firstLooks;
    private final IndexWrites writes;
    private final MailboxIndex mailboxes;
    private final MessageIndex messages;
    private final WatchLeases leases;

    AccountLifecycle(
            Watching watching,
            Accounts accounts,
            Provider provider,
            Freshness freshness,
            FirstLooks firstLooks,
            IndexWrites writes,
            MailboxIndex mailboxes,
            MessageIndex messages,
            WatchLeases leases) {
        this.watching = watching;
        this.accounts = accounts;
        this.provider = provider;
        this.freshness = freshness;
        this.firstLooks = firstLooks;
        this.writes = writes;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.leases = leases;
    }

    @EventListener
    void proven(LoginProven event) {
        firstLooks.begin(event.login());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void added(AccountAdded event) {
        Freshness.later("start", () -> {
            Freshness.now("first look", () -> freshness.firstLook(event.accountId()));
            watching.restart(event.accountId());
        });
    }

    /** Its servers may be others; or its password was refused, and trying on would lock the user out. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        if (accounts.get(event.accountId()).credentialsRejected()) {
            watching.end(event.accountId());
        }
    }

    @EventListener
    void removing(AccountRemoved event) {
        writes.run(event.accountId(), () -> {
            messages.removeAccount(event.accountId());
            mailboxes.removeAccount(event.accountId());
            leases.removeAccount(event.accountId());
        });
    }

    @TransactionalEventListener(fallbackExecution = true)
    void removed(AccountRemoved event) {
        watching.end(event.accountId());
        provider.forget(event.accountId());
        freshness.forget(event.accountId());
        firstLooks.forget(event.accountId());
        writes.forget(event.accountId());
    }
}
