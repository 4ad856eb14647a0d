package dev.valija.upstream.imap;

import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes messages: keywords, place, existence. */
final class ImapEdits {
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss xx", Locale.US);
    private static final int MOST_COPIED = 1_000_000;

    private final ImapSession session;

    ImapEdits(ImapSession session) {
        this.session = session;
    }

    void changeKeywords(String mailbox, Collection<RemoteId> ids, Set<Keyword> add, Set<Keyword> remove) {
        Selected selected = select(mailbox, ids);
        refuseReadOnly(selected);
        for (Keyword keyword : add) {
            if (!selected.keeps(Flags.flag(keyword))) {
                throw new UpstreamException.NotSupported("The mail server cannot keep this keyword here.", null);
            }
        }
        for (String set : Uids.sets(Uids.of(ids, selected.validity()))) {
            if (!add.isEmpty()) {
                store(set, "+FLAGS.SILENT", Flags.list(add));
            }
            if (!remove.isEmpty()) {
                store(set, "-FLAGS.SILENT", Flags.list(remove));
            }
        }
    }

    /** The mailbox with these messages in view, and no others under their ids. */
    private Selected select(String mailbox, Collection<RemoteId> ids) {
        Selected selected = session.select(mailbox, ids);
        if (!selected.numbers(ids)) {
            throw new UpstreamException.Renumbered("The mail server has numbered the messages of this mailbox anew.");
        }
        return selected;
    }

    private void store(String set, String item, Command flags) {
        session.run(Command.of("UID STORE").atom(set).atom(item).list(flags));
    }

    Map<RemoteId, RemoteId> copy(String mailbox, Collection<RemoteId> ids, String target) {
        Selected selected = select(mailbox, ids);
        var copied = new HashMap<RemoteId, RemoteId>();
        for (String set : Uids.sets(Uids.of(ids, selected.validity()))) {
            copied.putAll(transfer("UID COPY", selected, set, target));
        }
        return copied;
    }

    Map<RemoteId, RemoteId> move(String mailbox, Collection<RemoteId> ids, String target) {
        Selected selected = select(mailbox, ids);
        refuseReadOnly(selected);
        var moved = new HashMap<RemoteId, RemoteId>();
        for (String set : Uids.sets(Uids.of(ids, selected.validity()))) {
            if (session.can("MOVE")) {
                moved.putAll(transfer("UID MOVE", selected, set, target));
            } else {
                // RFC 9051 6.4.7: COPY does all or nothing, so its OK is the proof; only then are the old ones removed.
                moved.putAll(transfer("UID COPY", selected, set, target));
                remove(set);
            }
        }
        return moved;
    }

    void delete(String mailbox, Collection<RemoteId> ids) {
        Selected selected = select(mailbox, ids);
        refuseReadOnly(selected);
        for (String set : Uids.sets(Uids.of(ids, selected.validity()))) {
            remove(set);
        }
    }

    /**
     * Removes these and no others. Without UIDPLUS there is only EXPUNGE, which takes what any other client has marked
     * as well; the mark \Deleted stays then, and such messages are not shown (RFC 8621 4.1.1).
     */
    private void remove(String set) {
        store(set, "+FLAGS.SILENT", Command.listOf(Flags.DELETED));
        if (session.can("UIDPLUS") || session.can("IMAP4REV2")) {
            session.run(Command.of("UID EXPUNGE").atom(set));
        }
    }

    private Map<RemoteId, RemoteId> transfer(String command, Selected selected, String set, String target) {
        var pairs = new HashMap<RemoteId, RemoteId>();
        long[] asked = Uids.list(set, Integer.MAX_VALUE);
        Line result = session.attempt(
                Command.of(command).atom(set).mailbox(target), line -> pairs(selected, asked, line, pairs));
        if (!result.isOK()) {
            throw refusedTransfer(result, target);
        }
        pairs(selected, asked, result, pairs);
        return pairs;
    }

    /** A plain NO does not tell whether the target is missing or something else is wrong. */
    private UpstreamException refusedTransfer(Line result, String target) {
        if (result.isNO() && result.code() == null && !new ImapMailboxList(session).exists(target)) {
            return Refusals.notThere();
        }
        return Refusals.of(result);
    }

    /**
     * COPYUID (RFC 4315 3): the sets name the same messages in the same order. By then it is done, so that what makes no
     * sense is passed over, as if nothing had been told; messages nobody asked for are not taken for moved.
     */
    private static void pairs(Selected selected, long[] asked, Line line, Map<RemoteId, RemoteId> into) {
        if (!line.isOK() || !"COPYUID".equals(line.code())) {
            return;
        }
        Tokens arguments = line.codeArguments();
        long validity = arguments.number();
        String fromSet = arguments.atom();
        String toSet = arguments.atom();
        long count = Uids.count(fromSet);
        if (count > MOST_COPIED || count != Uids.count(toSet) || !Uids.isNumber(validity)) {
            return;
        }
        long[] from = Uids.list(fromSet, MOST_COPIED);
        long[] to = Uids.list(toSet, MOST_COPIED);
        for (int i = 0; i < from.length; i++) {
            if (Arrays.binarySearch(asked, from[i]) >= 0) {
                into.put(Uids.id(selected.validity(), from[i]), Uids.id(validity, to[i]));
            }
        }
    }

    @Nullable
    RemoteId append(
            String mailbox, InputStream message, long size, Set<Keyword> keywords, @Nullable Instant receivedAt) {
        if (size > Integer.MAX_VALUE) {
            throw new UpstreamException.NotSupported("The message is too large for the mail server.", null);
        }
        Command append = Command.of("APPEND").mailbox(mailbox).list(Flags.list(keywords));
        if (receivedAt != null) {
            append.atom("\"" + DATE_TIME.format(receivedAt.atOffset(ZoneOffset.UTC)) + "\"");
        }
        Line result = session.attempt(append.literal(message, size), line -> {});
        if (!result.isOK()) {
            throw refusedTransfer(result, mailbox);
        }
        if (!"APPENDUID".equals(result.code())) {
            return null;
        }
        Tokens arguments = result.codeArguments();
        long validity = arguments.number();
        long uid = arguments.number();
        return Uids.isNumber(validity) && Uids.isNumber(uid) ? Uids.id(validity, uid) : null;
    }

    private static void refuseReadOnly(Selected selected) {
        if (selected.readOnly()) {
            throw new UpstreamException.NotSupported("This mailbox can only be read.", null);
        }
    }
}
