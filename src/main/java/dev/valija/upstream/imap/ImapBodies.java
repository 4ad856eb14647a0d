package dev.valija.upstream.imap;

import dev.valija.message.BodyPart;
import dev.valija.message.CpuBudget;
import dev.valija.message.DecodingOutput;
import dev.valija.message.MimeReader;
import dev.valija.message.ParsedMessage;
import dev.valija.message.TransferEncoding;
import dev.valija.message.Unpacked;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches what messages hold, to show them and to download parts. */
final class ImapBodies {
    private static final int MOST_HEADER = 256 << 10;
    private static final int MOST_RAW = 24 << 20;
    private static final Pattern PART_ID = Pattern.compile("\\d{1,5}(\\.\\d{1,5}){0,60}");
    private static final Pattern SECTION = Pattern.compile("\\d{1,5}(\\.\\d{1,5}){0,60}(\\.HEADER)?");

    private final ImapSession session;

    ImapBodies(ImapSession session) {
        this.session = session;
    }

    MessageSource open(String mailbox, RemoteId id, @Nullable BodyPart known) {
        long uid = uid(mailbox, id);
        List<String> expected = known == null ? List.of() : texts(MessageSource.Sections.of(known));
        Command items = Command.listOf("UID", "BODYSTRUCTURE", "BODY.PEEK[HEADER]<0." + MOST_HEADER + ">");
        expected.forEach(part -> items.atom(peek(part)));
        var rows = answers(Command.of("UID FETCH").number(uid).list(items), uid);
        byte[] header = first(rows, row -> row.section("BODY[HEADER]"));
        BodyPart structure = first(rows, row -> Structures.read(row.item("BODYSTRUCTURE")));
        if (header == null && rows.stream().allMatch(row -> row.whole() && !row.has("BODYSTRUCTURE"))) {
            throw gone();
        }
        if (header == null || structure == null) {
            return takenApart(uid);
        }
        var sections = MessageSource.Sections.of(structure);
        var parts = texts(uid, texts(sections), rows);
        for (String container : sections.containers()) {
            if (PART_ID.matcher(container).matches()) {
                parts.put(container, octets(uid, "BODY.PEEK[" + container + "]", Unpacked.LARGEST));
            }
        }
        return new MessageSource(ended(header), structure, parts);
    }

    /**
     * A message whose structure the server cannot tell is fetched whole and taken apart here.
     *
     * @throws UpstreamException.NotSupported when it is too large for that, or made to be too much
     */
    private MessageSource takenApart(long uid) {
        ParsedMessage message = whole(uid);
        if (message.isOverBudget()) {
            throw new UpstreamException.NotSupported("The message has too many parts.", null);
        }
        return MessageSource.of(message);
    }

    /** A message to be taken apart here. */
    ParsedMessage whole(long uid) {
        byte[] raw = octets(uid, "BODY.PEEK[]", MOST_RAW);
        if (raw.length == 0) {
            throw gone();
        }
        if (raw.length > MOST_RAW) {
            throw new UpstreamException.NotSupported("The message is too large to be taken apart.", null);
        }
        try {
            return CpuBudget.within(CpuBudget.ONE_MAIL, () -> MimeReader.read(raw));
        } catch (CpuBudget.Exceeded e) {
            throw new UpstreamException.NotSupported("The message takes too long to be taken apart.", e);
        }
    }

