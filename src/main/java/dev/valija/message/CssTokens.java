package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A style sheet's text as tokens (CSS Syntax Level 3, 4.3): escapes are decoded and comments gone, so that nothing can
 * hide from the policy. Takes any text, in time proportional to its length; what a browser holds to be broken is
 * {@link Kind#BAD}.
 */
final class CssTokens {
    enum Kind {
        IDENT,
        FUNCTION,
        AT_KEYWORD,
        HASH,
        STRING,
        URL,
        NUMBER,
        WHITESPACE,
        OPEN,
        CLOSE,
        DELIM,
        BAD,
        END
    }

    /**
     * One token.
     *
     * @param text the name, the string's or address's content, the digits, or the one character
     * @param unit of a {@code NUMBER}: its unit in lower case, {@code %}, or empty
     */
    record Token(Kind kind, String text, String unit) {
        static final Token END = new Token(Kind.END, "", "");

        Token(Kind kind, String text) {
            this(kind, text, "");
        }

        boolean is(char c) {
            return (kind == Kind.DELIM || kind == Kind.OPEN || kind == Kind.CLOSE) && text.charAt(0) == c;
        }

        boolean isOneOf(String characters) {
            return (kind == Kind.DELIM || kind == Kind.OPEN || kind == Kind.CLOSE)
                    && characters.indexOf(text.charAt(0)) >= 0;
        }

        boolean isName(String name) {
            return text.equalsIgnoreCase(name);
        }
    }

    private final String css;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    static List<Token> of(String css) {
        var reader = new CssTokens(css);
        while (reader.at < css.length()) {
            reader.next();
        }
        return reader.tokens;
    }

    private CssTokens(String css) {
        this.css = css;
    }

    private char peek(int ahead) {
        int i = at + ahead;
        return i < css.length() ? css.charAt(i) : '\0';
    }

    private void next() {
        char c = css.charAt(at);
        if (isSpace(c)) {
            while (at < css.length() && isSpace(css.charAt(at))) {
                at++;
            }
            add(Kind.WHITESPACE, " ");
        } else if (c == '/' && peek(1) == '*') {
            // A blank, lest what it parts grow together when written again.
            int end = css.indexOf("*/", at + 2);
            at = end < 0 ? css.length() : end + 2;
            add(Kind.WHITESPACE, " ");
        } else if (c == '"' || c == '\'') {
            string(c);
        } else if (startsNumber()) {
            number();
        } else if (css.startsWith("<!--", at)) {
            at += 4;
            add(Kind.WHITESPACE, " ");
        } else if (css.startsWith("-->", at)) {
            at += 3;
            add(Kind.WHITESPACE, " ");
        } else if (startsName(0)) {
            named();
        } else if (c == '#' && (isName(peek(1)) || isEscape(1))) {
            at++;
            add(Kind.HASH, name());
        } else if (c == '@' && startsName(1)) {
            at++;
            add(Kind.AT_KEYWORD, name().toLowerCase(Locale.ROOT));
        } else {
            at++;
            var kind = "([{".indexOf(c) >= 0 ? Kind.OPEN : ")]}".indexOf(c) >= 0 ? Kind.CLOSE : Kind.DELIM;
            add(kind, String.valueOf(c));
        }
    }

    private void add(Kind kind, String text) {
        if (kind == Kind.WHITESPACE && !tokens.isEmpty() && tokens.getLast().kind() == Kind.WHITESPACE) {
            return;
        }
        tokens.add(new Token(kind, text));
    }

    private void string(char quote) {
        var out = new StringBuilder();
        for (at++; at < css.length(); ) {
            char c = css.charAt(at);
            if (c == quote) {
                at++;
                break;
            }
            if (c == '\n' || c == '\r' || c == '\f') {
                add(Kind.BAD, "");
                return;
            }
            if (c != '\\') {
                out.append(c);
                at++;
            } else if (at + 1 >= css.length()) {
                at++;
            } else if (peek(1) == '\n' || peek(1) == '\f') {
                at += 2;
            } else if (peek(1) == '\r') {
                at += peek(2) == '\n' ? 3 : 2;
            } else {
                escape(out);
            }
        }
        add(Kind.STRING, out.toString());
    }

    private void named() {
        String name = name();
        if (peek(0) != '(') {
            add(Kind.IDENT, name);
            return;
        }
        at++;
        if (name.equalsIgnoreCase("url")) {
            int content = at;
            while (content < css.length() && isSpace(css.charAt(content))) {
                content++;
            }
            if (content >= css.length() || (css.charAt(content) != '"' && css.charAt(content) != '\'')) {
                at = content;
                address();
                return;
            }
        }
        add(Kind.FUNCTION, name.toLowerCase(Locale.ROOT));
    }

    /** An address without quotes; a browser that finds it broken skips to the bracket as well. */
    private void address() {
        var out = new StringBuilder();
        boolean bad = false;
        while (at < css.length() && css.charAt(at) != ')') {
            if (isEscape(0)) {
                escape(out);
                continue;
            }
            char c = css.charAt(at++);
            bad |= c == '"' || c == '\'' || c == '(' || c == '\\' || (c < ' ' && !isSpace(c));
            out.append(c);
        }
        at++;
        String address = out.toString().strip();
        add(bad || address.chars().anyMatch(c -> isSpace((char) c)) ? Kind.BAD : Kind.URL, address);
    }

    private boolean startsNumber() {
        int i = peek(0) == '+' || peek(0) == '-' ? 1 : 0;
        return isDigit(peek(i)) || (peek(i) == '.' && isDigit(peek(i + 1)));
    }

    private void number() {
        int from = at;
        if (peek(0) == '+' || peek(0) == '-') {
            at++;
        }
        digits();
        if (peek(0) == '.' && isDigit(peek(1))) {
            at++;
            digits();
        }
        int sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
        if ((peek(0) == 'e' || peek(0) == 'E') && isDigit(peek(sign))) {
            at += sign;
            digits();
        }
        String digits = css.substring(from, at);
        String unit = "";
        if (startsName(0)) {
            unit = name().toLowerCase(Locale.ROOT);
        } else if (peek(0) == '%') {
            at++;
            unit = "%";
        }
        tokens.add(new Token(Kind.NUMBER, digits, unit));
    }

    private void digits() {
        while (isDigit(peek(0))) {
            at++;
        }
    }

    private String name() {
        int from = at;
        while (at < css.length() && isName(css.charAt(at))) {
            at++;
        }
        if (!isEscape(0)) {
            return css.substring(from, at);
        }
        var out = new StringBuilder(css.substring(from, at));
        while (at < css.length()) {
            if (isEscape(0)) {
                escape(out);
            } else if (isName(css.charAt(at))) {
                out.append(css.charAt(at++));
            } else {
                break;
            }
        }
        return out.toString();
    }

    /** CSS Syntax 4.3.7: up to six hexadecimal digits and one blank, or the character itself. */
    private void escape(StringBuilder out) {
        at++;
        int value = 0;
        int digits = 0;
        while (digits < 6 && Character.digit(peek(0), 16) >= 0 && peek(0) < 0x80) {
            value = value * 16 + Character.digit(css.charAt(at++), 16);
            digits++;
        }
        if (digits == 0) {
            out.append(css.charAt(at++));
            return;
        }
        if (peek(0) == '\r' && peek(1) == '\n') {
            at += 2;
        } else if (at < css.length() && isSpace(css.charAt(at))) {
            at++;
        }
        boolean sound = value > 0 && value <= Character.MAX_CODE_POINT && (value < 0xd800 || value > 0xdfff);
        out.appendCodePoint(sound ? value : 0xfffd);
    }

    private boolean isEscape(int ahead) {
        char next = peek(ahead + 1);
        return peek(ahead) == '\\' && at + ahead + 1 < css.length() && next != '\n' && next != '\r' && next != '\f';
    }

    private boolean startsName(int ahead) {
        if (peek(ahead) == '-') {
            return isNameStart(peek(ahead + 1)) || peek(ahead + 1) == '-' || isEscape(ahead + 1);
        }
        return isNameStart(peek(ahead)) || isEscape(ahead);
    }

    private static boolean isNameStart(char c) {
        return isLetter(c) || c == '_' || c >= 0x80;
    }

    private static boolean isName(char c) {
        return isNameStart(c) || isDigit(c) || c == '-';
    }

    static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }
}
