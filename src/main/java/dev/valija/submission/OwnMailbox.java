package dev.valija.submission;

import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.UpstreamException;
import java.util.Objects;
import java.util.Optional;

/** A mailbox at the provider for what its owner writes: found by its role, or by the name that we would give it. */
enum OwnMailbox {
    SENT(MailboxRole.SENT, "Sent"),
    DRAFTS(MailboxRole.DRAFTS, "Drafts"),
    TRASH(MailboxRole.TRASH, "Trash");

    private final MailboxRole role;
    private final String usual;

    OwnMailbox(MailboxRole role, String usual) {
        this.role = role;
        this.usual = usual;
    }

    MailboxRole role() {
        return role;
    }

    /** Its name at the provider, where there is one. */
    Optional<String> find(MailStore store) {
        var mailboxes = store.mailboxes();
        return mailboxes.stream()
                .filter(mailbox -> mailbox.role() == role && mailbox.selectable())
                .findFirst()
                .or(() -> mailboxes.stream()
                        .filter(mailbox -> mailbox.selectable() && isMadeByUs(mailbox))
                        .findFirst())
                .map(RemoteMailbox::name);
    }

    String findOrMake(MailStore store) {
        return find(store).orElseGet(() -> make(store));
    }

    /** Where there was none we make one, and the server need not tell what it is for. */
    private boolean isMadeByUs(RemoteMailbox mailbox) {
        return mailbox.name().equals(usual) || mailbox.name().equals("INBOX" + mailbox.separator() + usual);
    }

    private String make(MailStore store) {
        try {
            store.createMailbox(usual);
            return usual;
        } catch (UpstreamException.NotSupported e) {
            // Some keep all personal mailboxes beneath INBOX (RFC 2342 5).
            Character separator = store.mailboxes().stream()
                    .map(RemoteMailbox::separator)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow(() -> e);
            String beneath = "INBOX" + separator + usual;
            store.createMailbox(beneath);
            return beneath;
        }
    }
}
