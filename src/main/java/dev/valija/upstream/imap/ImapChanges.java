package dev.valija.upstream.imap;

import dev.valija.message.Keyword;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Listing;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SyncState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What changed in a mailbox: the whole ladder from QRESYNC (RFC 7162 3.2) over CONDSTORE (3.1) to listing all there is.
 * A rung that leaves a doubt gives way to the one below.
 */
final class ImapChanges {
    /** More vanished messages than this are told by a snapshot, which is then the shorter of the two. */
    private static final int MOST_VANISHED = 500_000;

    /** The same for messages that came or changed, of which more is to be kept. */
    private static final int MOST_CHANGED = 100_000;

    private static final int MOST_MESSAGES = 5_000_000;
    /** What a message takes of memory in a {@link Listing}, as it grows, and in {@link Told}. */
    private static final int LISTED = 24;

    private static final int TOLD = 200;
    private static final int GONE = 60;
    /** A set of keywords that no message had before, and each of its keywords. */
    private static final int KEYWORD = 100;

    private final ImapSession session;
    private final LongConsumer renumbered;

    /** @param renumbered is told the UIDVALIDITY when it is another, so that all has to be read anew; it may throw */
    ImapChanges(ImapSession session, LongConsumer renumbered) {
        this.session = session;
        this.renumbered = renumbered;
    }

    /** How a mailbox stood; the inside of a {@link SyncState}. Of the messages some may be hidden, being \Deleted. */
    private record Known(long validity, long uidNext, long modSeq, int count, int hidden) {
        private static final Pattern FORM =
                Pattern.compile("2:(\\d{1,10}):(\\d{1,10}):(\\d{1,19}):(\\d{1,9}):(\\d{1,9})");

        /** What a state says, or null for one that another version wrote. */
        static @Nullable Known of(SyncState state) {
            Matcher parts = FORM.matcher(state.value());
            return parts.matches()
                    ? new Known(
                            Long.parseLong(parts.group(1)),
                            Long.parseLong(parts.group(2)),
                            Long.parseLong(parts.group(3)),
                            Integer.parseInt(parts.group(4)),
                            Integer.parseInt(parts.group(5)))
                    : null;
        }

        /** As it stands, before anything else is asked: what changes from here on is to be told next time. */
        static Known at(Selected selected) {
            return new Known(selected.validity(), selected.uidNext(), selected.modSeq(), selected.exists(), 0);
        }

        /** RFC 9051 2.3.1.1 forbids it: the mailbox is another one, or an old copy of it, under the same numbering. */
        boolean wentBackFrom(Known before) {
            return validity == before.validity && uidNext > 0 && uidNext < before.uidNext;
        }

        /** Whether what a server tells since then can be relied on. */
        boolean follows(Known before) {
            return validity > 0 && validity == before.validity && modSeq >= before.modSeq && uidNext >= before.uidNext;
        }

        Known hiding(int messages) {
            return new Known(validity, uidNext, modSeq, count, messages);
        }

        SyncState state() {
            return new SyncState("2:" + validity + ":" + uidNext + ":" + modSeq + ":" + count + ":" + hidden);
        }
    }

    Changes since(String mailbox, @Nullable SyncState since) {
        Known known = since == null ? null : Known.of(since);
        if (known == null || known.modSeq() == 0 || known.uidNext() == 0) {
            return snapshot(session.reselect(mailbox), known);
        }
        Changes delta = session.enabled("QRESYNC") ? resynchronised(mailbox, known) : compared(mailbox, known);
        return delta != null ? delta : snapshot(session.select(mailbox), known);
    }

