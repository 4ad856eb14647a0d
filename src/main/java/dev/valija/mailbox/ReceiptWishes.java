package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.message.Address;
import dev.valija.upstream.MailboxRole;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Who wants to be told that a message was read, and of whom: nobody is asked about their own mail, nor about junk. */
@Component
class ReceiptWishes {
    /** What lies there was not sent to the reader, or by nobody who should learn that the address is read. */
    private static final Set<MailboxRole> UNASKED = Set.of(MailboxRole.SENT, MailboxRole.DRAFTS, MailboxRole.JUNK);

    private final Accounts accounts;
    private final MailboxIndex mailboxes;

    ReceiptWishes(Accounts accounts, MailboxIndex mailboxes) {
        this.accounts = accounts;
        this.mailboxes = mailboxes;
    }

    /** RFC 8098 2.1. Looks into the database only where there is such a wish. */
    Optional<Address> of(StoredMessage message, Opened opened) {
        return opened.receiptTo().filter(to -> !isOwn(message, to) && !isUnasked(message));
    }

    private boolean isOwn(StoredMessage message, Address to) {
        var own = accounts.identities(message.accountId());
        return Stream.concat(message.envelope().from().stream(), Stream.of(to))
                .anyMatch(one -> own.stream().anyMatch(me -> me.email().equalsIgnoreCase(one.email())));
    }

    private boolean isUnasked(StoredMessage message) {
        return mailboxes
                .find(message.row().mailbox())
                .map(Mailbox::role)
                .filter(UNASKED::contains)
                .isPresent();
    }
}
