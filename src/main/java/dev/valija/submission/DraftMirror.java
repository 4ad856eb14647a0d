package dev.valija.submission;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Mailboxes;
import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import dev.valija.submission.CopyWriter.Copy;
import dev.valija.submission.DraftRows.Standing;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Keeps one copy of each draft in the Drafts mailbox at the provider. Every copy is written down before it is sent there,
 * under a Message-ID of its own, so that none is forgotten whenever we die. Only what the provider has called ours
 * (APPENDUID), or what has our Message-ID and our octets, is ever deleted: drafts of other programs are left alone, also
 * those that they made of ours. A copy that somebody has deleted does not come again before its draft changes.
 */
@Component
class DraftMirror {

    /** A server may name any number of messages. */
    private static final int MOST_ALIKE = 10;

    private final DraftRows drafts;
    private final DraftCopies copies;
    private final CopyWriter writer;
    private final Accounts accounts;
    private final Upstream upstream;
    private final Mailboxes mailboxes;

    DraftMirror(
            DraftRows drafts,
            DraftCopies copies,
            CopyWriter writer,
            Accounts accounts,
            Upstream upstream,
            Mailboxes mailboxes) {
        this.drafts = drafts;
        this.copies = copies;
        this.writer = writer;
        this.accounts = accounts;
        this.upstream = upstream;
        this.mailboxes = mailboxes;
    }

    /**
     * Brings the copies of a draft in line with it.
     *
     * @return whether that is so now; if not, what may be on its way to the provider has to be waited for
     * @throws ProblemException when the provider cannot be reached, or does not want to
     */
    boolean mirror(DraftKey key) {
        var draft = drafts.standing(key);
        if (draft.filter(Standing::onItsWay).isPresent()) {
            return true; // it changes no more, or is told to be back
        }
        var wanted = draft.filter(now -> now.accountId() != null);
        if (wanted.isPresent() && !stands(key, wanted.get())) {
            return false;
        }
        boolean done = true;
        for (var copy : surplus(copies.of(key), wanted)) {
            done &= remove(copy);
        }
        return done;
    }

    /** Of a draft that goes on all but its newest copy. What is newer than we know of is another worker's. */
    private static List<DraftCopy> surplus(List<DraftCopy> all, Optional<Standing> wanted) {
        if (wanted.isEmpty()) {
            return all;
        }
        var draft = wanted.get();
        long newest = all.stream()
                .filter(copy -> isCurrent(copy, draft))
                .mapToLong(DraftCopy::id)
                .max()
                .orElse(0);
        return all.stream()
                .filter(copy -> copy.revision() < draft.revision()
                        || (copy.revision() == draft.revision() && copy.id() != newest))
                .toList();
    }

    private static boolean isCurrent(DraftCopy copy, Standing draft) {
        return copy.revision() == draft.revision()
                && draft.accountId() != null
                && draft.accountId() == copy.accountId();
    }

    /** Sees to it that there is a copy. @return false when it may be on its way */
    private boolean stands(DraftKey key, Standing draft) {
        for (var copy : copies.of(key)) {
            if (!isCurrent(copy, draft)) {
                continue;
            }
            if (copy.remoteId() != null || found(copy)) {
                return true;
            }
            if (!copy.late()) {
                return false;
            }
            copies.forget(copy);
        }
        return append(key, draft);
    }

    /** Looks for what was sent, and no answer came. */
    private boolean found(DraftCopy copy) {
        return upstream.withStore(accounts.login(copy.accountId()), store -> {
            try {
                var there = ours(store, copy.remoteName(), copy);
                there.stream().findFirst().ifPresent(id -> copies.stands(copy, id));
                if (there.size() > 1) {
                    store.delete(copy.remoteName(), there.subList(1, there.size()));
                }
                return !there.isEmpty();
            } catch (UpstreamException.NotFound gone) {
                return false; // the mailbox, and it with it
            }
        });
    }

