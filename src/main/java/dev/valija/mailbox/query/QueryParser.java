package dev.valija.mailbox.query;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query: words, "phrases", {@code operator:value}, {@code -} for not, and {@code OR}, which joins its two
 * neighbours before everything else is joined by "and". There are no parentheses, so a query is never deeper than that;
 * it is read once from left to right.
 */
public final class QueryParser {
    private static final int MAX_TERMS = 50;
    private static final Set<String> OPERATORS = Set.of(
            "from",
            "to",
            "cc",
            "subject",
            "body",
            "in",
            "has",
            "is",
            "before",
            "after",
            "larger",
            "smaller",
            "filename");
    private static final Pattern DATE = Pattern.compile("([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(?:[.,]([0-9]{1,3}))?([kKmMgG]?)[bB]?");

    private final String text;
    private int at;
    private int terms;

    private QueryParser(String text) {
        this.text = text;
    }

    /**
     * The query as a tree.
     *
     * @throws QuerySyntaxException where it makes no sense
     */
    public static Term parse(String query) {
        return new QueryParser(query).query();
    }

    private Term query() {
        var groups = new ArrayList<List<Term>>();
        int pendingOr = -1;
        for (skipBlanks(); at < text.length(); skipBlanks()) {
            int start = at;
            if (atWord("OR")) {
                at += 2;
                if (groups.isEmpty() || pendingOr >= 0) {
                    throw error(start, at, "OR needs a term on its left");
                }
                pendingOr = start;
                continue;
            }
            var term = term();
            if (term == null) {
                continue;
            }
            if (pendingOr >= 0) {
                groups.getLast().add(term);
            } else {
                groups.add(new ArrayList<>(List.of(term)));
            }
            pendingOr = -1;
            if (++terms > MAX_TERMS) {
                throw error(start, at, "a query has at most " + MAX_TERMS + " terms");
            }
        }
        if (pendingOr >= 0) {
            throw error(pendingOr, pendingOr + 2, "OR needs a term on its right");
        }
        if (groups.isEmpty()) {
            throw error(0, text.length(), "there is nothing to look for");
        }
        var all = groups.stream()
                .map(group -> group.size() == 1 ? group.getFirst() : new Term.Or(group))
                .toList();
        return all.size() == 1 ? all.getFirst() : new Term.And(all);
    }

    /** One term, or null where only punctuation stands. */
    private @Nullable Term term() {
        int start = at;
        if (text.charAt(at) == '-') {
            at++;
            if (at == text.length() || isBlank(text.charAt(at)) || text.charAt(at) == '-') {
                skipWord();
                return null; // a dash between words
            }
            var negated = term();
            return negated == null ? null : new Term.Not(negated);
        }
        if (isQuote(text.charAt(at))) {
            return words(Term.Field.ANY, quoted(), Term.Match.PHRASE, start);
        }
        var operator = operator();
        if (operator == null) {
            return words(Term.Field.ANY, word(), Term.Match.PREFIX, start);
        }
        int valueAt = at;
        if (at == text.length() || isBlank(text.charAt(at))) {
            throw error(start, at, operator + ": needs a value right after the colon");
        }
        boolean phrase = isQuote(text.charAt(at));
        var value = phrase ? quoted() : word();
        if (value.isBlank()) {
            throw error(start, at, operator + ": needs a value right after the colon");
        }
        var match = phrase ? Term.Match.PHRASE : Term.Match.PREFIX;
        return switch (operator) {
            case "from" -> words(Term.Field.FROM, value, match, valueAt);
            case "to" -> words(Term.Field.TO, value, match, valueAt);
            case "cc" -> words(Term.Field.CC, value, match, valueAt);
            case "subject" -> words(Term.Field.SUBJECT, value, match, valueAt);
            case "body" -> words(Term.Field.BODY, value, match, valueAt);
            case "filename" -> words(Term.Field.FILENAME, value, match, valueAt);
            case "in" -> new Term.In(value.strip());
            case "has" -> has(value, valueAt);
            case "is" -> is(value, valueAt);
            case "before" -> new Term.Before(day(value, valueAt));
            case "after" -> new Term.After(day(value, valueAt));
            case "larger" -> new Term.Larger(size(value, valueAt));
            default -> new Term.Smaller(size(value, valueAt));
        };
    }

