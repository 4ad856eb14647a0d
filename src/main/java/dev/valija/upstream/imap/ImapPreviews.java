package dev.valija.upstream.imap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.valija.message.BodyPart;
import dev.valija.message.MimeReader;
import dev.valija.message.Preview;
import dev.valija.upstream.RemoteId;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fetches the first words of messages: as the server tells them (RFC 8970), or out of their texts. */
final class ImapPreviews {
    private static final int OCTETS = 2048;

    private final ImapSession session;

    ImapPreviews(ImapSession session) {
        this.session = session;
    }

    Map<RemoteId, String> of(String mailbox, Collection<RemoteId> ids) {
        Selected selected = session.select(mailbox, ids);
        long[] uids = Uids.of(ids, selected.validity());
        var previews = new HashMap<RemoteId, String>();
        if (session.can("PREVIEW")) {
            for (String set : Uids.sets(uids)) {
                FetchRow.each(
                        session,
                        Command.of("UID FETCH").atom(set).list(Command.listOf("UID", "PREVIEW")),
                        uids,
                        row -> {
                            byte[] preview = Tokens.octets(row.item("PREVIEW"));
                            // RFC 8970 3.1: NIL is "not to be had now", the empty string "nothing to show".
                            if (row.item("PREVIEW") != null) {
                                put(previews, selected, row, Preview.ofText(new String(start(preview), UTF_8)));
                            }
                        });
            }
            return previews;
        }
        for (String set : Uids.sets(uids)) {
            fromTexts(selected, set, previews);
        }
        return previews;
    }

    private void fromTexts(Selected selected, String set, Map<RemoteId, String> previews) {
        var parts = new HashMap<Long, BodyPart>();
        long[] asked = Uids.list(set, Integer.MAX_VALUE);
        FetchRow.each(
                session, Command.of("UID FETCH").atom(set).list(Command.listOf("UID", "BODYSTRUCTURE")), asked, row -> {
                    BodyPart structure = Structures.read(row.item("BODYSTRUCTURE"));
                    firstText(structure).ifPresent(part -> parts.put(row.uid(), part));
                });
        Map<String, List<Long>> uidsByPart = parts.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().partId(),
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        uidsByPart.forEach((partId, uids) -> {
            long[] sorted = uids.stream().mapToLong(Long::longValue).sorted().toArray();
            var items = Command.listOf("UID", "BODY.PEEK[" + partId + "]<0." + OCTETS + ">");
            for (String same : Uids.sets(sorted)) {
                FetchRow.each(session, Command.of("UID FETCH").atom(same).list(items), sorted, row -> {
                    byte[] text = row.section("BODY[" + partId + "]");
                    BodyPart part = parts.get(row.uid());
                    if (text != null && part != null) {
                        String preview = ImapRows.readable(() -> preview(start(text), part));
                        put(previews, selected, row, preview == null ? "" : preview);
                    }
                });
            }
        });
    }

    private static void put(Map<RemoteId, String> previews, Selected selected, FetchRow row, String preview) {
        if (!preview.isEmpty()) {
            previews.put(Uids.id(selected.validity(), row.uid()), preview);
        }
    }

    private static Optional<BodyPart> firstText(@Nullable BodyPart structure) {
        if (structure == null) {
            return Optional.empty();
        }
        List<BodyPart> texts = structure.leaves().filter(BodyPart::isText).toList();
        return texts.stream()
                .filter(part -> part.type().equals("text/plain") && part.size() > 0)
                .findFirst()
                .or(() -> texts.stream().findFirst());
    }

    private static String preview(byte[] text, BodyPart part) {
        String decoded = MimeReader.decodeText(text, part);
        return part.type().equals("text/html") ? Preview.ofHtml(decoded) : Preview.ofText(decoded);
    }

    /** As much as was asked for, whatever came. */
    private static byte[] start(byte[] text) {
        return text.length <= OCTETS ? text : Arrays.copyOf(text, OCTETS);
    }
}