    /** @return false when the draft has moved on meanwhile */
    private boolean append(DraftKey key, Standing draft) {
        long account = Objects.requireNonNull(draft.accountId());
        var copy = writer.write(key.user(), account, draft.content(), draft.changedAt());
        boolean made = upstream.withStore(accounts.login(account), store -> {
            String mailbox = OwnMailbox.DRAFTS.findOrMake(store);
            var begun = copies.begin(key, account, draft.revision(), copy, mailbox);
            begun.ifPresent(one -> append(store, one, copy));
            return begun.isPresent();
        });
        if (made) {
            show(account);
        }
        return made;
    }

    private void append(MailStore store, DraftCopy begun, Copy copy) {
        var told = sent(store, begun, copy);
        // Nobody else has ever heard of that Message-ID: what has it now is what we have just sent.
        var id = told.or(() -> store.findByMessageId(begun.remoteName(), begun.messageId()).stream()
                .findFirst());
        if (id.isPresent() && !copies.stands(begun, id.get())) {
            // We were away for long, and are not counted on any more.
            store.delete(begun.remoteName(), List.of(id.get()));
        }
    }

    /** @return its id, where the provider tells */
    private Optional<RemoteId> sent(MailStore store, DraftCopy begun, Copy copy) {
        try {
            return Optional.ofNullable(store.append(
                    begun.remoteName(),
                    new ByteArrayInputStream(copy.octets()),
                    copy.octets().length,
                    Set.of(Keyword.DRAFT, Keyword.SEEN),
                    null));
        } catch (UpstreamException e) {
            if (e.connectionUsable()) {
                copies.forget(begun); // the provider has said no
            }
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("memory gives all octets", e);
        }
    }

    /** Takes one away, if it is ours. @return false when it may be still to come */
    private boolean remove(DraftCopy copy) {
        boolean gone = upstream.withStore(accounts.login(copy.accountId()), store -> removed(store, copy));
        if (gone) {
            copies.forget(copy);
            show(copy.accountId());
        }
        return gone;
    }

    private boolean removed(MailStore store, DraftCopy copy) {
        try {
            return removedFrom(copy.remoteName(), store, copy);
        } catch (UpstreamException.NotFound | UpstreamException.Renumbered elsewhere) {
            OwnMailbox.DRAFTS.find(store).ifPresent(mailbox -> removeOurs(mailbox, store, copy));
            return true;
        }
    }

    /** By its id only where that has its Message-ID: the account may be at another server now, with the same numbers. */
    private static boolean removedFrom(String mailbox, MailStore store, DraftCopy copy) {
        var id = copy.remoteId();
        if (id == null) {
            return removeOurs(mailbox, store, copy) || copy.late();
        }
        boolean named = !copy.messageId().isEmpty();
        if (named && !store.findByMessageId(mailbox, copy.messageId()).contains(id)) {
            removeOurs(mailbox, store, copy);
            return true;
        }
        var trash = OwnMailbox.TRASH.find(store).filter(name -> !copy.isOurs() && !name.equals(mailbox));
        if (trash.isPresent()) {
            store.move(mailbox, List.of(id), trash.get()); // there may be more in it than a draft of ours holds
        } else {
            store.delete(mailbox, List.of(id));
        }
        return true;
    }

    private static boolean removeOurs(String mailbox, MailStore store, DraftCopy copy) {
        var there = ours(store, mailbox, copy);
        if (!there.isEmpty()) {
            store.delete(mailbox, there);
        }
        return !there.isEmpty();
    }

    /** What has the copy's Message-ID and octets: another program may have made something else of it. */
    private static List<RemoteId> ours(MailStore store, String mailbox, DraftCopy copy) {
        if (!copy.isOurs()) {
            return List.of();
        }
        return store.findByMessageId(mailbox, copy.messageId()).stream()
                .limit(MOST_ALIKE)
                .filter(id -> copy.hasOctets(out -> store.writeRaw(mailbox, id, out)))
                .toList();
    }

    private void show(long accountId) {
        mailboxes.byRole(accountId, OwnMailbox.DRAFTS.role()).ifPresent(drafts -> mailboxes.changed(drafts.key()));
    }
}
