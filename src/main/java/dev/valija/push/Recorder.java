package dev.valija.push;

import dev.valija.account.Access;
import dev.valija.account.Accesses;
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
import dev.valija.push.News.CommentNews;
import dev.valija.push.News.DraftNews;
import dev.valija.push.News.MailboxNews;
import dev.valija.push.News.MessageNews;
import dev.valija.push.News.PresenceNews;
import dev.valija.push.News.ShareNews;
import dev.valija.push.News.SubmissionNews;
import dev.valija.push.News.SyncNews;
import dev.valija.sharing.CommentsChanged;
import dev.valija.sharing.PresenceTold;
import dev.valija.sharing.ShareChanged;
import dev.valija.submission.DraftChanged;
import dev.valija.submission.SubmissionChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    private final Accesses accesses;
    private final TransactionTemplate transaction;

    Recorder(
            ChangeLog log,
            Signals signals,
            Streams streams,
            Accounts accounts,
            Accesses accesses,
            TransactionTemplate transaction) {
        this.log = log;
        this.signals = signals;
        this.streams = streams;
        this.accounts = accounts;
        this.accesses = accesses;
        this.transaction = transaction;
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(MailboxChanged event) {
        tellAll(event.accountId(), event.user(), seen -> news(event, seen));
    }

    /** As much of it as can be seen. */
    private static List<News> news(MailboxChanged event, Predicate<Long> seen) {
        var mailbox = event.mailbox();
        var account = event.accountId();
        var messages = event.created().size()
                + event.updated().size()
                + event.destroyed().size();
        var news = new ArrayList<News>();
        if (mailbox != null && messages > 0 && seen.test(mailbox)) {
            var many = messages > MANY;
            news.add(new MessageNews(
                    Long.toString(account),
                    new MailboxKey(account, mailbox).toString(),
                    many ? List.of() : keys(account, event.created()),
                    many ? List.of() : keys(account, event.updated()),
                    many ? List.of() : keys(account, event.destroyed()),
                    many));
        }
        var ids = event.mailboxes().stream()
                .filter(seen)
                .map(id -> new MailboxKey(account, id).toString())
                .toList();
        if (!ids.isEmpty()) {
            news.add(new MailboxNews(Long.toString(account), ids));
        }
        return news;
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
        var news = new AccountNews(Long.toString(event.accountId()), state(event.accountId()));
        tellAll(event.accountId(), event.user(), seen -> List.of(news));
    }

    private String state(long accountId) {
        return accounts.get(accountId).credentialsRejected() ? "credentials-rejected" : "ok";
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(ShareChanged event) {
        var account = event.accountId();
        var id = Long.toString(account);
        transaction.executeWithoutResult(status -> {
            log.hold(event.concerned());
            for (var user : event.concerned()) {
                var news = new ArrayList<News>(List.of(new ShareNews(id)));
                if (event.members().contains(user)) {
                    news.add(new AccountNews(id, stateFor(user, account)));
                }
                record(user, account, news);
            }
        });
    }

    private String stateFor(UserId user, long accountId) {
        if (accesses.find(user, accountId).isPresent()) {
            return state(accountId);
        }
        log.forget(user, accountId);
        return "removed";
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true)
    void on(CommentsChanged event) {
        var account = event.message().accountId();
        var news = new CommentNews(Long.toString(account), event.message().toString());
        tellAll(
                account,
                accounts.owner(account),
                seen -> seen.test(event.mailbox().id()) ? List.of(news) : List.of());
    }

    @EventListener
    void on(PresenceTold event) {
        var message = event.message();
        var news = new PresenceNews(
                Long.toString(message.accountId()), message.toString(), event.address(), event.doing());
        var owner = accounts.owner(message.accountId());
        Stream.concat(
                        Stream.of(owner),
                        accesses.members(message.accountId()).stream()
                                .filter(access -> access.sees(event.mailbox().id()))
                                .map(Access::user))
                .filter(user -> !user.equals(event.user()))
                .forEach(user -> signals.send(new Signal.Present(user.value(), news)));
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
        var news = new SyncNews(Long.toString(event.accountId()), mailbox, event.state(), event.done(), event.total());
        signals.send(new Signal.Passing(event.user().value(), news));
        accesses.members(event.accountId()).stream()
                .filter(access -> access.sees(event.mailboxId()))
                .forEach(access -> signals.send(new Signal.Passing(access.user().value(), news)));
    }

    private void account(UserId user, long accountId, String state) {
        record(user, accountId, List.of(new AccountNews(Long.toString(accountId), state)));
    }

    /** Tells the owner of an account, and its members as much as they see. */
    private void tellAll(long accountId, UserId owner, Function<Predicate<Long>, List<News>> news) {
        transaction.executeWithoutResult(status -> {
            var members = accesses.members(accountId);
            if (!members.isEmpty()) {
                log.hold(Stream.concat(Stream.of(owner), members.stream().map(Access::user))
                        .toList());
                // What was taken back while we waited is over.
                members = accesses.now(members);
            }
            record(owner, accountId, news.apply(mailbox -> true));
            members.forEach(member -> record(member.user(), accountId, news.apply(member::sees)));
        });
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