    /** Words that hold no letter, digit or symbol look for nothing. */
    private @Nullable Term words(Term.Field field, String value, Term.Match match, int start) {
        if (value.indexOf('\0') >= 0 || value.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw error(start, at, "there is a character no mail can hold");
        }
        if (!Words.sought(value, match).isEmpty()) {
            return new Term.Text(field, value.strip(), match);
        }
        if (field != Term.Field.ANY) {
            throw error(start, at, "there is nothing to look for");
        }
        return null;
    }

    /** The operator that starts here, lower case, its colon passed over; or null. */
    private @Nullable String operator() {
        int colon = at;
        while (colon < text.length() && isAsciiLetter(text.charAt(colon))) {
            colon++;
        }
        if (colon == text.length() || text.charAt(colon) != ':') {
            return null;
        }
        var name = text.substring(at, colon).toLowerCase(Locale.ROOT);
        if (!OPERATORS.contains(name)) {
            return null;
        }
        at = colon + 1;
        return name;
    }

    private String word() {
        int start = at;
        skipWord();
        return text.substring(start, at);
    }

    private void skipWord() {
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
    }

    private String quoted() {
        int start = at++;
        var value = new StringBuilder();
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isQuote(c)) {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length() && (isQuote(text.charAt(at + 1)) || text.charAt(at + 1) == '\\')) {
                c = text.charAt(++at);
            }
            value.append(c);
        }
        throw error(start, text.length(), "the quotation mark is never closed");
    }

    private Term has(String value, int start) {
        if (value.equalsIgnoreCase("attachment") || value.equalsIgnoreCase("attachments")) {
            return new Term.HasAttachment();
        }
        throw error(start, at, "has: knows only has:attachment");
    }

    private Term is(String value, int start) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "unread" -> new Term.Is(Term.State.UNREAD);
            case "read" -> new Term.Not(new Term.Is(Term.State.UNREAD));
            case "flagged" -> new Term.Is(Term.State.FLAGGED);
            case "answered" -> new Term.Is(Term.State.ANSWERED);
            default -> throw error(start, at, "is: knows unread, read, flagged and answered");
        };
    }

    /** A day; or the first of a month or year, when that is all that is said. */
    private LocalDate day(String value, int start) {
        var date = DATE.matcher(value);
        if (date.matches()) {
            try {
                var day = LocalDate.of(part(date.group(1)), part(date.group(2)), part(date.group(3)));
                if (day.getYear() >= 1 && day.getYear() <= 9998) {
                    return day;
                }
            } catch (DateTimeException e) {
                // told below, with the form that is wanted
            }
        }
        throw error(start, at, "a date is written like 2026-01-31, 2026-01 or 2026");
    }

    private static int part(@Nullable String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }

    private long size(String value, int start) {
        var size = SIZE.matcher(value);
        if (!size.matches()) {
            throw error(start, at, "a size is written like 500k, 5M or 1G");
        }
        int shift = switch (size.group(3)) {
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            default -> 0;
        };
        var fraction = size.group(2) == null ? "" : size.group(2);
        var octets = new BigDecimal(size.group(1) + "." + fraction + "0").multiply(BigDecimal.valueOf(1L << shift));
        return octets.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    private boolean atWord(String word) {
        int end = at + word.length();
        return text.startsWith(word, at) && (end == text.length() || isBlank(text.charAt(end)));
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private QuerySyntaxException error(int start, int end, String detail) {
        return new QuerySyntaxException(text, start, end - start, detail);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || (Character.isISOControl(c) && c != 0);
    }

    /** Straight quotes, and the curly ones that phones put in their place. */
    private static boolean isQuote(char c) {
        return c == '"' || c == '\u201C' || c == '\u201D' || c == '\u201E';
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
