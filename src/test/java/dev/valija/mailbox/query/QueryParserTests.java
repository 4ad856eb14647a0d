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
                "OR a            | 1  | on its left",
                "a OR            | 3  | on its right",
                "a OR OR b       | 6  | on its left",
                "a \"b c         | 3  | never closed",
                "x from:         | 3  | needs a value",
                "x from: anna    | 3  | needs a value",
                "x subject:\"\"  | 3  | needs a value",
                "subject:!!!     | 9  | nothing to look for",
                "is:purple       | 4  | knows",
                "x has:wings     | 7  | has:attachment",
                "before:soon     | 8  | 2026-01-31",
                "after:2026-02-30| 7  | 2026-01-31",
                "after:+999999999-01-01 | 7 | 2026-01-31",
                "larger:much     | 8  | 5M",
                "larger:-5       | 8  | 5M",
                "😀 is:x         | 6  | knows",
                "...             | 1  | nothing to look for",
            })
    void aMistakeIsToldWithItsPosition(String query, int position, String detail) {
        assertThatThrownBy(() -> QueryParser.parse(query))
                .isInstanceOfSatisfying(
                        QuerySyntaxException.class,
                        e -> assertThat(e.position()).isEqualTo(position))
                .hasMessageContaining(detail)
                .hasMessageStartingWith("at character " + position + ":");
    }

    @Test
    void thereIsAnEndToThePatience() {
        assertThatThrownBy(() -> QueryParser.parse("a ".repeat(51))).hasMessageContaining("at most 50");
        assertThat(QueryParser.parse("larger:999999999999999G")).isEqualTo(new Term.Larger(Long.MAX_VALUE));
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
                assertThat(e.position()).isBetween(1, query.length() + 1);
            }
        }
    }

    private static Term any(String word) {
        return new Text(Field.ANY, word, Match.PREFIX);
    }
}
