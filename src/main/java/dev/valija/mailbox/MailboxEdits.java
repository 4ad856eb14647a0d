package dev.valija.mailbox;

import dev.valija.account.AccessAction;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Makes, renames, moves and deletes mailboxes: at the provider first, then in the index. */
@Service
class MailboxEdits {
    private final Accesses accesses;
    private final Mailboxes mailboxes;
    private final MailboxTree tree;
    private final MailboxIndex index;
    private final MessageIndex messages;
    private final IndexWrites writes;
    private final Provider provider;

    MailboxEdits(
            Accesses accesses,
            Mailboxes mailboxes,
            MailboxTree tree,
            MailboxIndex index,
            MessageIndex messages,
            IndexWrites writes,
            Provider provider) {
        this.accesses = accesses;
        this.mailboxes = mailboxes;
        this.tree = tree;
        this.index = index;
        this.messages = messages;
        this.writes = writes;
        this.provider = provider;
    }

    /** Where a mailbox is to lie: within another, or at the top. */
    record Place(@Nullable MailboxKey parent) {}

    /** What is to change; null for what stays. */
    record Change(
            @Nullable String name,
            @Nullable Place place,
            @Nullable Boolean subscribed) {}

    MailboxView create(UserId user, long accountId, String name, Place place) {
        mailboxes.list(user, accountId);
        requireAccess(user, accountId, AccessAction.MAILBOX_MADE, null);
        return tree.holding(accountId, () -> {
            var remoteName = remoteName(user, accountId, name, place);
            rejectTaken(accountId, remoteName);
            writes.run(accountId, () -> writes.publish(new MailboxEnded(accountId, remoteName)));
            at(accountId, store -> store.createMailbox(remoteName));
            tree.relist(accountId);
            var made = index.byName(accountId, remoteName)
                    .orElseThrow(() -> new ProblemException(
                            Problem.OPERATION_NOT_SUPPORTED, "The mail server made the mailbox under another name."));
            return mailboxes.view(user, made.key());
        });
    }

    /** The mailbox of that role; else the one of the name that we would give it, made where there is none. */
    Mailbox findOrMake(UserId user, long accountId, MailboxRole role, String usual) {
        return find(accountId, role, usual).orElseGet(() -> {
            try {
                return make(user, accountId, usual);
            } catch (ProblemException e) {
                if (e.problem() != Problem.ALREADY_EXISTS) {
                    throw e;
                }
                tree.relist(accountId); // another device was quicker
                return find(accountId, role, usual).orElseThrow(() -> e);
            }
        });
    }

    private Optional<Mailbox> find(long accountId, MailboxRole role, String usual) {
        return mailboxes
                .byRole(accountId, role)
                .or(() -> index.byName(accountId, usual))
                .or(() -> Optional.ofNullable(separator(accountId))
                        .flatMap(separator -> index.byName(accountId, "INBOX" + separator + usual)))
                .filter(Mailbox::selectable);
    }

    private Mailbox make(UserId user, long accountId, String usual) {
        MailboxView made;
        try {
            made = create(user, accountId, usual, new Place(null));
        } catch (UpstreamException.NotSupported e) {
            // Some keep all personal mailboxes beneath INBOX (RFC 2342 5).
            var inbox = mailboxes.byRole(accountId, MailboxRole.INBOX).orElseThrow(() -> e);
            made = create(user, accountId, usual, new Place(inbox.key()));
        }
        return mailboxes.seen(user, MailboxKey.parse(made.id()));
    }

    MailboxView change(UserId user, MailboxKey key, Change change) {
        mailboxes.seen(user, key);
        requireAccess(user, key.accountId(), AccessAction.MAILBOX_CHANGED, key.id());
        return tree.holding(key.accountId(), () -> {
            var mailbox = mailboxes.seen(user, key);
            if (change.name() != null || change.place() != null) {
                rename(user, mailbox, change);
            }
            if (change.subscribed() != null && change.subscribed() != mailbox.subscribed()) {
                subscribe(mailboxes.seen(user, key), change.subscribed());
            }
            return mailboxes.view(user, key);
        });
    }

    void delete(UserId user, MailboxKey key) {
        mailboxes.seen(user, key);
        requireAccess(user, key.accountId(), AccessAction.MAILBOX_DELETED, key.id());
        tree.holding(key.accountId(), () -> {
            var mailbox = mailboxes.seen(user, key);
            rejectRole(mailbox, "deleted");
            if (index.hasChildren(key)) {
                throw new ProblemException(Problem.CONFLICT, "Delete or move the mailboxes within it first.");
            }
            if (mailbox.selectable()) {
                at(key.accountId(), store -> store.deleteMailbox(mailbox.remoteName()));
            }
            writes.run(key.accountId(), () -> {
                messages.deleteAll(key);
                index.delete(key);
                writes.publish(new MailboxEnded(key.accountId(), mailbox.remoteName()));
                writes.tell(key.accountId(), IndexChange.ofMailboxes(List.of(key.id())));
            });
            // A parent that was there only for this one's sake has gone with it.
            tree.relist(key.accountId());
            return 0;
        });
    }

