package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.Upstream;
import org.springframework.stereotype.Component;

/** Starts watches on accounts. */
@Component
class WatchStarter {
    private final Upstream upstream;
    private final Accounts accounts;
    private final MailboxIndex mailboxes;
    private final Freshness freshness;
    private final Filling filling;
    private final Provider provider;

    WatchStarter(
            Upstream upstream,
            Accounts accounts,
            MailboxIndex mailboxes,
            Freshness freshness,
            Filling filling,
            Provider provider) {
        this.upstream = upstream;
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.freshness = freshness;
        this.filling = filling;
        this.provider = provider;
    }

    /** Watches the account's INBOX most closely. Returns at once. */
    AccountWatch start(long accountId) {
        var watch = new AccountWatch(accountId, freshness, filling, provider);
        Freshness.later("watch", () -> {
            // A user who is new waits for their first page: the watch comes after it, as does all else.
            Freshness.now("first look", () -> freshness.firstLook(accountId));
            var inbox = mailboxes.byRole(accountId, MailboxRole.INBOX).map(Mailbox::remoteName);
            watch.standsOn(upstream.watch(accounts.login(accountId), inbox.orElse("INBOX"), watch));
        });
        return watch;
    }

    /** The index is filled from now on. */
    void resume() {
        filling.start();
    }

    /** The index is not filled any more. */
    void pause() {
        filling.stop();
    }
}
