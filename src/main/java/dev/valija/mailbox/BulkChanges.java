package dev.valija.mailbox;

import dev.valija.account.AccessAction;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.BulkRequests.Chosen;
import dev.valija.mailbox.BulkRequests.KeywordChange;
import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Marks, moves, copies and deletes messages, one or ten thousand: at the provider first, one command for each mailbox,
 * then in the index. No transaction is open while a provider is talked to.
 */
@Service
class BulkChanges {
    private static final String TRASH = "Trash";

    private final Accounts accounts;
    private final Accesses accesses;
    private final Selections selections;
    private final Mailboxes mailboxes;
    private final MailboxEdits edits;
    private final MailboxSync sync;
    private final Freshness freshness;
    private final Provider provider;
    private final LocalChanges index;
    private final Moves moves;

    BulkChanges(
            Accounts accounts,
            Accesses accesses,
            Selections selections,
            Mailboxes mailboxes,
            MailboxEdits edits,
            MailboxSync sync,
            Freshness freshness,
            Provider provider,
            LocalChanges index,
            Moves moves) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.selections = selections;
        this.mailboxes = mailboxes;
        this.edits = edits;
        this.sync = sync;
        this.freshness = freshness;
        this.provider = provider;
        this.index = index;
        this.moves = moves;
    }

    BulkResult change(UserId user, Chosen chosen, KeywordChange keywords, @Nullable MailboxKey targetKey) {
        var target = targetKey == null ? null : target(user, targetKey);
        var found = selections.find(user, chosen, AccessRole.TRIAGE);
        requireSameAccount(found, target);
        return forEach(found, group -> {
            tell(user, group, target == null ? AccessAction.MARKED : AccessAction.MOVED);
            var unmarked = keywords.isEmpty() ? Undone.NOTHING : mark(group, keywords);
            if (target == null || target.key().equals(group.mailbox().key())) {
                return unmarked;
            }
            // What was marked in part is not moved in part as well: none of it is as asked.
            return unmarked.places().isEmpty() ? moves.move(group, target) : new Undone(group.places(), unmarked.why());
        });
    }

    /** To Trash; what is there already, for ever. */
    BulkResult delete(UserId user, Chosen chosen) {
        return forEach(selections.find(user, chosen, AccessRole.TRIAGE), group -> {
            var trash = trash(group.mailbox().accountId());
            if (!trash.key().equals(group.mailbox().key())) {
                tell(user, group, AccessAction.DELETED);
                return moves.move(group, trash);
            }
            accesses.require(user, trash.accountId()).require(AccessRole.FULL, trash.id());
            tell(user, group, AccessAction.DESTROYED);
            return expunge(group);
        });
    }

    /** Those that are in that mailbox. */
    BulkResult move(UserId user, Chosen chosen, MailboxKey source, MailboxKey targetKey) {
        var target = target(user, targetKey);
        return forEach(
                in(source, selections.find(user, chosen, AccessRole.TRIAGE)), group -> moves.move(group, target));
    }

    /** For ever, those that are in that mailbox. */
    BulkResult destroy(UserId user, Chosen chosen, MailboxKey source) {
        return forEach(in(source, selections.find(user, chosen, AccessRole.FULL)), this::expunge);
    }

    /** What is elsewhere has been moved meanwhile. */
    private static Selections.Found in(MailboxKey source, Selections.Found found) {
        var failed = new ArrayList<Failure>(found.failed());
        var groups = new ArrayList<Selected>();
        for (var group : found.groups()) {
            if (group.mailbox().key().equals(source)) {
                groups.add(group);
            } else {
                group.keys().forEach(id -> failed.add(Failure.of(id, Problem.CONFLICT)));
            }
        }
        return new Selections.Found(groups, failed);
    }

    BulkResult copy(UserId user, Chosen.Ids chosen, MailboxKey targetKey) {
        var target = target(user, targetKey);
        var found = selections.find(user, chosen, AccessRole.READ);
        requireSameAccount(found, target);
        var result = forEach(found, group -> {
            tell(user, group, AccessAction.COPIED);
            return at(group.mailbox(), store -> {
                store.copy(group.mailbox().remoteName(), group.places(), target.remoteName());
                return Undone.NOTHING;
            });
        });
        if (result.changed() > 0) {
            Freshness.later("refresh", () -> freshness.refresh(target.key()));
        }
        return result;
    }

    private Undone mark(Selected group, KeywordChange change) {
        var mailbox = group.mailbox();
        try {
            return sync.holding(
                    () -> {
                        at(mailbox, store -> {
                            store.changeKeywords(mailbox.remoteName(), group.places(), change.add(), change.remove());
                            return group;
                        });
                        index.keywords(mailbox.key(), group.places(), change.add(), change.remove());
                        return Undone.NOTHING;
                    },
                    mailbox.key());
        } catch (UpstreamException e) {
            if (group.places().size() == 1) {
                throw e; // what is in doubt may be asked again: marking twice is marking once
            }
            return markedInPart(group, change, e);
        }
    }

    /** Some of it may be done: the provider is asked how they are marked now. */
    private Undone markedInPart(Selected group, KeywordChange change, UpstreamException failure) {
        try {
            freshness.refresh(group.mailbox().key());
        } catch (ProblemException unknown) {
            throw failure;
        }
        var done = selections.marked(group, change);
        if (done.isEmpty()) {
            throw failure;
        }
        var left = group.places().stream().filter(id -> !done.contains(id)).toList();
        return new Undone(left, failure.problem());
    }

    private Undone expunge(Selected group) {
        var mailbox = group.mailbox();
        return sync.holding(
                () -> {
                    try {
                        at(mailbox, store -> {
                            store.delete(mailbox.remoteName(), group.places());
                            return group;
                        });
                        index.deleted(mailbox.key(), group.places());
                        return Undone.NOTHING;
                    } catch (UpstreamException e) {
                        var left = moves.stillThere(mailbox, group.places(), e);
                        var gone = group.places().stream()
                                .filter(id -> !left.contains(id))
                                .toList();
                        if (gone.isEmpty()) {
                            throw e;
                        }
                        index.deleted(mailbox.key(), gone);
                        return new Undone(left, e.problem());
                    }
                },
                mailbox.key());
    }

    private <T> T at(Mailbox mailbox, Function<MailStore, T> work) {
        return provider.with(mailbox.accountId(), work);
    }

    /**
     * Does it group by group. Where nothing could be done at all, the request fails as its first group did; else what
     * failed is told by id.
     */
    private BulkResult forEach(Selections.Found found, Function<Selected, Undone> work) {
        int changed = 0;
        var failed = new ArrayList<Failure>(found.failed());
        ProblemException first = null;
        for (var group : found.groups()) {
            if (group.places().isEmpty()) {
                continue;
            }
            try {
                var undone = work.apply(group);
                changed += group.places().size() - undone.places().size();
                selections
                        .keys(group.mailbox().key(), undone.places())
                        .forEach(id -> failed.add(Failure.of(id, undone.why())));
            } catch (ProblemException e) {
                first = first == null && !(e instanceof UpstreamException.NotFound) ? e : first;
                if (e instanceof UpstreamException.Renumbered) {
                    Freshness.later(
                            "refresh", () -> freshness.refresh(group.mailbox().key()));
                }
                group.keys().forEach(id -> failed.add(Failure.of(id, e.problem())));
            }
        }
        if (changed == 0 && first != null) {
            throw first;
        }
        return new BulkResult(changed, List.copyOf(failed));
    }

    private Mailbox target(UserId user, MailboxKey key) {
        var target = mailboxes.seen(user, key);
        accesses.require(user, key.accountId()).require(AccessRole.TRIAGE, key.id());
        if (!target.selectable()) {
            throw new ProblemException(Problem.OPERATION_NOT_SUPPORTED, "This mailbox cannot hold messages.");
        }
        return target;
    }

    private static void requireSameAccount(Selections.Found found, @Nullable Mailbox target) {
        if (target != null && found.groups().stream().anyMatch(g -> g.mailbox().accountId() != target.accountId())) {
            throw new ProblemException(
                    Problem.OPERATION_NOT_SUPPORTED, "Messages cannot go to a mailbox of another account yet.");
        }
    }

    private void tell(UserId user, Selected group, AccessAction action) {
        var mailbox = group.mailbox().key();
        accesses.tell(
                accesses.require(user, mailbox.accountId()),
                action,
                mailbox.id(),
                group.places().size());
    }

    /** Also for those with whom it is not shared: what they delete is to be found by the owner. */
    private Mailbox trash(long accountId) {
        return edits.findOrMake(accounts.owner(accountId), accountId, MailboxRole.TRASH, TRASH);
    }
}