    /** A section as it arrives, and one octet more than the most where there is more. */
    private byte[] octets(long uid, String section, long most) {
        var out = new ByteArrayOutputStream();
        try {
            stream(uid, section, new OutputStream() {
                @Override
                public void write(int octet) {
                    write(new byte[] {(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] octets, int from, int length) {
                    out.write(octets, from, (int) Math.min(length, most + 1 - out.size()));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }

    /** The text sections, out of the rows there are; what they lack is fetched. */
    private Map<String, byte[]> texts(long uid, List<String> wanted, List<FetchRow> rows) {
        var texts = new HashMap<String, byte[]>();
        collect(wanted, rows, texts);
        List<String> missing =
                wanted.stream().filter(part -> !texts.containsKey(part)).toList();
        if (!missing.isEmpty()) {
            Command items = Command.listOf("UID");
            missing.forEach(part -> items.atom(peek(part)));
            collect(missing, rows(Command.of("UID FETCH").number(uid).list(items), uid), texts);
        }
        return texts;
    }

    private static void collect(List<String> wanted, List<FetchRow> rows, Map<String, byte[]> into) {
        for (FetchRow row : rows) {
            for (String part : wanted) {
                byte[] text = row.section("BODY[" + part + "]");
                if (text != null) {
                    into.put(part, text);
                }
            }
        }
    }

    private static List<String> texts(MessageSource.Sections sections) {
        return sections.texts().stream()
                .filter(section -> SECTION.matcher(section).matches())
                .toList();
    }

    private static String peek(String part) {
        return "BODY.PEEK[" + part + "]<0." + MessageSource.LONGEST_TEXT + ">";
    }

    void writePart(String mailbox, RemoteId id, BodyPart part, OutputStream out) throws IOException {
        if (!PART_ID.matcher(part.partId()).matches()) {
            throw gone();
        }
        long uid = uid(mailbox, id);
        DecodingOutput decoding = DecodingOutput.of(part.encoding(), out);
        // Dovecot has an empty string for parts that are not there, where RFC 9051 7.5.2 has NIL.
        if (stream(uid, "BODY.PEEK[" + part.partId() + "]", decoding) == 0) {
            BodyPart structure = structure(uid);
            if (structure == null) {
                decoding.write(whole(uid).encoded(part.partId()).orElseThrow(ImapBodies::gone));
            } else if (structure.allLeaves().noneMatch(leaf -> leaf.partId().equals(part.partId()))) {
                throw gone();
            }
        }
        decoding.finish();
    }

    Map<String, byte[]> beginnings(String mailbox, RemoteId id, Collection<BodyPart> parts, int octets) {
        List<BodyPart> wanted = parts.stream()
                .filter(part -> PART_ID.matcher(part.partId()).matches())
                .toList();
        long uid = uid(mailbox, id);
        Command items = Command.listOf("UID");
        // Base64 makes four of three and breaks lines; quoted-printable may make three of one, and then less comes.
        wanted.forEach(part -> items.atom("BODY.PEEK[" + part.partId() + "]<0." + (octets * 3 / 2 + 256) + ">"));
        var rows = rows(Command.of("UID FETCH").number(uid).list(items), uid);
        if (rows.isEmpty()) {
            throw gone();
        }
        var beginnings = new HashMap<String, byte[]>();
        for (FetchRow row : rows) {
            for (BodyPart part : wanted) {
                byte[] encoded = row.section("BODY[" + part.partId() + "]");
                if (encoded != null) {
                    byte[] decoded = TransferEncoding.decode(encoded, part.encoding());
                    beginnings.put(part.partId(), Arrays.copyOf(decoded, Math.min(decoded.length, octets)));
                }
            }
        }
        return beginnings;
    }

    void writeRaw(String mailbox, RemoteId id, OutputStream out) throws IOException {
        if (stream(uid(mailbox, id), "BODY.PEEK[]", out) == 0) {
            throw gone();
        }
    }

    private @Nullable BodyPart structure(long uid) {
        var items = Command.listOf("UID", "BODYSTRUCTURE");
        return first(
                rows(Command.of("UID FETCH").number(uid).list(items), uid),
                row -> Structures.read(row.item("BODYSTRUCTURE")));
    }

    private static <T> @Nullable T first(List<FetchRow> rows, Function<FetchRow, @Nullable T> item) {
        for (FetchRow row : rows) {
            T found = item.apply(row);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Writes a section as it arrives. @return how many octets that were, 0 as well when there is none */
    private long stream(long uid, String section, OutputStream out) throws IOException {
        WireReader reader = session.wire().reader();
        String answer = section.replace(".PEEK", "");
        var quoted = new ArrayList<byte[]>();
        reader.streamBodies(out);
        try {
            Command fetch = Command.of("UID FETCH").number(uid).list(Command.listOf("UID", section));
            session.attempt(fetch, line -> {
                FetchRow row = FetchRow.of(line);
                if (row != null && row.item(answer) != null && quoted.isEmpty()) {
                    byte[] octets = Tokens.octets(row.item(answer)); // as some send short ones
                    if (octets.length > 0) {
                        session.keep(octets.length);
                        quoted.add(octets);
                    }
                }
            });
        } catch (UpstreamException e) {
            IOException ours = reader.bodiesFailure();
            if (ours != null) {
                throw ours; // whoever we write to went away; the provider did nothing wrong
            }
            throw e;
        } finally {
            reader.streamBodies(null);
        }
        long count = reader.streamed();
        for (byte[] octets : quoted) {
            out.write(octets);
            count += octets.length;
        }
        return count;
    }

    private long uid(String mailbox, RemoteId id) {
        if (Uids.validity(id) != session.select(mailbox, List.of(id)).validity()) {
            throw gone();
        }
        return Uids.uid(id);
    }

    /** The rows of that message, and those too broken to tell whose they are. */
    private List<FetchRow> answers(Command fetch, long uid) {
        var rows = new ArrayList<FetchRow>();
        Line result = session.attempt(fetch, line -> {
            FetchRow row = FetchRow.of(line);
            boolean ours = row != null && (row.uid() == uid || (row.uid() == 0 && !row.whole()));
            if (row != null && ours && rows.size() < ImapRows.MOST_OF_ONE) {
                session.keep(row.weight());
                rows.add(row);
            }
        });
        if (!result.isOK() && rows.isEmpty()) {
            throw Refusals.of(result);
        }
        return rows;
    }

    private List<FetchRow> rows(Command fetch, long uid) {
        var rows = new ArrayList<FetchRow>();
        FetchRow.each(session, fetch, new long[] {uid}, row -> {
            if (rows.size() < ImapRows.MOST_OF_ONE) {
                session.keep(row.weight());
                rows.add(row);
            }
        });
        return rows;
    }

    /** A header that was cut still ends as one. */
    private static byte[] ended(byte[] header) {
        int length = header.length;
        boolean complete = length >= 4 && header[length - 1] == '\n' && header[length - 3] == '\n';
        if (complete || length == 2) {
            return header;
        }
        byte[] ended = Arrays.copyOf(header, length + 4);
        System.arraycopy(new byte[] {'\r', '\n', '\r', '\n'}, 0, ended, length, 4);
        return ended;
    }

    private static UpstreamException gone() {
        return new UpstreamException.NotFound("The message or part is no longer on the mail server.");
    }
}
