package dev.valija.followup;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.message.Keyword;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * The reminder itself: a copy of the message in INBOX, of today, so that it is on top, and unread, so that any mail program
 * shows it. It is looked for before it is made, so that there is one, whoever dies in between; a message that is in INBOX
 * already, because it went to its sender too, is the reminder.
 */
@Component
class InboxCopy {
    /** What lies there has been thrown away, or was never sent. */
    private static final Set<MailboxRole> UNFIT = Set.of(MailboxRole.TRASH, MailboxRole.DRAFTS, MailboxRole.JUNK);

    /** Each has a whole message in memory. */
    private static final int AT_ONCE = 2;

    private final Semaphore few = new Semaphore(AT_ONCE);
    private final Accounts accounts;
    private final Upstream upstream;
    private final Mailboxes mailboxes;
    private final MessagePlaces places;

    InboxCopy(Accounts accounts, Upstream upstream, Mailboxes mailboxes, MessagePlaces places) {
        this.accounts = accounts;
        this.upstream = upstream;
        this.mailboxes = mailboxes;
        this.places = places;
    }

    /** Sees to it that the message is in INBOX, once. @return false where there is none to be copied */
    boolean make(FollowUp followUp, Mailbox inbox, Instant now) {
        try {
            return upstream.withStore(accounts.login(followUp.accountId()), store -> {
                var there = first(store, inbox.remoteName(), followUp);
                if (there.isEmpty()) {
                    there = copy(store, inbox.remoteName(), followUp, now);
                }
                there.ifPresent(id -> mark(store, inbox.remoteName(), id));
                return there.isPresent();
            });
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all octets", e);
        }
    }

    private Optional<RemoteId> copy(MailStore store, String inbox, FollowUp followUp, Instant now) throws IOException {
        var sent = mailboxes.byRole(followUp.accountId(), MailboxRole.SENT).map(Mailbox::remoteName);
        var original = sent.flatMap(mailbox -> first(store, mailbox, followUp));
        if (original.isPresent()) {
            return copy(store, sent.get(), original.get(), inbox, followUp, now);
        }
        var elsewhere = places.named(followUp.accountId(), followUp.messageId()).stream()
                .filter(this::isFit)
                .findFirst();
        return elsewhere.isEmpty()
                ? Optional.empty()
                : copy(store, elsewhere.get().remoteName(), elsewhere.get().remoteId(), inbox, followUp, now);
    }

    private Optional<RemoteId> copy(
            MailStore store, String mailbox, RemoteId original, String inbox, FollowUp followUp, Instant now)
            throws IOException {
        few.acquireUninterruptibly();
        try {
            var octets = new ByteArrayOutputStream();
            store.writeRaw(mailbox, original, octets);
            byte[] message = octets.toByteArray();
            var told = store.append(inbox, new ByteArrayInputStream(message), message.length, Set.of(), now);
            return told == null ? first(store, inbox, followUp) : Optional.of(told);
        } finally {
            few.release();
        }
    }

    private boolean isFit(Place place) {
        var role = mailboxes.find(place.mailbox()).map(Mailbox::role).orElse(null);
        return role == null || !UNFIT.contains(role);
    }

    private static Optional<RemoteId> first(MailStore store, String mailbox, FollowUp followUp) {
        return store.findByMessageId(mailbox, followUp.messageId()).stream().findFirst();
    }

    private static void mark(MailStore store, String inbox, RemoteId reminder) {
        store.changeKeywords(inbox, List.of(reminder), Set.of(), Set.of(Keyword.SEEN));
        try {
            store.changeKeywords(inbox, List.of(reminder), Set.of(Keyword.FOLLOW_UP), Set.of());
        } catch (UpstreamException.NotSupported e) {
            return; // the server keeps no such keyword: it is unread all the same
        }
    }
}
