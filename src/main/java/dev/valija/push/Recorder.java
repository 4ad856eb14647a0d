package dev.valija.push;

import dev.valija.account.AccountAdded;
import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.account.SignInRevoked;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.SyncProgressed;
import dev.valija.push.News.AccountNews;
import dev.valija.push.News.DraftNews;
import dev.valija.push.News.MailboxNews;
import dev.valija.push.News.MessageNews;
import dev.valija.push.News.SubmissionNews;
import dev.valija.push.News.SyncNews;
import dev.valija.submission.DraftChanged;
import dev.valija.submission.SubmissionChanged;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what happens into the change log, in the transaction in which it happens. At its very end: the lock on the
 * user's row is then short, and always the last one taken, so that it cannot be part of a deadlock.
 */
@Component
class Recorder {
    /** Beyond that a client reads the mailbox anew rather than being given a list. */
    private static final int MANY = 500;
    /** Drafts are a user's: their account may change, or go. */
    private static final long NO_ACCOUNT = 0;

    private final ChangeLog log;
    private final Signals signals;
    private final Streams streams;
    private final Accounts accounts;
    private final TransactionTemplate transaction;

    Recorder(ChangeLog log, Signals signals, Streams streams, Accounts accounts, TransactionTemplate transaction) {
        this.log = log;
        this.signals = signals;
        this.streams = streams;
        this.accounts = accounts;
        this.transaction = transaction;
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(MailboxChanged event) {
        var mailbox = event.mailbox();
        var account = event.accountId();
        var messages = event.created().size()
                + event.updated().size()
                + event.destroyed().size();
        var news = new ArrayList<News>();
        if (mailbox != null && messages > 0) {
            var many = messages > MANY;
            news.add(new MessageNews(
                    Long.toString(account),
                    new MailboxKey(account, mailbox).toString(),
                    many ? List.of() : keys(account, event.created()),
                    many ? List.of() : keys(account, event.updated()),
                    many ? List.of() : keys(account, event.destroyed()),
                    many));
        }
        if (!event.mailboxes().isEmpty()) {
            var ids = event.mailboxes().stream()
                    .map(id -> new MailboxKey(account, id).toString())
                    .toList();
            news.add(new MailboxNews(Long.toString(account), ids));
        }
        record(event.user(), account, news);
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(SubmissionChanged event) {
        var id = event.accountId() + "-" + event.submissionId();
        record(
                event.user(),
                event.accountId(),
                List.of(new SubmissionNews(Long.toString(event.accountId()), id, event.state())));
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(DraftChanged event) {
        var news = new DraftNews(Long.toString(event.draftId()), event.revision());
        record(event.user(), NO_ACCOUNT, List.of(news));
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(AccountAdded event) {
        account(event.user(), event.accountId(), "ok");
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(AccountChanged event) {
        var rejected = accounts.get(event.accountId()).credentialsRejected();
        account(event.user(), event.accountId(), rejected ? "credentials-rejected" : "ok");
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(AccountRemoved event) {
        account(event.user(), event.accountId(), "removed");
    }

    @EventListener
    void on(SignInRevoked event) {
        signals.send(new Signal.Revoked(event.user().value(), event.signInId()));
    }

    @EventListener
    void on(SyncProgressed event) {
        var mailbox = new MailboxKey(event.accountId(), event.mailboxId()).toString();
        signals.send(new Signal.Passing(
                event.user().value(),
                new SyncNews(Long.toString(event.accountId()), mailbox, event.state(), event.done(), event.total())));
    }

    private void account(UserId user, long accountId, String state) {
        record(user, accountId, List.of(new AccountNews(Long.toString(accountId), state)));
    }

    private void record(UserId user, long accountId, List<News> news) {
        if (news.isEmpty()) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            if (log.append(user, accountId, news)) {
                var changed = new Signal.Changed(user.value());
                signals.send(changed);
                // Our own streams need not wait until it comes back to us from the database.
                TransactionSynchronizationManager.registerSynchronization(
                        new OnceCommitted(() -> streams.hear(changed)));
            }
        });
    }

    private static List<String> keys(long account, List<Long> messages) {
        return messages.stream()
                .map(id -> new MessageKey(account, id).toString())
                .toList();
    }

    private record OnceCommitted(Runnable action) implements TransactionSynchronization {
        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED) {
                action.run();
            }
        }
    }
}