    /**
     * What messages that have just come add to a mailbox known up to a state, when they alone make the difference. The
     * new state keeps the old MODSEQ, which the fetch of a few messages does not tell: who asks from it is told some
     * of what they know.
     *
     * @param from all messages from that UID on are among the arrived
     * @param exists how many messages there are with them
     */
    static Optional<Changes.Delta> grown(
            SyncState since, long validity, long from, int exists, List<RemoteId> arrived) {
        Known known = Known.of(since);
        if (known == null || known.modSeq() == 0 || known.validity() != validity || from > known.uidNext()) {
            return Optional.empty();
        }
        List<RemoteId> added = arrived.stream()
                .filter(id -> Uids.uid(id) >= known.uidNext())
                .sorted()
                .toList();
        if (added.isEmpty() || known.count() + added.size() != exists) {
            return Optional.empty();
        }
        long uidNext = Uids.uid(added.getLast()) + 1;
        var state = new Known(validity, uidNext, known.modSeq(), exists, known.hidden()).state();
        return Optional.of(new Changes.Delta(added, Map.of(), Set.of(), exists - known.hidden(), state));
    }

    /** One SELECT tells it all (RFC 7162 3.2.5). Null when its answer does not add up. */
    private @Nullable Changes resynchronised(String mailbox, Known known) {
        var told = new Told(known);
        Command resync = Command.listOf("QRESYNC")
                .list(Command.listOf(Long.toString(known.validity()), Long.toString(known.modSeq())));
        var now = Known.at(session.reselect(mailbox, told::note, resync));
        if (!now.follows(known) || told.overflow) {
            return null;
        }
        // Messages that came and went since are told as vanished, too, so the sum need not come out even; but too few
        // vanished is a server that has forgotten.
        if (known.count() + told.added.size() - told.vanished.size() > now.count()) {
            return null;
        }
        return told.delta(now, hidden(known, told));
    }

    /** Asks for changed flags and new messages, and finds the vanished by counting (RFC 7162 3.1.4). */
    private @Nullable Changes compared(String mailbox, Known known) {
        var now = Known.at(session.reselect(mailbox));
        if (!now.follows(known)) {
            return null;
        }
        var told = new Told(known);
        if (now.modSeq() != known.modSeq() && known.uidNext() > 1) {
            session.run(
                    Command.of("UID FETCH")
                            .atom("1:" + (known.uidNext() - 1))
                            .list(Command.listOf("UID", "FLAGS"))
                            .list(Command.listOf("CHANGEDSINCE", Long.toString(known.modSeq()))),
                    told::note);
        }
        if (now.uidNext() > known.uidNext()) {
            session.run(
                    Command.of("UID FETCH").atom(known.uidNext() + ":*").list(Command.listOf("UID", "FLAGS")),
                    told::note);
            told.forgetFrom(now.uidNext()); // what arrives while we ask is told next time
        }
        if (told.overflow) {
            return null;
        }
        boolean even = known.count() + told.added.size() == now.count();
        return even || vanished(known, told) ? told.delta(now, hidden(known, told)) : null;
    }

    /** How many are marked \Deleted now; asked only where there were any or became some. */
    private int hidden(Known known, Told told) {
        return known.hidden() == 0 && told.deleted.isEmpty()
                ? 0
                : new ImapSearch(session).uids(Command.listOf("DELETED")).length;
    }

    /** Adds all UIDs below the known end that are not there. */
    private boolean vanished(Known known, Told told) {
        long last = known.uidNext() - 1;
        long[] found = new ImapSearch(session).uids(Command.listOf("UID", "1:" + last));
        long[] present = Arrays.stream(found)
                .filter(uid -> uid <= last)
                .sorted()
                .distinct()
                .toArray();
        if (last - present.length > MOST_VANISHED) {
            return false;
        }
        session.keep(GONE * (last - present.length));
        long expected = 1;
        for (long uid : present) {
            for (; expected < uid && expected <= last; expected++) {
                told.vanished.add(Uids.id(known.validity(), expected));
            }
            expected = uid + 1;
        }
        for (; expected <= last; expected++) {
            told.vanished.add(Uids.id(known.validity(), expected));
        }
        return true;
    }

