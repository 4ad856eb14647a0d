package dev.valija.mailbox.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.mailbox.query.Term.Match;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Plan for THURSDAY        | plan for thursday",
                "CAFÉ  Zoë               | cafe zoe",
                "ß-Straße STRASSE ẞ      | ss strasse strasse ss",
                "Øresund Łódź Đorđe       | oresund lodz dorde",
                "Æsir œuvre Þór smørrebrød | aesir oeuvre thor smorrebrod",
                "İstanbul ıspanak ISPARTA | istanbul ispanak isparta",
                "ΣΊΣΥΦΟΣ Σίσυφος          | σισυφοσ σισυφοσ",
                "Ёлка ёлка Елка           | елка елка елка",
                "Ａｂｃ１２ ﬁn ℡           | abc12 fin tel",
                "a.b_c@d-e.example        | a b c d e example",
                "שָׁלוֹם שלום              | שלום שלום",
                "مُحَمَّد محمد أحمد احمد مـحـمـد  | محمد محمد احمد احمد محمد",
                "۱۲۳ ١٢٣ १२३              | 123 123 123",
                "क़लम कलम किताब            | कलम कलम किताब",
                "한국어 안녕               | 한국어 안녕",
                "don’t don't              | don t don t",
                "🎉party🎉                | 🎉 party 🎉",
                "soft\u00ADhyphen zero\u200Dwidth | softhyphen zerowidth",
                "! ? … — ( )              | ",
            })
    void textsBecomeWordsThatCompare(String text, String words) {
        assertThat(Words.of(text).stream().map(Words.Word::text))
                .containsExactlyElementsOf(words == null ? List.of() : List.of(words.split(" ")));
    }

    @Test
    void scriptsWithoutBlanksBecomePairs() {
        assertThat(Words.of("AI会議です").stream().map(w -> w.text() + w.position()))
                .containsExactly("ai1", "会議2", "議で3", "です4", "す5");
        assertThat(Words.of("ｶﾞｲﾄﾞ ガイド").stream().map(Words.Word::text))
                .containsExactly("ガイ", "イド", "ド", "ガイ", "イド", "ド");
        assertThat(Words.sought("会議", Match.PREFIX)).containsExactly(new Words.Sought("会議", 1, false));
        assertThat(Words.sought("会", Match.PHRASE)).containsExactly(new Words.Sought("会", 1, true));
        assertThat(Words.sought("会議 ai", Match.PREFIX))
                .containsExactly(new Words.Sought("会議", 1, false), new Words.Sought("ai", 3, true));
    }

    @Test
    void onlyTheLastWordMayGoOnAndInAPhraseNone() {
        assertThat(Words.sought("Two words", Match.PREFIX))
                .containsExactly(new Words.Sought("two", 1, false), new Words.Sought("words", 2, true));
        assertThat(Words.sought("Two words", Match.PHRASE))
                .containsExactly(new Words.Sought("two", 1, false), new Words.Sought("words", 2, false));
    }

    @Test
    void noTextBecomesAnythingButPlainShortWords() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                int block = random.nextInt(4);
                text.appendCodePoint(
                        block == 0
                                ? random.nextInt(0x250)
                                : block == 1 ? random.nextInt(0x11_0000) : random.nextInt(0x3400));
            }
            var folded = Words.fold(text.toString());
            assertThat(Words.fold(folded))
                    .as("%s", text.codePoints().boxed().toList())
                    .isEqualTo(folded);
            for (var word : Words.of(text.toString())) {
                assertThat(word.text()).doesNotContainPattern("[\\x00-\\x2f\\x3a-\\x60\\x7b-\\x7f]");
                assertThat(word.text().codePointCount(0, word.text().length())).isBetween(1, 60);
            }
        }
    }
}
