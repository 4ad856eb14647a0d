package dev.valija.followup;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Correspondence;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.Mailboxes;
import dev.valija.message.Address;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Reminds of what nobody has answered: a copy of the sent message in INBOX, unread and with a keyword, which any mail
 * program shows. It is looked for before it is made, so that there is one, whoever dies in between; a message that is in
 * INBOX already, because it went to its sender too, is the reminder itself.
 */
@Service
class Reminding {
    private static final Logger log = LoggerFactory.getLogger(Reminding.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration REJECTED = Duration.ofHours(1);
    private static final Duration BEING_READ = Duration.ofSeconds(30);
    /** As long as a message may be on its way (RFC 5321 4.5.4.1), and some days more. */
    private static final Duration GIVE_UP = Duration.ofDays(8);
    /** A provider's clock need not be ours. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final Accounts accounts;
    private final Upstream upstream;
    private final Mailboxes mailboxes;
    private final Correspondence correspondence;
    private final FollowUpRows rows;
    private final Clock clock;

    @Autowired
    Reminding(
            Accounts accounts,
            Upstream upstream,
            Mailboxes mailboxes,
            Correspondence correspondence,
            FollowUpRows rows) {
        this(accounts, upstream, mailboxes, correspondence, rows, Clock.systemUTC());
    }

    Reminding(
            Accounts accounts,
            Upstream upstream,
            Mailboxes mailboxes,
            Correspondence correspondence,
            FollowUpRows rows,
            Clock clock) {
        this.accounts = accounts;
        this.upstream = upstream;
        this.mailboxes = mailboxes;
        this.correspondence = correspondence;
        this.rows = rows;
        this.clock = clock;
    }

    /** Does all that is due in an account. */
    void work(long accountId) {
        for (var due = take(accountId); due.isPresent(); due = take(accountId)) {
            var followUp = due.get();
            try {
                remind(followUp);
            } catch (ProblemException e) {
                log.info("follow-up {} waits: {}", followUp.key(), e.problem());
                boolean rejected = e.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
                later(followUp, rejected ? REJECTED : backoff(followUp));
            }
        }
    }

    private Optional<FollowUp> take(long accountId) {
        return rows.take(accountId, clock.instant());
    }

    private void remind(FollowUp followUp) {
        mailboxes.catchUp(followUp.accountId());
        var inbox = mailboxes
                .byRole(followUp.accountId(), MailboxRole.INBOX)
                .orElseThrow(() -> ProblemException.notFound("inbox"));
        if (!mailboxes.caughtUp(inbox.key())) {
            rows.postpone(followUp, clock.instant().plus(BEING_READ), 0);
        } else if (isAnswered(followUp)) {
            rows.end(followUp);
        } else if (isInInbox(followUp, inbox)) {
            mailboxes.changed(inbox.key());
            rows.end(followUp);
        } else if (clock.instant().isAfter(followUp.remindAt().plus(GIVE_UP))) {
            log.info("follow-up {} is given up: the message is not in Sent", followUp.key());
            rows.end(followUp);
        } else {
            later(followUp, backoff(followUp)); // it may not have gone yet, or not be filed
        }
    }

    private boolean isAnswered(FollowUp followUp) {
        var own = accounts.addresses(accounts.get(followUp.accountId()).user());
        return correspondence
                .answers(
                        followUp.accountId(),
                        followUp.messageId(),
                        followUp.since().minus(CLOCKS_DIFFER))
                .stream()
                .filter(letter -> letter.role() != MailboxRole.JUNK)
                .anyMatch(letter -> !isOwn(letter.from(), own));
    }

    private static boolean isOwn(List<Address> from, Set<String> own) {
        return !from.isEmpty()
                && from.stream()
                        .allMatch(address -> own.contains(address.email().toLowerCase(Locale.ROOT)));
    }

    /** Sees to it that the message is in INBOX, once. @return false where there is none to be copied */
    private boolean isInInbox(FollowUp followUp, Mailbox inbox) {
        var sent = mailboxes.byRole(followUp.accountId(), MailboxRole.SENT).map(Mailbox::remoteName);
        return upstream.withStore(accounts.login(followUp.accountId()), store -> {
            var there = first(store, inbox.remoteName(), followUp);
            if (there.isEmpty()) {
                there = sent.flatMap(mailbox -> copy(store, mailbox, inbox.remoteName(), followUp));
            }
            there.ifPresent(id -> store.changeKeywords(
                    inbox.remoteName(), List.of(id), Set.of(Keyword.FOLLOW_UP), Set.of(Keyword.SEEN)));
            return there.isPresent();
        });
    }

    private static Optional<RemoteId> copy(MailStore store, String sent, String inbox, FollowUp followUp) {
        return first(store, sent, followUp).flatMap(original -> {
            var told = store.copy(sent, List.of(original), inbox).get(original);
            return told == null ? first(store, inbox, followUp) : Optional.of(told);
        });
    }

    private static Optional<RemoteId> first(MailStore store, String mailbox, FollowUp followUp) {
        return store.findByMessageId(mailbox, followUp.messageId()).stream().findFirst();
    }

    private void later(FollowUp followUp, Duration wait) {
        rows.postpone(followUp, clock.instant().plus(wait), 1);
    }

    private static Duration backoff(FollowUp followUp) {
        return SHORTEST_BACKOFF.multipliedBy(1L << Math.min(followUp.tries(), MOST_DOUBLINGS));
    }
}
