package dev.valija.upstream.imap;

import dev.valija.message.BodyPart;
import dev.valija.message.CpuBudget;
import dev.valija.message.Envelope;
import dev.valija.message.MimeReader;
import dev.valija.upstream.MailStore.Newest;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the rows of lists. A row that cannot be read is fetched again in pieces: it never breaks the list. */
final class ImapRows {
    private static final Logger log = LoggerFactory.getLogger(ImapRows.class);
    private static final int MOST_HEADER = 128 << 10;
    /** A server may tell of one message in pieces, and of its flags in between. */
    static final int MOST_OF_ONE = 100;
    /** A list does not wait for more than that, for the sake of a paper clip. */
    private static final long LARGEST_TAKEN_APART = 4 << 20;

    private static final Command ITEMS = Command.listOf(
            "UID",
            "FLAGS",
            "INTERNALDATE",
            "RFC822.SIZE",
            "ENVELOPE",
            "BODYSTRUCTURE",
            "BODY.PEEK[HEADER.FIELDS (REFERENCES)]");
    private static final Command PLAIN_ITEMS =
            Command.listOf("UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[HEADER]<0." + MOST_HEADER + ">");
    private static final Command STRUCTURE = Command.listOf("UID", "BODYSTRUCTURE");

    private final ImapSession session;

    ImapRows(ImapSession session) {
        this.session = session;
    }

    Newest newest(String mailbox, int limit) {
        Selected selected = session.reselect(mailbox);
        int exists = selected.exists();
        var rows = new ArrayList<RemoteMessage>();
        if (exists > 0) {
            int first = Math.max(1, exists - limit + 1);
            Command fetch = Command.of("FETCH").atom(first + ":" + exists).list(ITEMS);
            var asked = new Asked(exists - first + 1, (number, uid) -> number >= first && number <= exists);
            stream(selected, fetch, asked, rows::add);
        }
        rows.sort(Comparator.comparing(RemoteMessage::id).reversed());
        return new Newest(exists, rows);
    }

    void fetch(String mailbox, Collection<RemoteId> ids, Consumer<RemoteMessage> row) {
        Selected selected = session.select(mailbox, ids);
        for (String set : Uids.sets(Uids.of(ids, selected.validity()))) {
            long[] wanted = Uids.list(set, Integer.MAX_VALUE);
            var asked = new Asked(wanted, (number, uid) -> Arrays.binarySearch(wanted, uid) >= 0);
            stream(selected, Command.of("UID FETCH").atom(set).list(ITEMS), asked, row);
        }
    }

    /**
     * Which rows were asked for. Whatever else a server sends is passed over: it would be taken for mail, and there is
     * no end to it.
     */
    private static final class Asked {
        private interface Choice {
            boolean holds(int number, long uid);
        }

        private final int count;
        private final long[] wanted;
        private final Choice choice;

        Asked(int count, Choice choice) {
            this.count = count;
            this.wanted = new long[0];
            this.choice = choice;
        }

        /** @param wanted their UIDs, ascending */
        Asked(long[] wanted, Choice choice) {
            this.count = wanted.length;
            this.wanted = wanted;
            this.choice = choice;
        }
    }

    private void stream(Selected selected, Command fetch, Asked asked, Consumer<RemoteMessage> row) {
        Set<Long> unread = new HashSet<>();
        Set<Long> seen = new HashSet<>();
        boolean[] nameless = {false};
        Line result = session.attempt(fetch, line -> {
            FetchRow fetched = FetchRow.of(line);
            if (fetched == null || (fetched.whole() && !fetched.has("ENVELOPE"))) {
                return; // an unsolicited change of flags
            }
            long uid = fetched.uid();
            if (uid == 0) {
                nameless[0] = true;
                return;
            }
            boolean more = seen.size() + unread.size() < asked.count && !seen.contains(uid);
            if (!more || !asked.choice.holds(line.getNumber(), uid)) {
                return;
            }
            RemoteMessage message = fetched.whole() ? message(selected, fetched) : null;
            if (message == null) {
                unread.add(uid);
                return;
            }
            seen.add(uid);
            if (!fetched.deleted()) {
                session.keep(fetched.weight());
                row.accept(message);
            }
        });
        // RFC 5530 and old habits: a server may say NO because some of them were expunged meanwhile.
        if (!result.isOK() && (seen.isEmpty() || result.isBAD())) {
            throw Refusals.of(result);
        }
        if (nameless[0]) {
            Arrays.stream(asked.wanted).filter(uid -> !seen.contains(uid)).forEach(unread::add);
        }
        unread.forEach(uid -> piecemeal(selected, uid, row));
    }

