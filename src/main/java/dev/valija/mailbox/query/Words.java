package dev.valija.mailbox.query;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts as words that can be compared. Mail is indexed by them and queries look for them, so that the two agree whatever
 * the script: without case, without accents, full-width as half-width, digits as 0 to 9. Letters, digits and symbols
 * such as emoji count; all else divides words. Scripts written without blanks give overlapping pairs of characters.
 */
public final class Words {
    /** Longer words are equal when so many characters of them are. */
    private static final int LONGEST = 60;

    /** Letters that Unicode does not take apart, as people type them who do not have them on the keyboard. */
    private static final Map<Integer, String> PLAIN = Map.ofEntries(
            Map.entry((int) 'ß', "ss"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'œ', "oe"),
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'ħ', "h"),
            Map.entry((int) 'ŧ', "t"),
            Map.entry((int) 'ŋ', "n"),
            Map.entry((int) 'ĸ', "k"),
            Map.entry((int) 'ə', "e"),
            // Arabic as typed in Egypt, Iran and elsewhere; a stretched line means nothing.
            Map.entry(0x0649, "\u064A"),
            Map.entry(0x06CC, "\u064A"),
            Map.entry(0x06A9, "\u0643"),
            Map.entry(0x0629, "\u0647"),
            Map.entry(0x0640, ""));

    private static final Set<Integer> NUKTAS = Set.of(0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0B3C, 0x0CBC);
    private static final int ZERO_WIDTH_SPACE = 0x200B;
    private static final int PROLONGED_SOUND = 0x30FC;

    /**
     * A word that stands in a text.
     *
     * @param position its place among the words of the text, from 1; phrases go by it
     */
    public record Word(String text, int position) {}

    /**
     * A word that is looked for.
     *
     * @param position its place relative to the other words
     * @param open whether words that go on match too
     */
    public record Sought(String text, int position, boolean open) {}

    /** The words of a text. */
    public static List<Word> of(String text) {
        var words = new ArrayList<Word>();
        for (var run : runs(fold(text))) {
            if (run.dense()) {
                int[] characters = run.text().codePoints().toArray();
                for (int i = 0; i < characters.length; i++) {
                    int length = Math.min(2, characters.length - i);
                    words.add(new Word(new String(characters, i, length), words.size() + 1));
                }
            } else {
                words.add(new Word(run.text(), words.size() + 1));
            }
        }
        return words;
    }

    /**
     * The words of a text that is looked for; they match where they stand side by side as they do here. Empty when it
     * holds nothing that can be found.
     */
    public static List<Sought> sought(String text, Term.Match match) {
        var sought = new ArrayList<Sought>();
        int position = 1;
        var runs = runs(fold(text));
        for (int r = 0; r < runs.size(); r++) {
            var run = runs.get(r);
            if (!run.dense()) {
                boolean last = r == runs.size() - 1;
                sought.add(new Sought(run.text(), position++, last && match == Term.Match.PREFIX && !run.symbol()));
                continue;
            }
            int[] characters = run.text().codePoints().toArray();
            if (characters.length == 1) {
                sought.add(new Sought(run.text(), position, true));
            }
            for (int i = 0; i + 1 < characters.length; i++) {
                sought.add(new Sought(new String(characters, i, 2), position + i, false));
            }
            position += characters.length;
        }
        return sought;
    }

    /** A text as it is compared. Done twice it changes nothing more. */
    static String fold(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return lowerAscii(text);
        }
        var folded = new StringBuilder(text.length() + 8);
        Normalizer.normalize(text, Normalizer.Form.NFKD).codePoints().forEach(c -> fold(c, folded));
        // Together again what belongs together: Hangul syllables, voiced kana.
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    private static String lowerAscii(String text) {
        var lower = text.toCharArray();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (char) (lower[i] + ('a' - 'A'));
            }
        }
        return new String(lower);
    }

    private static void fold(int c, StringBuilder folded) {
        switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {
                if (!isAccent(c)) {
                    folded.appendCodePoint(c);
                }
            }
            case Character.FORMAT -> {
                // Directions, joiners and soft hyphens are not to be seen; this one divides words of Thai or Khmer.
                if (c == ZERO_WIDTH_SPACE) {
                    folded.append(' ');
                }
            }
            case Character.DECIMAL_DIGIT_NUMBER -> folded.append(Character.digit(c, 10));
            default -> {
                // By way of upper case, since a final sigma and a dotless i are lower case already.
                int lower = Character.toLowerCase(Character.toUpperCase(c));
                var plain = PLAIN.get(lower);
                if (plain == null) {
                    folded.appendCodePoint(lower);
                } else {
                    folded.append(plain);
                }
            }
        }
    }

    /** Marks that may be left out in writing. The vowels of Indic scripts and the dots of kana may not. */
    private static boolean isAccent(int mark) {
        return switch (UnicodeScript.of(mark)) {
            case INHERITED -> mark != 0x3099 && mark != 0x309A;
            case HEBREW, ARABIC, SYRIAC, CYRILLIC -> true;
            default -> NUKTAS.contains(mark);
        };
    }

    /** Characters that belong together. */
    private record Run(String text, boolean dense, boolean symbol) {}

    private enum Kind {
        BLANK,
        LETTER,
        DENSE,
        SYMBOL
    }

    private static List<Run> runs(String folded) {
        var runs = new ArrayList<Run>();
        int start = 0;
        var before = Kind.BLANK;
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            var kind = kind(c);
            if (kind != before || kind == Kind.SYMBOL) {
                add(runs, folded, start, i, before);
                start = i;
                before = kind;
            }
            i += Character.charCount(c);
        }
        add(runs, folded, start, folded.length(), before);
        return runs;
    }

    private static void add(List<Run> runs, String folded, int start, int end, Kind kind) {
        if (kind != Kind.BLANK && end > start) {
            var text = folded.substring(start, end);
            runs.add(new Run(kind == Kind.LETTER ? cut(text) : text, kind == Kind.DENSE, kind == Kind.SYMBOL));
        }
    }

    private static String cut(String word) {
        return word.length() <= LONGEST || word.codePointCount(0, word.length()) <= LONGEST
                ? word
                : word.substring(0, word.offsetByCodePoints(0, LONGEST));
    }

    private static Kind kind(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? Kind.LETTER : Kind.BLANK;
        }
        return switch (Character.getType(c)) {
            case Character.OTHER_SYMBOL -> Kind.SYMBOL;
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> isDense(c) ? Kind.DENSE : Kind.LETTER;
            default -> Kind.BLANK;
        };
    }

    /** Whether it is of a script that puts no blanks between words. */
    private static boolean isDense(int c) {
        return switch (UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
            default -> c == PROLONGED_SOUND || c == 0x3099 || c == 0x309A;
        };
    }

    private Words() {}
}
