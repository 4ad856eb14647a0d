package dev.valija.mailbox;

import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.mailbox.PendingMoves.Pending;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Capability;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Moves messages at the provider and then in the index. Where a reply is lost it looks what became of them and asks
 * nothing twice: a move done again would make copies of what another program has put there meanwhile. Without MOVE
 * (RFC 6851) it is a journalled copy, its proof, and the removal of what is proven to be in the target.
 */
@Service
class Moves {
    private static final Logger log = LoggerFactory.getLogger(Moves.class);

    private final Provider provider;
    private final MailboxSync sync;
    private final MailboxIndex mailboxes;
    private final LocalChanges index;
    private final Freshness freshness;
    private final PendingMoves journal;
    private final Map<Long, Boolean> inOneStep = new ConcurrentHashMap<>();
    /** Moves that this node has begun and not ended, and whether it is still at work on them. */
    private final Map<Long, Boolean> begunHere = new ConcurrentHashMap<>();

    Moves(
            Provider provider,
            MailboxSync sync,
            MailboxIndex mailboxes,
            LocalChanges index,
            Freshness freshness,
            PendingMoves journal) {
        this.provider = provider;
        this.sync = sync;
        this.mailboxes = mailboxes;
        this.index = index;
        this.freshness = freshness;
        this.journal = journal;
    }

    /** Moves them. @return which of them are still where they were */
    Undone move(Selected group, Mailbox target) {
        var source = group.mailbox();
        boolean oneStep = inOneStep.computeIfAbsent(
                source.accountId(),
                id -> provider.with(id, store -> store.capabilities().contains(Capability.MOVE)));
        if (!oneStep) {
            resume(source.accountId(), MoveRepair.ABANDONED);
        }
        return sync.holding(
                () -> oneStep ? inOneStep(group, target) : inSteps(source, target, group.places()),
                source.key(),
                target.key());
    }

    private Undone inOneStep(Selected group, Mailbox target) {
        var source = group.mailbox();
        try {
            var newIds = provider.with(
                    source.accountId(), store -> store.move(source.remoteName(), group.places(), target.remoteName()));
            index.moved(source.key(), target.key(), group.places(), newIds);
            if (newIds.size() < group.places().size()
                    || group.ids().size() < group.places().size()) {
                // RFC 9051 6.4.8: no COPYUID, or some were gone or not indexed; reading both again tells.
                refreshBoth(source, target);
            }
            return Undone.NOTHING;
        } catch (UpstreamException e) {
            var left = stillThere(source, group.places(), e);
            var gone = group.places().stream().filter(id -> !left.contains(id)).toList();
            if (gone.isEmpty()) {
                throw e;
            }
            index.moved(source.key(), target.key(), gone, Map.of());
            refreshBoth(source, target);
            return new Undone(left, e.problem());
        }
    }

    /** Which of these the provider still has there, looked up after a failure. */
    Set<RemoteId> stillThere(Mailbox mailbox, Collection<RemoteId> places, UpstreamException failure) {
        if (failure instanceof UpstreamException.Renumbered) {
            throw failure; // nothing was done, and nothing can be found under these ids
        }
        if (failure.connectionUsable() && places.size() == 1) {
            return Set.copyOf(places); // refused, and one message leaves no room for "in part"
        }
        try {
            var there = new HashSet<RemoteId>();
            present(mailbox, places).forEach(message -> there.add(message.id()));
            return there;
        } catch (ProblemException unknown) {
            throw failure;
        }
    }

    private Undone inSteps(Mailbox source, Mailbox target, List<RemoteId> places) {
        var pending = journal.begin(source.key(), target.key(), places);
        begunHere.put(pending.id(), true);
        try {
            var newIds = provider.with(
                    source.accountId(), store -> store.copy(source.remoteName(), places, target.remoteName()));
            journal.copied(pending, newIds);
            remove(source, places);
            index.moved(source.key(), target.key(), places, newIds);
            end(pending);
            if (newIds.size() < places.size()) {
                refreshBoth(source, target);
            }
            return Undone.NOTHING;
        } catch (UpstreamException e) {
            return settleAfter(e, pending, source, target);
        } finally {
            begunHere.replace(pending.id(), false);
        }
    }

    private Undone settleAfter(UpstreamException failure, Pending begun, Mailbox source, Mailbox target) {
        boolean undone = failure.connectionUsable() && begun.places().size() == 1;
        if (undone || failure instanceof UpstreamException.Renumbered) {
            end(begun);
            throw failure;
        }
        List<RemoteId> left;
        try {
            var pending = journal.of(source.accountId()).stream()
                    .filter(each -> each.id() == begun.id())
                    .findFirst()
                    .orElse(begun);
            left = settle(pending, source, target);
        } catch (UpstreamException later) {
            throw failure; // the journal has it
        }
        if (left.size() == begun.places().size()) {
            throw failure;
        }
        return new Undone(left, failure.problem());
    }

