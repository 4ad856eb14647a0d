package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.mailbox.query.Term;
import dev.valija.mailbox.query.Words;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random mail in many scripts, random queries: the index finds what reading every message would. The reading knows
 * neither pairs of characters nor PostgreSQL: it takes folded texts apart and looks whether the pieces stand side by
 * side.
 */
class SearchEqualityIT {
    private static final UserId ANNA = new UserId(1);
    private static final int MESSAGES = 400;
    private static final int QUERIES = 1_500;
    /** Few, so that they meet. */
    private static final List<String> PIECES = List.of(
            "plan",
            "Plänë",
            "planned",
            "Straße",
            "strasse",
            "Øre",
            "ore",
            "ΣΊΣΥΦΟΣ",
            "σισυφος",
            "Ёлка",
            "елка",
            "会議",
            "議会",
            "会",
            "お知らせ",
            "ガイド",
            "ｶﾞｲﾄﾞ",
            "สวัสดี",
            "ครับ",
            "שָׁלוֹם",
            "שלום",
            "مُحَمَّد",
            "محمد",
            "किताब",
            "한국어",
            "🎉",
            "１２",
            "12",
            "Ａｂ",
            "ab",
            "don't",
            "a.b",
            "x-y",
            "İz",
            "ız");

    private final Random random = new Random(42);

    @Test
    void theIndexFindsWhatReadingEveryMessageWould() {
        var upstream = new FakeUpstream();
        upstream.user("anna@example.org", "secret");
        var accounts = new FakeAccounts(upstream);
        accounts.add(ANNA, 1, "anna@example.org");
        try (var node = new TestNode(FreshDatabase.migrated(), upstream, accounts)) {
            node.tree.known(1);
            var inbox = node.mailbox(1, "INBOX");
            var mail = Stream.generate(this::message).limit(MESSAGES).toList();
            node.syncWrites.fill(inbox.key(), null, new RowBatch(1, mail));
            node.jdbc
                    .sql("update mailbox set sync = 'complete', total = 400 where remote_name = 'INBOX'")
                    .update();
            var scope = node.search.scope(ANNA, null, null);
            int found = 0;
            for (int i = 0; i < QUERIES; i++) {
                var text = query();
                var query = QueryParser.parse(text);
                var expected = mail.stream()
                        .filter(message -> matches(query, message))
                        .map(message -> message.id().value())
                        .collect(Collectors.toSet());
                var actual = node.search.page(scope, query, null, MESSAGES).rows().stream()
                        .map(row -> row.remoteId().value())
                        .collect(Collectors.toSet());
                assertThat(actual).as(text).isEqualTo(expected);
                found += actual.size();
            }
            assertThat(found).as("queries that find something").isGreaterThan(QUERIES);
        }
    }