    /** Asks for the rows of all messages from that UID on, and, when there are none, for that of the last one. */
    static Command from(long uid) {
        return Command.of("UID FETCH").atom(uid + ":*").list(ITEMS);
    }

    /** The message of a row that {@link #from} asked for, or null when the row is not to be read. */
    static @Nullable RemoteMessage message(Selected selected, FetchRow row) {
        return readable(() -> read(selected, row));
    }

    private static @Nullable RemoteMessage read(Selected selected, FetchRow row) {
        Envelope envelope = Envelopes.read(row.item("ENVELOPE"), row.section("BODY[HEADER.FIELDS"));
        BodyPart structure = Structures.read(row.item("BODYSTRUCTURE"));
        if (envelope == null || structure == null) {
            return null;
        }
        return new RemoteMessage(
                Uids.id(selected.validity(), row.uid()),
                envelope,
                row.receivedAt(),
                row.size(),
                row.keywords(),
                structure);
    }

    /** The start of the raw header is always to be had; the structure is tried by itself, and read here if need be. */
    private void piecemeal(Selected selected, long uid, Consumer<RemoteMessage> row) {
        List<FetchRow> plain = rows(uid, PLAIN_ITEMS);
        BodyPart structure = rows(uid, STRUCTURE).stream()
                .map(fetched -> readable(() -> Structures.read(fetched.item("BODYSTRUCTURE"))))
                .filter(part -> part != null)
                .findFirst()
                .orElse(null);
        for (FetchRow fetched : plain) {
            byte[] header = fetched.section("BODY[HEADER]");
            if (fetched.uid() == uid && !fetched.deleted() && fetched.has("FLAGS")) {
                row.accept(new RemoteMessage(
                        Uids.id(selected.validity(), uid),
                        envelope(header == null ? new byte[0] : header),
                        fetched.receivedAt(),
                        fetched.size(),
                        fetched.keywords(),
                        structure != null ? structure : takenApart(uid, fetched.size())));
                return;
            }
        }
    }

    /** Of a header that cannot be read there is none: its row is bare, and the message is shown as its source. */
    private static Envelope envelope(byte[] header) {
        var read = readable(() -> CpuBudget.within(CpuBudget.ONE_MAIL, () -> MimeReader.envelope(header)));
        return read == null ? MimeReader.envelope(new byte[0]) : read;
    }

    /**
     * What was read, or null for what cannot be: a mail that nobody has thought of must not keep all others of its mailbox
     * from being listed (DESIGN 6). Who was interrupted has read nothing.
     */
    static <T> @Nullable T readable(Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            log.warn("a row of a list cannot be read", e);
            return null;
        }
    }

    private BodyPart takenApart(long uid, long size) {
        if (size <= LARGEST_TAKEN_APART) {
            try {
                return new ImapBodies(session).whole(uid).structure();
            } catch (RuntimeException e) {
                if (!session.usable() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                log.warn("a message cannot be taken apart", e);
            }
        }
        return Structures.unknown(size);
    }

    private List<FetchRow> rows(long uid, Command items) {
        var rows = new ArrayList<FetchRow>();
        try {
            session.attempt(Command.of("UID FETCH").number(uid).list(items), line -> {
                FetchRow fetched = FetchRow.of(line);
                if (fetched != null && fetched.uid() == uid && rows.size() < MOST_OF_ONE) {
                    session.keep(fetched.weight());
                    rows.add(fetched);
                }
            });
        } catch (UpstreamException.ProtocolViolation e) {
            if (!session.usable()) {
                throw e;
            }
        }
        return rows;
    }
}
