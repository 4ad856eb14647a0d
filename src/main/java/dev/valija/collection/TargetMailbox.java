package dev.valija.collection;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.Mailboxes;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.message.MimeReader;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The mailbox that collected messages are stored in, at its provider. */
@Component
class TargetMailbox {
    /** More of one Message-ID, or of one second, are not looked at. */
    private static final int MOST_CANDIDATES = 50;

    private final Accounts accounts;
    private final Upstream upstream;
    private final Mailboxes mailboxes;
    private final MessagePlaces places;
    private final Ledger ledger;

    TargetMailbox(Accounts accounts, Upstream upstream, Mailboxes mailboxes, MessagePlaces places, Ledger ledger) {
        this.accounts = accounts;
        this.upstream = upstream;
        this.mailboxes = mailboxes;
        this.places = places;
        this.ledger = ledger;
    }

    /** The mailbox as it is called now; INBOX if it is gone. */
    Mailbox resolve(MailCollection mine) {
        var target = mine.target();
        try {
            return mailboxes
                    .find(target.mailbox())
                    .or(() -> mailboxes.byName(mine.accountId(), target.name()))
                    .filter(Mailbox::selectable)
                    .or(() -> mailboxes.byRole(mine.accountId(), MailboxRole.INBOX))
                    .orElseThrow(() -> new ProblemException(Problem.NOT_FOUND, "There is no inbox."));
        } catch (ProblemException e) {
            throw new TargetFailure(e);
        }
    }

    /** The provider does not have it any more: the index may not know yet. */
    Mailbox resolveAnew(MailCollection mine, Mailbox missing) {
        try {
            mailboxes.catchUp(mine.accountId());
            var now = resolve(mine);
            return now.key().equals(missing.key())
                    ? mailboxes.byRole(mine.accountId(), MailboxRole.INBOX).orElse(now)
                    : now;
        } catch (ProblemException e) {
            throw new TargetFailure(e);
        }
    }

    /** Messages have come in: the index follows. */
    void changed(Mailbox mailbox) {
        mailboxes.changed(mailbox.key());
    }

    /**
     * Stores a message.
     *
     * @return its id where the provider tells
     * @throws ProblemException as the provider does
     */
    Optional<RemoteId> append(MailCollection mine, String mailboxName, Spool spool, Instant receivedAt)
            throws IOException {
        try (var message = spool.in()) {
            return upstream.withStore(
                    accounts.login(mine.accountId()),
                    store -> Optional.ofNullable(
                            store.append(mailboxName, message, spool.size(), Set.of(), receivedAt)));
        }
    }

    /** The last message there is now; what is stored from now on comes after it. */
    RemoteId last(MailCollection mine, String mailboxName) {
        return upstream.withStore(accounts.login(mine.accountId()), store -> {
            var newest = store.newest(mailboxName, 1).messages();
            return newest.isEmpty() ? new RemoteId(0) : newest.getFirst().id();
        });
    }

    /**
     * Looks for a message that may have been stored: where it was to go, where that is now, and wherever the index has it,
     * should its reader have moved it.
     *
     * @throws ProblemException as the provider does
     */
    Optional<Found> find(MailCollection mine, Item item, Spool spool) throws IOException {
        var header = messageId(spool);
        var sought = new Sought(item, header, Likeness.of(spool.in()), spool.size());
        var now = resolve(mine).remoteName();
        return upstream.withStore(accounts.login(mine.accountId()), store -> {
            var then = item.mailboxName();
            if (then != null) {
                var found = find(mine, store, then, sought);
                if (found.isPresent()) {
                    return found.map(id -> new Found(then, id, true));
                }
            }
            if (!now.equals(then)) {
                var found = find(mine, store, now, sought);
                if (found.isPresent()) {
                    return found.map(id -> new Found(now, id, false));
                }
            }
            return elsewhere(mine, store, sought);
        });
    }

