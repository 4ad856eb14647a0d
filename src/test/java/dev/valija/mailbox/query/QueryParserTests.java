package dev.valija.mailbox.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.mailbox.query.Term.And;
import dev.valija.mailbox.query.Term.Field;
import dev.valija.mailbox.query.Term.Match;
import dev.valija.mailbox.query.Term.Not;
import dev.valija.mailbox.query.Term.Or;
import dev.valija.mailbox.query.Term.Text;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTests {

    @Test
    void aWordIsLookedForEverywhereFromItsStart() {
        assertThat(QueryParser.parse("plan")).isEqualTo(new Text(Field.ANY, "plan", Match.PREFIX));
    }

    @Test
    void wordsAreJoinedByAnd() {
        assertThat(QueryParser.parse(" two  words ")).isEqualTo(new And(List.of(any("two"), any("words"))));
    }

    @Test
    void quotesMakeAPhrase() {
        assertThat(QueryParser.parse("\"two words\"")).isEqualTo(new Text(Field.ANY, "two words", Match.PHRASE));
        assertThat(QueryParser.parse("“two words”")).isEqualTo(new Text(Field.ANY, "two words", Match.PHRASE));
        assertThat(QueryParser.parse("subject:\"say \\\"hi\\\"\""))
                .isEqualTo(new Text(Field.SUBJECT, "say \"hi\"", Match.PHRASE));
    }

    @Test
    void theOperatorsAreReadWhateverTheirCase() {
        assertThat(QueryParser.parse("From:anna@example.org TO:b cc:c subject:d body:e filename:f.pdf"))
                .isEqualTo(new And(List.of(
                        new Text(Field.FROM, "anna@example.org", Match.PREFIX),
                        new Text(Field.TO, "b", Match.PREFIX),
                        new Text(Field.CC, "c", Match.PREFIX),
                        new Text(Field.SUBJECT, "d", Match.PREFIX),
                        new Text(Field.BODY, "e", Match.PREFIX),
                        new Text(Field.FILENAME, "f.pdf", Match.PREFIX))));
        assertThat(QueryParser.parse("in:\"Sent Items\" has:attachment is:unread is:flagged is:answered"))
                .isEqualTo(new And(List.of(
                        new Term.In("Sent Items"),
                        new Term.HasAttachment(),
                        new Term.Is(Term.State.UNREAD),
                        new Term.Is(Term.State.FLAGGED),
                        new Term.Is(Term.State.ANSWERED))));
        assertThat(QueryParser.parse("before:2026-01-31 after:2025-12-01 larger:5M smaller:1g"))
                .isEqualTo(new And(List.of(
                        new Term.Before(LocalDate.of(2026, 1, 31)),
                        new Term.After(LocalDate.of(2025, 12, 1)),
                        new Term.Larger(5 << 20),
                        new Term.Smaller(1 << 30))));
    }

    @Test
    void aMinusNegatesWhatFollowsItAtOnce() {
        assertThat(QueryParser.parse("-from:anna")).isEqualTo(new Not(new Text(Field.FROM, "anna", Match.PREFIX)));
        assertThat(QueryParser.parse("-\"a b\"")).isEqualTo(new Not(new Text(Field.ANY, "a b", Match.PHRASE)));
        assertThat(QueryParser.parse("well-known")).isEqualTo(any("well-known"));
        assertThat(QueryParser.parse("a - b")).isEqualTo(new And(List.of(any("a"), any("b"))));
        assertThat(QueryParser.parse("a -- b")).isEqualTo(new And(List.of(any("a"), any("b"))));
    }

    @Test
    void orJoinsItsNeighboursBeforeAndDoes() {
        assertThat(QueryParser.parse("a b OR c OR -d e"))
                .isEqualTo(new And(
                        List.of(any("a"), new Or(List.of(any("b"), any("c"), new Not(any("d")))), any("e"))));
        assertThat(QueryParser.parse("a or b")).isEqualTo(new And(List.of(any("a"), any("or"), any("b"))));
        assertThat(QueryParser.parse("ORder")).isEqualTo(any("ORder"));
    }

    @Test
    void whatOnlyLooksLikeAnOperatorIsAWord() {
        assertThat(QueryParser.parse("http://example.org")).isEqualTo(any("http://example.org"));
        assertThat(QueryParser.parse("12:30")).isEqualTo(any("12:30"));
        assertThat(QueryParser.parse("Re: plan")).isEqualTo(new And(List.of(any("Re:"), any("plan"))));
        assertThat(QueryParser.parse("from.anna")).isEqualTo(any("from.anna"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OR a            | 0  | 2  | on its left",
                "a OR            | 2  | 2  | on its right",
                "a OR OR b       | 5  | 2  | on its left",
                "a \"b c         | 2  | 4  | never closed",
                "x from:         | 2  | 5  | needs a value",
                "x from: anna    | 2  | 5  | needs a value",
                "x subject:\"\"  | 2  | 10 | needs a value",
                "subject:!!! x   | 8  | 3  | nothing to look for",
                "is:purple x     | 3  | 6  | knows",
                "-is:purple x    | 4  | 6  | knows",
                "x has:wings     | 6  | 5  | has:attachment",
                "before:soon     | 7  | 4  | 2026-01-31",
                "after:2026-02-30| 6  | 10 | 2026-01-31",
                "after:2026-13   | 6  | 7  | 2026-01-31",
                "after:+999999999-01-01 | 6 | 16 | 2026-01-31",
                "larger:much     | 7  | 4  | 5M",
                "larger:-5       | 7  | 2  | 5M",
                "😀 is:x         | 6  | 1  | knows",
                "a body:\"()\" b | 7  | 4  | nothing to look for",
                "...             | 0  | 3  | nothing to look for",
            })
    void aMistakeIsToldWithItsPlace(String query, int offset, int length, String detail) {
        assertThatThrownBy(() -> QueryParser.parse(query))
                .isInstanceOfSatisfying(QuerySyntaxException.class, e -> {
                    assertThat(e.offset()).isEqualTo(offset);
                    assertThat(e.length()).isEqualTo(length);
                })
                .hasMessageContaining(detail)
                .hasMessageStartingWith("at character " + (query.codePointCount(0, offset) + 1) + ":");
    }

    @Test
    void datesMayBeAsShortAndSizesAsFineAsPeopleSayThem() {
        for (var text : List.of("after:2026", "after:2026-01", "after:2026-1-1", "after:2026/01/01", "after:2026.01")) {
            assertThat(QueryParser.parse(text)).isEqualTo(new Term.After(LocalDate.of(2026, 1, 1)));
        }
        assertThat(QueryParser.parse("larger:1.5M")).isEqualTo(new Term.Larger(3 << 19));
        assertThat(QueryParser.parse("larger:1,5mb")).isEqualTo(new Term.Larger(3 << 19));
        assertThat(QueryParser.parse("smaller:200")).isEqualTo(new Term.Smaller(200));
    }

    @Test
    void thereIsAnEndToThePatience() {
        assertThatThrownBy(() -> QueryParser.parse("a ".repeat(51))).hasMessageContaining("at most 50");
        assertThat(QueryParser.parse("larger:999999999999999G")).isEqualTo(new Term.Larger(Long.MAX_VALUE));
    }

    /** Were it quadratic, a million characters would take hours. */
    @Test
    void aQueryIsReadOnceFromLeftToRight() {
        for (var piece : List.of("-", "\"", "a\"", "OR ", "from:", "\\\"", "( ")) {
            try {
                QueryParser.parse(piece.repeat(1_000_000 / piece.length()));
            } catch (QuerySyntaxException e) {
                assertThat(e.offset()).isNotNegative();
            }
        }
        assertThat(QueryParser.parse("a".repeat(1_000_000))).isInstanceOf(Text.class);
    }

    @Test
    void noTextHoweverOddDoesMoreThanBeRefused() {
        var random = new Random(11);
        var pieces = List.of(
                "OR",
                "-",
                "\"",
                "from:",
                "is:",
                "a",
                " ",
                "\\",
                "“",
                "é",
                "\t",
                "\0",
                "\uD800",
                "before:",
                "2026-01-01",
                ":",
                "😀",
                "larger:",
                "5M",
                "--",
                "in:",
                "()");
        for (int i = 0; i < 20_000; i++) {
            var query = new StringBuilder();
            for (int n = random.nextInt(1, 9); n > 0; n--) {
                query.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                QueryParser.parse(query.toString());
            } catch (QuerySyntaxException e) {
                assertThat(e.offset()).isBetween(0, query.length());
                assertThat(e.length()).isBetween(0, query.length() - e.offset());
            }
        }
    }

    private static Term any(String word) {
        return new Text(Field.ANY, word, Match.PREFIX);
    }
}