    private void requireAccess(UserId user, long accountId, AccessAction action, @Nullable Long mailbox) {
        var access = accesses.require(user, accountId);
        access.requireEverywhere(AccessRole.FULL);
        accesses.tell(access, action, mailbox, 0);
    }

    private void rename(UserId user, Mailbox mailbox, Change change) {
        rejectRole(mailbox, "renamed");
        var name = change.name() == null ? mailbox.name() : change.name();
        var place = change.place() == null ? placeOf(mailbox) : change.place();
        rejectCycle(mailbox, place);
        var remoteName = remoteName(user, mailbox.accountId(), name, place);
        if (remoteName.equals(mailbox.remoteName())) {
            return;
        }
        if (index.byName(mailbox.accountId(), remoteName).isPresent()) {
            throw taken();
        }
        at(mailbox.accountId(), store -> store.renameMailbox(mailbox.remoteName(), remoteName));
        writes.run(mailbox.accountId(), () -> {
            var separator = mailbox.separator();
            index.rename(mailbox.accountId(), mailbox.remoteName(), remoteName, separator);
            writes.publish(new MailboxRenamed(mailbox.accountId(), mailbox.remoteName(), remoteName, separator));
            writes.tell(mailbox.accountId(), IndexChange.ofMailboxes(List.of(mailbox.id())));
        });
        // Parents and names of all beneath it follow from the provider's list.
        tree.relist(mailbox.accountId());
    }

    private void subscribe(Mailbox mailbox, boolean subscribed) {
        at(mailbox.accountId(), store -> store.subscribe(mailbox.remoteName(), subscribed));
        writes.run(mailbox.accountId(), () -> {
            index.subscribed(mailbox.key(), subscribed);
            writes.tell(mailbox.accountId(), IndexChange.ofMailboxes(List.of(mailbox.id())));
        });
    }

    private String remoteName(UserId user, long accountId, String name, Place place) {
        if (place.parent() == null) {
            return MailboxNames.checked(name, separator(accountId));
        }
        var parent = parent(user, accountId, place.parent());
        if (parent.separator() == null) {
            throw new ProblemException(Problem.OPERATION_NOT_SUPPORTED, "This mail server knows no nested mailboxes.");
        }
        return parent.child(MailboxNames.checked(name, parent.separator()));
    }

    private Mailbox parent(UserId user, long accountId, MailboxKey key) {
        if (key.accountId() != accountId) {
            throw ProblemException.invalid("/parentId", "The parent must be a mailbox of the same account.");
        }
        return mailboxes.seen(user, key);
    }

    private @Nullable String separator(long accountId) {
        return index.list(accountId).stream()
                .map(Mailbox::separator)
                .filter(separator -> separator != null)
                .findFirst()
                .orElse(null);
    }

    private static Place placeOf(Mailbox mailbox) {
        var parent = mailbox.parentId();
        return new Place(parent == null ? null : new MailboxKey(mailbox.accountId(), parent));
    }

    private void rejectCycle(Mailbox mailbox, Place place) {
        for (var above = place.parent(); above != null; ) {
            if (above.equals(mailbox.key())) {
                throw ProblemException.invalid("/parentId", "A mailbox cannot lie within itself.");
            }
            above = index.find(above).map(m -> placeOf(m).parent()).orElse(null);
        }
    }

    private void rejectTaken(long accountId, String remoteName) {
        var taken = index.byName(accountId, remoteName);
        // RFC 9051 6.3.4: a pure parent may become a real mailbox.
        if (taken.filter(Mailbox::selectable).isPresent() || remoteName.equalsIgnoreCase("INBOX")) {
            throw taken();
        }
    }

    private static ProblemException taken() {
        return new ProblemException(Problem.ALREADY_EXISTS, "There is a mailbox of that name.");
    }

    private static void rejectRole(Mailbox mailbox, String what) {
        if (mailbox.role() != null) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "A mailbox that mail programs rely on cannot be " + what + ".");
        }
    }

    private void at(long accountId, Consumer<MailStore> work) {
        provider.with(accountId, store -> {
            work.accept(store);
            return 0;
        });
    }
}