    /** One that no server can be asked for is none. */
    private static @Nullable String messageId(Spool spool) throws IOException {
        var id = MimeReader.envelope(spool.header()).messageId();
        return id == null || id.length() > 900 || id.chars().anyMatch(c -> c <= ' ' || c >= 0x7f) ? null : id;
    }

    /**
     * Where a message is.
     *
     * @param ours whether it came there after it was first to be stored there: it may be deleted where it comes from. One
     *     that was there before may be the very message that is being collected, seen from the other side
     */
    record Found(String mailboxName, RemoteId id, boolean ours) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sought(Item item, @Nullable String header, byte[] likeness, long size) {
        /** A server that writes into what it stores leaves the Message-ID, and the time that it was given. */
        boolean sameTime(RemoteMessage row) {
            return row.receivedAt().equals(item.receivedAt());
        }

        boolean isLater(RemoteMessage row) {
            return item.after() == null || row.id().compareTo(item.after()) > 0;
        }
    }

    private Optional<RemoteId> find(MailCollection mine, MailStore store, String name, Sought sought)
            throws IOException {
        var rows = rows(store, name, candidates(store, name, sought));
        var taken = ledger.others(
                mine, sought.item(), name, rows.stream().map(RemoteMessage::id).toList());
        rows.removeIf(row -> taken.contains(row.id()) || (sought.header() == null && !sought.sameTime(row)));
        if (name.equals(sought.item().mailboxName())) {
            rows.removeIf(row -> !sought.isLater(row));
        }
        for (var row : rows.subList(0, Math.min(rows.size(), MOST_CANDIDATES))) {
            if (isLike(store, name, row.id(), sought.likeness())) {
                return Optional.of(row.id());
            }
        }
        return sought.header() == null
                ? Optional.empty()
                : rows.stream().filter(sought::sameTime).map(RemoteMessage::id).findFirst();
    }

    private static List<RemoteId> candidates(MailStore store, String name, Sought sought) {
        try {
            if (sought.header() != null) {
                var all = store.findByMessageId(name, sought.header());
                return all.subList(Math.max(0, all.size() - MOST_CANDIDATES), all.size());
            }
            var received = sought.item().receivedAt();
            if (received == null) {
                return List.of();
            }
            // Servers reckon days in a time zone of theirs, and line ends in one way or the other.
            var day = received.atOffset(ZoneOffset.UTC).toLocalDate();
            var query = new SearchQuery.And(List.of(
                    new SearchQuery.Since(day.minusDays(1)),
                    new SearchQuery.Before(day.plusDays(2)),
                    new SearchQuery.Larger(sought.size() / 2),
                    new SearchQuery.Smaller(sought.size() * 2 + 1000)));
            var order = new SortOrder(SortOrder.Property.RECEIVED_AT, false);
            return store.search(name, query, order, 0, 1000).ids();
        } catch (UpstreamException.NotFound e) {
            return List.of(); // the mailbox has gone, with all that was in it
        }
    }

    private static List<RemoteMessage> rows(MailStore store, String name, List<RemoteId> ids) {
        var rows = new ArrayList<RemoteMessage>();
        if (!ids.isEmpty()) {
            store.fetch(name, ids, rows::add);
        }
        return rows;
    }

    private static boolean isLike(MailStore store, String name, RemoteId id, byte[] likeness) throws IOException {
        var other = new Likeness();
        try {
            store.writeRaw(name, id, other);
        } catch (UpstreamException.NotFound e) {
            return false;
        }
        return Arrays.equals(likeness, other.digest());
    }

    private Optional<Found> elsewhere(MailCollection mine, MailStore store, Sought sought) throws IOException {
        var header = sought.header();
        if (header == null) {
            return Optional.empty();
        }
        for (var place : places.named(mine.accountId(), header).stream()
                .filter(place -> !place.remoteName().equals(sought.item().mailboxName()))
                .limit(MOST_CANDIDATES)
                .toList()) {
            if (isLike(store, place.remoteName(), place.remoteId(), sought.likeness())) {
                return Optional.of(new Found(place.remoteName(), place.remoteId(), false));
            }
        }
        return Optional.empty();
    }
}
