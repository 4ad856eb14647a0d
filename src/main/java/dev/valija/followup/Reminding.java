package dev.valija.followup;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Correspondence;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.Messages;
import dev.valija.message.Address;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Reminds of what nobody has answered, at its time: by a copy in INBOX. */
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
    private final Mailboxes mailboxes;
    private final Messages messages;
    private final Correspondence correspondence;
    private final InboxCopy copy;
    private final FollowUpRows rows;
    private final Clock clock = Clock.systemUTC();

    Reminding(
            Accounts accounts,
            Mailboxes mailboxes,
            Messages messages,
            Correspondence correspondence,
            InboxCopy copy,
            FollowUpRows rows) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.correspondence = correspondence;
        this.copy = copy;
        this.rows = rows;
    }

    /** Does all that is due in an account. */
    void work(long accountId) {
        if (!rows.isDue(accountId, clock.instant())) {
            return; // another alarm of the same time has seen to it
        }
        // Before anything is taken: it may take longer than anybody may have what is taken to themselves.
        var refusal = catchUp(accountId);
        for (var due = take(accountId); due.isPresent(); due = take(accountId)) {
            var followUp = due.get();
            try {
                if (refusal != null) {
                    throw refusal;
                }
                remind(followUp);
            } catch (ProblemException e) {
                failed(followUp, e);
            }
        }
    }

    /** Has all answers in the index. @return why not, where it is the provider; one mailbox that refuses stops nothing */
    private @Nullable ProblemException catchUp(long accountId) {
        try {
            mailboxes.catchUp(accountId);
            return null;
        } catch (UpstreamException e) {
            return e.connectionUsable() ? null : e;
        } catch (ProblemException e) {
            return e;
        }
    }

    private Optional<FollowUp> take(long accountId) {
        return rows.take(accountId, clock.instant());
    }

    private void remind(FollowUp followUp) {
        var inbox = mailboxes
                .byRole(followUp.accountId(), MailboxRole.INBOX)
                .orElseThrow(() -> ProblemException.notFound("inbox"));
        if (!mailboxes.caughtUp(inbox.key())) {
            rows.postpone(followUp, clock.instant().plus(BEING_READ), 0);
        } else if (isAnswered(followUp)) {
            rows.end(followUp);
        } else if (copy.make(followUp, inbox, clock.instant())) {
            mailboxes.changed(inbox.key());
            rows.end(followUp);
        } else {
            later(followUp, backoff(followUp)); // it may not have gone yet, or not be filed
        }
    }

    private void failed(FollowUp followUp, ProblemException why) {
        log.info("follow-up {} waits: {}", followUp.key(), why.problem());
        boolean rejected = why.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
        later(followUp, rejected ? REJECTED : backoff(followUp));
    }

    private boolean isAnswered(FollowUp followUp) {
        var user = accounts.get(followUp.accountId()).user();
        var own = accounts.addresses(user);
        return correspondence
                .answers(
                        followUp.accountId(),
                        followUp.messageId(),
                        followUp.since().minus(CLOCKS_DIFFER))
                .stream()
                .filter(letter -> letter.role() != MailboxRole.JUNK)
                .filter(letter -> !isOwn(letter.from(), own))
                .anyMatch(letter -> !messages.isAutomatic(user, new MessageKey(followUp.accountId(), letter.id())));
    }

    private static boolean isOwn(List<Address> from, Set<String> own) {
        return !from.isEmpty()
                && from.stream()
                        .allMatch(address -> own.contains(address.email().toLowerCase(Locale.ROOT)));
    }

    /** For so many days only: what cannot be done by then has been waited for long enough. */
    private void later(FollowUp followUp, Duration wait) {
        if (clock.instant().isAfter(followUp.remindAt().plus(GIVE_UP))) {
            log.info("follow-up {} is given up", followUp.key());
            rows.end(followUp);
        } else {
            rows.postpone(followUp, clock.instant().plus(wait), 1);
        }
    }

    private static Duration backoff(FollowUp followUp) {
        return SHORTEST_BACKOFF.multipliedBy(1L << Math.min(followUp.tries(), MOST_DOUBLINGS));
    }
}