    private String piece() {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private String text() {
        var text = new StringBuilder();
        for (int n = random.nextInt(1, 6); n > 0; n--) {
            text.append(piece()).append(random.nextInt(4) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private List<Address> people() {
        return Stream.generate(() ->
                        new Address(random.nextBoolean() ? null : text(), "p" + random.nextInt(9) + "@ab.example"))
                .limit(random.nextInt(3))
                .toList();
    }

    private int next;

    private RemoteMessage message() {
        int id = ++next;
        var from = people();
        var envelope = new Envelope(
                "m" + id + "@example.org",
                List.of(),
                List.of(),
                text(),
                from,
                from,
                List.of(),
                people(),
                people(),
                people(),
                null);
        var structure = new BodyPart(
                "1",
                "application/pdf",
                null,
                "attachment",
                random.nextBoolean() ? null : text() + ".pdf",
                null,
                "7bit",
                10,
                List.of());
        return new RemoteMessage(
                new RemoteId(id),
                envelope,
                Mails.NOON.plusSeconds(3600L * random.nextInt(500)),
                random.nextInt(2000),
                random.nextBoolean() ? Set.of() : Set.of(Keyword.SEEN),
                structure);
    }

    private String query() {
        var terms = new ArrayList<String>();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            if (!terms.isEmpty() && random.nextInt(4) == 0) {
                terms.add("OR");
            }
            terms.add((random.nextInt(4) == 0 ? "-" : "") + term());
        }
        return String.join(" ", terms);
    }

    private String term() {
        var field = List.of("", "", "", "subject:", "from:", "to:", "cc:", "filename:")
                .get(random.nextInt(8));
        return switch (random.nextInt(8)) {
            case 0 -> "is:unread";
            case 1 -> random.nextBoolean() ? "larger:1000" : "smaller:500";
            case 2 -> "after:2026-03-2" + random.nextInt(10);
            case 3, 4 -> field + '"' + (text() + text()).strip() + '"';
            case 5 -> field + "p" + random.nextInt(9) + "@ab.exam";
            default -> {
                var word = piece();
                yield field
                        + word.substring(
                                0,
                                word.offsetByCodePoints(
                                        0, random.nextInt(1, word.codePointCount(0, word.length()) + 1)));
            }
        };
    }

    private static boolean matches(Term term, RemoteMessage message) {
        return switch (term) {
            case Term.And and -> and.all().stream().allMatch(one -> matches(one, message));
            case Term.Or or -> or.any().stream().anyMatch(one -> matches(one, message));
            case Term.Not not -> !matches(not.term(), message);
            case Term.Text text -> texts(text.field(), message).anyMatch(one -> holds(one, text));
            case Term.Is is -> !message.keywords().contains(Keyword.SEEN);
            case Term.Larger larger -> message.size() > larger.octets();
            case Term.Smaller smaller -> message.size() < smaller.octets();
            case Term.After after ->
                !LocalDate.ofInstant(message.receivedAt(), ZoneOffset.UTC).isBefore(after.day());
            default -> throw new AssertionError(term);
        };
    }

    private static Stream<String> texts(Term.Field field, RemoteMessage message) {
        var envelope = message.envelope();
        return switch (field) {
            case SUBJECT -> Stream.of(envelope.subject());
            case FROM -> texts(envelope.from());
            case TO -> Stream.concat(texts(envelope.to()), texts(envelope.bcc()));
            case CC -> texts(envelope.cc());
            case FILENAME -> Stream.ofNullable(message.structure().name());
            case ANY ->
                Stream.of(Term.Field.SUBJECT, Term.Field.FROM, Term.Field.TO, Term.Field.CC)
                        .flatMap(one -> texts(one, message));
            case BODY -> Stream.of();
        };
    }

    private static Stream<String> texts(List<Address> people) {
        return people.stream().flatMap(person -> Stream.of(person.name() == null ? "" : person.name(), person.email()));
    }

    private static boolean holds(String text, Term.Text sought) {
        var there = pieces(text);
        var wanted = pieces(sought.value());
        for (int at = 0; at + wanted.size() <= there.size(); at++) {
            boolean all = !wanted.isEmpty();
            for (int i = 0; i < wanted.size() && all; i++) {
                boolean open = i == wanted.size() - 1 && sought.match() == Term.Match.PREFIX;
                all = wanted.get(i).matches(there.get(at + i), open);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    /**
     * A word, or a character of a script without blanks.
     *
     * @param joined whether it stands right behind another such character
     */
    private record Piece(String text, boolean joined) {
        boolean matches(Piece there, boolean open) {
            boolean same = open ? there.text.startsWith(text) : there.text.equals(text);
            return same && (!joined || there.joined);
        }
    }

    private static List<Piece> pieces(String text) {
        var pieces = new ArrayList<Piece>();
        boolean joined = false;
        for (var word : Words.of(text)) {
            boolean dense = isDense(word.text().codePointAt(0));
            int end = dense ? word.text().offsetByCodePoints(0, 1) : word.text().length();
            pieces.add(new Piece(word.text().substring(0, end), joined));
            joined = dense && end < word.text().length();
        }
        return pieces;
    }

    private static boolean isDense(int c) {
        return Set.of(
                        Character.UnicodeScript.HAN,
                        Character.UnicodeScript.HIRAGANA,
                        Character.UnicodeScript.KATAKANA,
                        Character.UnicodeScript.THAI)
                .contains(Character.UnicodeScript.of(c));
    }
}