    /**
     * Brings moves to their end that a crash or a lost connection has left between two steps.
     *
     * @param abandoned how old a move is at which no other node is at work on it any more
     */
    void resume(long accountId, Duration abandoned) {
        for (var pending : journal.of(accountId)) {
            var atWork = begunHere.get(pending.id());
            boolean left = atWork == null ? pending.age().compareTo(abandoned) >= 0 : !atWork;
            if (left) {
                sync.holding(() -> settle(pending), pending.source(), pending.target());
            }
        }
    }

    private void end(Pending pending) {
        journal.end(pending);
        begunHere.remove(pending.id());
    }

    private List<RemoteId> settle(Pending pending) {
        var source = mailboxes.find(pending.source());
        var target = mailboxes.find(pending.target());
        if (source.isEmpty() || target.isEmpty()) {
            end(pending);
            return List.of();
        }
        return settle(pending, source.get(), target.get());
    }

    /**
     * Removes from the source what is proven to be in the target, and nothing else.
     *
     * @return those that were not moved
     */
    private List<RemoteId> settle(Pending pending, Mailbox source, Mailbox target) {
        var there = present(source, pending.places());
        if (there.isEmpty() && pending.newIds() == null) {
            // Numbered anew, or gone by another's hand: nobody said that any of it was copied.
            end(pending);
            refreshBoth(source, target);
            return pending.places();
        }
        var copies = copies(target, there, pending.newIds());
        if (!copies.isEmpty()) {
            removeIfKnown(source, copies.keySet());
        }
        var left = there.stream()
                .map(RemoteMessage::id)
                .filter(id -> !copies.containsKey(id))
                .toList();
        var moved = pending.places().stream().filter(id -> !left.contains(id)).toList();
        var newIds = new HashMap<>(copies);
        if (pending.newIds() != null) {
            // Marked as deleted, perhaps, and not expunged yet; such messages are not among those found.
            removeIfKnown(source, moved);
            moved.stream()
                    .filter(pending.newIds()::containsKey)
                    .forEach(id -> newIds.putIfAbsent(id, pending.newIds().get(id)));
        }
        index.moved(source.key(), target.key(), moved, newIds);
        end(pending);
        refreshBoth(source, target);
        return left;
    }

    /** The messages' copies in the target, by id in the source. */
    private Map<RemoteId, RemoteId> copies(
            Mailbox target, List<RemoteMessage> messages, @Nullable Map<RemoteId, RemoteId> newIds) {
        return provider.with(target.accountId(), store -> {
            var copies = new LinkedHashMap<RemoteId, RemoteId>();
            var used = new HashSet<RemoteId>();
            for (var message : messages) {
                for (var candidate : candidates(store, target, message, newIds)) {
                    if (same(message, candidate) && used.add(candidate.id())) {
                        copies.put(message.id(), candidate.id());
                        break;
                    }
                }
            }
            return copies;
        });
    }

    private static List<RemoteMessage> candidates(
            MailStore store, Mailbox target, RemoteMessage message, @Nullable Map<RemoteId, RemoteId> newIds) {
        var told = newIds == null ? null : newIds.get(message.id());
        var messageId = message.envelope().messageId();
        Collection<RemoteId> ids;
        if (told != null) {
            ids = List.of(told);
        } else if (messageId != null) {
            ids = store.findByMessageId(target.remoteName(), messageId);
        } else {
            return List.of();
        }
        var rows = new ArrayList<RemoteMessage>();
        store.fetch(target.remoteName(), ids, rows::add);
        return rows;
    }

    /** RFC 9051 6.4.7: a copy keeps the time of arrival. */
    private static boolean same(RemoteMessage one, RemoteMessage other) {
        return one.size() == other.size()
                && one.receivedAt().getEpochSecond() == other.receivedAt().getEpochSecond()
                && java.util.Objects.equals(
                        one.envelope().messageId(), other.envelope().messageId());
    }

    private List<RemoteMessage> present(Mailbox mailbox, Collection<RemoteId> places) {
        return provider.with(mailbox.accountId(), store -> {
            // A connection that has had the mailbox selected for long may not have heard yet of what went.
            store.newest(mailbox.remoteName(), 1);
            var rows = new ArrayList<RemoteMessage>();
            store.fetch(mailbox.remoteName(), places, rows::add);
            return rows;
        });
    }

    private void remove(Mailbox source, Collection<RemoteId> places) {
        provider.with(source.accountId(), store -> {
            store.delete(source.remoteName(), places);
            return places;
        });
    }

    /** Where the source has been numbered anew meanwhile its messages stay: rather twice than not at all. */
    private void removeIfKnown(Mailbox source, Collection<RemoteId> places) {
        try {
            remove(source, places);
        } catch (UpstreamException.Renumbered e) {
            log.warn("messages of mailbox {} are there twice now: it was numbered anew", source.key());
        }
    }

    private void refreshBoth(Mailbox source, Mailbox target) {
        Freshness.later("refresh", () -> {
            freshness.refresh(target.key());
            freshness.refresh(source.key());
        });
    }

    /** Its server may be another now. */
    @EventListener
    void changed(AccountChanged event) {
        inOneStep.remove(event.accountId());
    }

    @EventListener
    void removing(AccountRemoved event) {
        inOneStep.remove(event.accountId());
        journal.removeAccount(event.accountId());
    }
}