    private Changes snapshot(Selected selected, @Nullable Known known) {
        var start = Known.at(selected);
        if (known != null && known.validity() != start.validity()) {
            renumbered.accept(start.validity());
        }
        var listing = new Listing.Builder();
        long[] top = {0};
        if (start.count() > 0) {
            session.run(Command.of("UID FETCH").atom("1:*").list(Command.listOf("UID", "FLAGS")), line -> {
                FetchRow row = FetchRow.of(line);
                if (row == null || row.uid() == 0 || !row.has("FLAGS")) {
                    return;
                }
                if (listing.told() == MOST_MESSAGES) {
                    throw Tokens.malformed();
                }
                if (listing.told() % 1024 == 0) {
                    session.keep(1024 * LISTED);
                }
                // What arrives while we list is told next time, by UIDNEXT.
                if (start.uidNext() == 0 || row.uid() < start.uidNext()) {
                    top[0] = Math.max(top[0], row.uid());
                    RemoteId id = Uids.id(start.validity(), row.uid());
                    if (row.deleted()) {
                        listing.leaveOut(id);
                    } else {
                        int before = listing.keywordSets();
                        Set<Keyword> keywords = row.keywords();
                        listing.add(id, keywords);
                        if (listing.keywordSets() > before) {
                            session.keep(KEYWORD * (1L + keywords.size()));
                        }
                    }
                }
            });
        }
        Listing all = listing.build();
        long uidNext = start.uidNext() > 0 ? start.uidNext() : top[0] + 1;
        var state = new Known(start.validity(), uidNext, start.modSeq(), listing.told(), listing.told() - all.size());
        return new Changes.Snapshot(all, known != null && start.wentBackFrom(known), state.state());
    }

    /** What the server tells while we ask. */
    private final class Told {
        private final Known known;
        private final Set<RemoteId> added = new TreeSet<>();
        private final Map<RemoteId, Set<Keyword>> changed = new HashMap<>();
        private final Set<RemoteId> vanished = new HashSet<>();
        private final Set<RemoteId> deleted = new HashSet<>();
        private boolean overflow;

        Told(Known known) {
            this.known = known;
        }

        void note(Line line) {
            if (overflow) {
                return;
            }
            FetchRow row = FetchRow.of(line);
            if (row != null && row.uid() > 0 && row.has("FLAGS")) {
                flags(row);
            } else if (line.is("VANISHED")) {
                Tokens tokens = line.tokens();
                if (tokens.take('(')) {
                    tokens.value(); // EARLIER
                    tokens.take(')');
                }
                gone(tokens.atom());
            }
        }

        private void flags(FetchRow row) {
            if (changed.size() + deleted.size() >= MOST_CHANGED) {
                overflow = true;
                return;
            }
            session.keep(TOLD + KEYWORD * row.flags().size());
            RemoteId id = Uids.id(known.validity(), row.uid());
            if (row.deleted()) {
                deleted.add(id);
            } else {
                deleted.remove(id);
            }
            // Of the new ones too: a move through us may have given the index a row, as it was where it came from.
            changed.put(id, row.keywords());
            if (row.uid() >= known.uidNext()) {
                added.add(id);
            }
        }

        private void gone(String set) {
            long more = set.isEmpty() ? 0 : Uids.count(set);
            if (more == 0 || more + vanished.size() > MOST_VANISHED) {
                overflow = true;
                return;
            }
            session.keep(GONE * more);
            Uids.forEach(set, uid -> {
                RemoteId id = Uids.id(known.validity(), uid);
                added.remove(id);
                changed.remove(id);
                if (uid < known.uidNext()) {
                    vanished.add(id);
                }
            });
        }

        void forgetFrom(long uid) {
            added.removeIf(id -> Uids.uid(id) >= uid);
            changed.keySet().removeIf(id -> Uids.uid(id) >= uid);
            deleted.removeIf(id -> Uids.uid(id) >= uid);
        }

        Changes delta(Known now, int hidden) {
            deleted.forEach(changed::remove);
            added.removeAll(deleted);
            vanished.addAll(deleted);
            return new Changes.Delta(
                    List.copyOf(added),
                    Map.copyOf(changed),
                    Set.copyOf(vanished),
                    Math.max(0, now.count() - hidden),
                    now.hiding(hidden).state());
        }
    }
}
