package dev.valija.snooze;

import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Where snoozed messages go back to, and where they are. */
@Component
class Homes {
    private final Mailboxes mailboxes;

    Homes(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** By the mailbox that each goes back to. */
    Map<MailboxKey, List<Snooze>> grouped(List<Snooze> snoozes) {
        return snoozes.stream().collect(Collectors.groupingBy(this::of));
    }

    /** Where it comes from; INBOX if that is gone. */
    private MailboxKey of(Snooze snooze) {
        return mailboxes
                .find(snooze.home())
                .or(() -> mailboxes.byName(snooze.key().accountId(), snooze.homeName()))
                .filter(Mailbox::selectable)
                .orElseGet(() -> inbox(snooze.key().accountId()))
                .key();
    }

    /** @throws ProblemException not-found */
    Mailbox mailbox(MailboxKey key) {
        return mailboxes.find(key).orElseThrow(() -> ProblemException.notFound("mailbox"));
    }

    boolean isSnoozed(MailboxKey key) {
        return mailboxes
                .find(key)
                .filter(mailbox -> mailbox.role() == MailboxRole.SNOOZED)
                .isPresent();
    }

    Mailbox inbox(long accountId) {
        return mailboxes
                .byRole(accountId, MailboxRole.INBOX)
                .orElseThrow(() -> new ProblemException(Problem.OPERATION_NOT_SUPPORTED, "There is no inbox."));
    }

    /** The mailbox that these are in while they are away, as it is called now; empty where somebody has deleted it. */
    Optional<MailboxKey> away(MailboxKey key) {
        return mailboxes
                .find(key)
                .or(() -> mailboxes.byRole(key.accountId(), MailboxRole.SNOOZED))
                .map(Mailbox::key);
    }
}
