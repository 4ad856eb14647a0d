package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.BinaryBody;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;

/** A thousand messages of all kinds, made at random, are read back equal by other people's parser (mime4j). */
class RoundTripTests {
    private static final int MESSAGES = 1000;
    private static final List<String> LETTERS = List.of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "äöüßéèçñåøšżłőčęąİıŞğ",
            "абвгдежзийклмнопрстуфхцчшщъыьэюяЁЖ",
            "αβγδεζηθικλμνξοπρστυφχψω",
            "日本語件名漢字仮名交文書電子郵便",
            "한국어제목메일전송확인",
            "مرحبابالعالمبريد",
            "שלוםעולםדואר",
            "สวัสดีชาวโลกอีเมล",
            "नमस्तेदुनियासंदेश",
            "Tiếngviệtđượcgửi");
    private static final List<String> PIECES = List.of(
            "👩‍👩‍👧‍👦",
            "🏳️‍🌈",
            "👍🏽",
            "e\u0301",
            "𝒳",
            "\u200d",
            "\u00a0",
            "\u2028",
            "\u202e",
            "=?utf-8?q?x?=",
            "=3D",
            "\"",
            "\\",
            "(",
            ")",
            "<",
            ">",
            ",",
            ";",
            ":",
            "@",
            "[",
            "]",
            "%41",
            "'",
            "''",
            "--",
            ".",
            "&amp;",
            "\t");

    private final Random random = new Random();

    @Test
    void whatIsWrittenIsReadBackEqual() throws IOException {
        for (int seed = 0; seed < MESSAGES; seed++) {
            random.setSeed(seed);
            var message = message();
            byte[] raw = MimeWriter.write(message);
            try {
                assertEqual(message, raw);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + "\n"
                                + new String(raw, StandardCharsets.ISO_8859_1)
                                        .lines()
                                        .limit(60)
                                        .collect(Collectors.joining("\n")),
                        e);
            }
        }
    }

    private OutgoingMessage message() {
        var files = some(3, this::file);
        var html = new StringBuilder("<p>" + line().replace("<", "&lt;"));
        files.stream()
                .map(OutgoingAttachment::contentId)
                .filter(id -> id != null)
                .forEach(id -> html.append("<img src=\"cid:").append(id).append("\">"));
        return new OutgoingMessage(
                address(),
                null,
                some(4, this::address),
                some(4, this::address),
                some(2, this::address),
                some(2, this::address),
                words().replace('\t', ' '),
                some(12, this::line).stream().collect(Collectors.joining("\n")),
                random.nextInt(3) == 0 && files.stream().allMatch(file -> file.contentId() == null)
                        ? null
                        : html.toString(),
                files,
                random.nextBoolean() ? id() : null,
                some(60, this::id),
                random.nextInt(5) == 0 ? address() : null,
                id(),
                Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000)));
    }

    private OutgoingAttachment file() {
        var content = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(5000)];
        random.nextBytes(content);
        boolean picture = random.nextInt(3) == 0;
        String name = words().replace('\t', ' ') + ".bin";
        return new OutgoingAttachment(
                name, picture ? "image/png" : "application/x-test", picture ? id() : null, content);
    }

    private Address address() {
        String name = words().replace('\t', ' ').strip();
        String local = "a" + Integer.toString(random.nextInt(1 << 20), 36) + (random.nextBoolean() ? ".b+c" : "");
        return new Address(name.isBlank() || random.nextInt(4) == 0 ? null : name, local + "@example.org");
    }

    private String id() {
        return Long.toString(random.nextLong() >>> 1, 36) + "." + random.nextInt(100) + "@example.org";
    }

    private String line() {
        return switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> "> " + words();
            case 2 -> ">> " + words();
            case 3 -> "From " + words();
            case 4 -> " " + words();
            case 5 -> "-- ";
            case 6 -> ".";
            case 7 -> "x".repeat(random.nextInt(1200));
            case 8 -> words() + "   ";
            default -> words();
        };
    }

    private String words() {
        String alphabet = LETTERS.get(random.nextInt(LETTERS.size()));
        return IntStream.range(0, random.nextInt(18))
                .mapToObj(i -> random.nextInt(6) == 0 ? PIECES.get(random.nextInt(PIECES.size())) : word(alphabet))
                .collect(Collectors.joining(random.nextInt(10) == 0 ? "  " : " "));
    }

    private String word(String alphabet) {
        return IntStream.range(0, 1 + random.nextInt(12))
                .mapToObj(i -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                .collect(Collectors.joining());
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(most + 1)).toList();
    }

    private static void assertEqual(OutgoingMessage wrote, byte[] raw) throws IOException {
        var builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.STRICT);
        Message read = builder.parseMessage(new ByteArrayInputStream(raw));
        assertThat(read.getSubject() == null ? "" : read.getSubject()).isEqualTo(wrote.subject());
        assertThat(people(read.getFrom())).isEqualTo(people(List.of(wrote.from())));
        assertThat(read.getCc() == null ? List.of() : people(read.getCc().flatten()))
                .isEqualTo(people(wrote.cc()));
        assertThat(read.getTo() == null ? List.of() : people(read.getTo().flatten()))
                .isEqualTo(people(wrote.to()));
        assertThat(
                        read.getReplyTo() == null
                                ? List.of()
                                : people(read.getReplyTo().flatten()))
                .isEqualTo(people(wrote.replyTo()));
        assertThat(read.getBcc()).isNull();
        assertThat(read.getMessageId()).isEqualTo("<" + wrote.messageId() + ">");
        assertThat(read.getDate().toInstant()).isEqualTo(wrote.date());
        var leaves = new ArrayList<Entity>();
        collect(read, leaves);
        var ours = wrote.text() == null ? "" : wrote.text();
        assertThat(joined(text(leaves.removeFirst()))).isEqualTo(plain(ours));
        if (wrote.html() != null) {
            assertThat(text(leaves.removeFirst())).contains(wrote.html());
        }
        assertThat(leaves).hasSameSizeAs(wrote.attachments());
        for (var file : wrote.attachments()) {
            var found = leaves.stream().filter(leaf -> isOf(file, leaf)).findFirst();
            assertThat(found).as(file.name()).isPresent();
        }
        assertThat(MimeReader.read(raw)
                        .structure()
                        .allLeaves()
                        .map(BodyPart::name)
                        .toList())
                .containsAll(wrote.attachments().stream()
                        .map(file -> FileNames.clean(file.name()))
                        .toList());
    }

    private static boolean isOf(OutgoingAttachment file, Entity leaf) {
        var out = new ByteArrayOutputStream();
        try {
            ((BinaryBody) leaf.getBody()).writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        var id = leaf.getHeader().getField("Content-ID");
        return java.util.Arrays.equals(out.toByteArray(), file.content())
                && (file.contentId() == null ? id == null : id.getBody().equals("<" + file.contentId() + ">"));
    }

    private static void collect(Entity entity, List<Entity> leaves) {
        if (entity.getBody() instanceof Multipart multipart) {
            multipart.getBodyParts().forEach(part -> collect(part, leaves));
        } else {
            leaves.add(entity);
        }
    }

    private static List<List<String>> people(Collection<?> people) {
        return people.stream()
                .map(one -> switch (one) {
                    case Mailbox mailbox ->
                        List.of(mailbox.getName() == null ? "" : mailbox.getName(), mailbox.getAddress());
                    case Address address -> List.of(address.name() == null ? "" : address.name(), address.email());
                    default -> List.of(one.toString());
                })
                .toList();
    }

    private static String text(Entity entity) throws IOException {
        var out = new ByteArrayOutputStream();
        ((TextBody) entity.getBody()).writeTo(out);
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** RFC 3676 4, as a reader does it that shares nothing with ours. */
    private static List<String> joined(String flowed) {
        var paragraphs = new ArrayList<String>();
        String open = null;
        for (String line : flowed.split("\n", -1)) {
            int depth = 0;
            while (depth < line.length() && line.charAt(depth) == '>') {
                depth++;
            }
            String rest = line.substring(depth);
            rest = rest.startsWith(" ") ? rest.substring(1) : rest;
            String marks = ">".repeat(depth) + "|";
            boolean goesOn = rest.endsWith(" ") && !rest.equals("-- ");
            String whole = open != null && open.startsWith(marks) && !rest.equals("-- ") ? open + rest : marks + rest;
            if (goesOn) {
                open = whole;
            } else {
                paragraphs.add(whole);
                open = null;
            }
        }
        if (open != null) {
            paragraphs.add(open);
        }
        return withoutLastEmpty(paragraphs);
    }

    private static List<String> plain(String text) {
        var lines = new ArrayList<String>();
        for (String line : text.split("\n", -1)) {
            int depth = 0;
            while (depth < line.length() && line.charAt(depth) == '>') {
                depth++;
            }
            String rest = line.substring(depth);
            rest = depth > 0 && rest.startsWith(" ") ? rest.substring(1) : rest;
            lines.add(">".repeat(depth) + "|" + (rest.equals("-- ") ? rest : rest.stripTrailing()));
        }
        return withoutLastEmpty(lines);
    }

    private static List<String> withoutLastEmpty(List<String> lines) {
        var kept = new ArrayList<>(lines);
        while (!kept.isEmpty() && kept.getLast().equals("|")) {
            kept.removeLast();
        }
        return kept;
    }
}
