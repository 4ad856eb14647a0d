package dev.valija.submission;

import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.message.Keyword;
import dev.valija.submission.Claims.Content;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is left to do once a message went: one copy in Sent, and its parents marked. */
@Component
class Filing {
    private final Accounts accounts;
    private final Accesses accesses;
    private final Upstream upstream;
    private final MessagePlaces places;
    private final Mailboxes mailboxes;

    Filing(Accounts accounts, Accesses accesses, Upstream upstream, MessagePlaces places, Mailboxes mailboxes) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.upstream = upstream;
        this.places = places;
        this.mailboxes = mailboxes;
    }

    /** Whether a copy is in Sent, by whomever. */
    boolean isInSent(long accountId, Content content) {
        return content.kind() != LetterKind.RECEIPT
                && upstream.withStore(
                        accounts.login(accountId),
                        store -> OwnMailbox.SENT
                                .find(store)
                                .filter(mailbox -> isIn(store, mailbox, content))
                                .isPresent());
    }

    private static boolean isIn(MailStore store, String mailbox, Content content) {
        var found = switch (content.kind()) {
            case MESSAGE -> store.findByMessageId(mailbox, content.messageId());
            case REDIRECT -> store.findByResentMessageId(mailbox, content.messageId());
            case RECEIPT -> List.of();
        };
        return !found.isEmpty();
    }

    /** Sees to it that exactly one copy is in Sent: the provider, or an earlier try, may have put it there. */
    void file(long accountId, Content content) throws IOException {
        if (content.kind() == LetterKind.RECEIPT) {
            return;
        }
        upstream.withStore(accounts.login(accountId), store -> {
            String mailbox = OwnMailbox.SENT.findOrMake(store);
            if (!isIn(store, mailbox, content)) {
                byte[] bcc = content.bccField().getBytes(StandardCharsets.UTF_8);
                var copy = new SequenceInputStream(
                        new ByteArrayInputStream(bcc), new ByteArrayInputStream(content.message()));
                store.append(mailbox, copy, bcc.length + content.message().length, Set.of(Keyword.SEEN), Instant.now());
            }
            return mailbox;
        });
        mailboxes.byRole(accountId, OwnMailbox.SENT.role()).ifPresent(sent -> mailboxes.changed(sent.key()));
    }

    private boolean may(UserId user, MessagePlaces.Place at) {
        return accesses.find(user, at.mailbox().accountId())
                .filter(access -> access.may(AccessRole.TRIAGE, at.mailbox().id()))
                .isPresent();
    }

    /** Marks what was answered and forwarded. Parents that are gone, or not to be marked, are passed over. */
    void markParents(UserId user, Content content) {
        // RFC 3503 3.1: not before it went, for one that is refused may be sent again.
        mark(user, content.answered(), content.kind() == LetterKind.RECEIPT ? Keyword.MDN_SENT : Keyword.ANSWERED);
        mark(user, content.forwarded(), Keyword.FORWARDED);
    }

    private void mark(UserId user, @Nullable MessageKey parent, Keyword keyword) {
        var place = parent == null
                ? Optional.<MessagePlaces.Place>empty()
                : places.find(parent).filter(at -> may(user, at));
        if (place.isEmpty()) {
            return;
        }
        var at = place.get();
        try {
            upstream.withStore(accounts.login(at.mailbox().accountId()), store -> {
                store.changeKeywords(at.remoteName(), List.of(at.remoteId()), Set.of(keyword), Set.of());
                return at;
            });
            mailboxes.changed(at.mailbox());
        } catch (UpstreamException.NotFound | UpstreamException.NotSupported e) {
            return; // gone, or a server that keeps no such keyword: nothing to be done, and nothing lost
        }
    }
}
