package dev.valija.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads address lists (RFC 5322 3.4, obsolete forms of 4.4 and what mailers make of them). Never throws: what is no
 * address becomes one with an odd or empty addr-spec, so that a reader still sees who is meant. Of an addr-spec nothing is
 * decoded (RFC 2047 5): servers judge, and mail goes to, what is written.
 */
public final class AddressParser {
    private static final int MOST = 5000;
    private static final int LONGEST_INPUT = 1024 * 1024;

    /** A word longer than this is none (RFC 2047 2 allows 75). */
    private static final int LONGEST_WORD = 2000;

    private final String text;
    private final Search closing;
    private final Search commas;
    private final List<Address> found = new ArrayList<>();
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private @Nullable String angle;
    private boolean quoted;
    /** Whether there is an at sign in the phrase that is not in an encoded word. */
    private boolean spec;

    private int at;

    /** The addresses of a raw field body, in order; groups are dissolved, names decoded (RFC 2047). */
    public static List<Address> parse(@Nullable String raw) {
        if (raw == null || raw.isBlank()) {
            return List.of();
        }
        return List.copyOf(new AddressParser(raw).all());
    }

    private AddressParser(String raw) {
        this.text = raw.length() > LONGEST_INPUT ? raw.substring(0, LONGEST_INPUT) : raw;
        this.closing = new Search(text, '>');
        this.commas = new Search(text, ',');
    }

    /** Where a character comes next, asked for from the front to the back: each part of the text is searched once. */
    private static final class Search {
        private final String text;
        private final char wanted;
        private int last = -1;
        private boolean none;

        Search(String text, char wanted) {
            this.text = text;
            this.wanted = wanted;
        }

        /** Or -1. */
        int next(int from) {
            if (!none && last < from) {
                last = text.indexOf(wanted, from);
                none = last < 0;
            }
            return none ? -1 : last;
        }
    }

    private List<Address> all() {
        while (at < text.length() && found.size() < MOST) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quotedString();
                case '(' -> comment();
                case '<' -> angle();
                case ':' -> colon();
                case ',', ';' -> {
                    at++;
                    end(c);
                }
                case '=' -> encodedWord();
                default -> {
                    spec |= c == '@';
                    phrase.append(c == '\r' || c == '\n' || c == '\t' ? ' ' : c);
                    at++;
                }
            }
        }
        end(';');
        return found;
    }

    private void quotedString() {
        quoted = true;
        int from = phrase.length();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            spec |= text.charAt(at) == '@';
            phrase.append(text.charAt(at++));
        }
        at++;
        if (at < text.length() && text.charAt(at) == '@') {
            phrase.insert(from, '"').append('"'); // a quoted local part keeps its quotes
        }
    }

    private void comment() {
        int depth = 0;
        if (!comment.isEmpty()) {
            comment.append(' ');
        }
        do {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                comment.append(text.charAt(at++));
            } else if (c == '(') {
                if (depth++ > 0) {
                    comment.append(c);
                }
            } else if (c == ')') {
                if (--depth > 0) {
                    comment.append(c);
                }
            } else {
                comment.append(c);
            }
        } while (depth > 0 && at < text.length());
    }

    private void angle() {
        int close = closing.next(at);
        int comma = close >= 0 ? -1 : commas.next(at);
        int end = close >= 0 ? close : comma >= 0 ? comma : text.length();
        String inside = text.substring(at + 1, end);
        // RFC 5322 4.4: an obsolete route, <@a,@b:user@c>, is ignored.
        if (inside.startsWith("@") && inside.indexOf(':') > 0) {
            inside = inside.substring(inside.indexOf(':') + 1);
        }
        if (angle == null || angle.indexOf('@') < 0) {
            angle = inside;
        }
        at = close >= 0 ? end + 1 : end;
    }

    /** A group's name ends here (RFC 5322 3.4); "mailto:" is sometimes written before an address. */
    private void colon() {
        at++;
        if (angle == null && phrase.indexOf("@") < 0) {
            reset();
        } else {
            phrase.append(':');
        }
    }

    /** An encoded word is copied whole: a broken one may hold commas and parentheses. */
    private void encodedWord() {
        if (text.startsWith("=?", at)) {
            int most = Math.min(text.length(), at + LONGEST_WORD);
            int charsetEnd = text.indexOf('?', at + 2, most);
            int close = charsetEnd < 0 ? -1 : text.indexOf("?=", Math.min(charsetEnd + 3, most), most);
            if (close > 0 && !text.startsWith("<", at + 2)) {
                phrase.append(text, at, close + 2);
                at = close + 2;
                return;
            }
        }
        phrase.append('=');
        at++;
    }

    private void end(char separator) {
        String name = HeaderDecoder.decode(phrase.toString());
        String said = HeaderDecoder.decode(comment.toString());
        String written = spec ? HeaderDecoder.plain(phrase.toString()) : "";
        if (angle != null) {
            add(name.isEmpty() ? said : name, angle);
        } else if (name.isEmpty()) {
            reset();
            return;
        } else if (written.indexOf('@') > 0 && (written.indexOf(' ') < 0 || written.startsWith("\""))) {
            add(said, written);
        } else if (written.indexOf('@') > 0) {
            loose(written, said);
        } else if (separator == ',' && !quoted && nextHasAngle()) {
            // "Doe, John <john@example.org>" without the quotes it needs.
            phrase.append(", ");
            return;
        } else if (name.indexOf('@') >= 0) {
            add(name, ""); // what only an encoded word makes an address is a name
        } else {
            add(said, name);
        }
        reset();
    }

    private boolean nextHasAngle() {
        int comma = text.indexOf(',', at);
        int open = text.indexOf('<', at);
        return open >= 0 && (comma < 0 || open < comma);
    }

    /** "John Doe john@example.org": the last word with an at sign is the address. */
    private void loose(String text, String said) {
        var rest = new StringBuilder();
        String email = "";
        for (String word : text.split(" ", -1)) {
            boolean encoded = word.startsWith("=?") && word.endsWith("?=");
            if (word.indexOf('@') > 0 && !encoded) {
                email = word;
            } else {
                rest.append(rest.isEmpty() ? "" : " ").append(word);
            }
        }
        add(rest.isEmpty() ? said : HeaderDecoder.decode(rest.toString()), email);
    }

    private void add(String name, String email) {
        String address = HeaderDecoder.clean(email, 1000);
        if (address.startsWith("<") && address.endsWith(">") && address.length() > 2) {
            address = address.substring(1, address.length() - 1); // quoted together with the name
        }
        address = address.startsWith("\"") ? address : address.replace(" ", "");
        if (address.startsWith("'") && address.endsWith("'") && address.length() > 1) {
            address = address.substring(1, address.length() - 1);
        }
        String shown = name.length() > 1 && name.startsWith("'") && name.endsWith("'")
                ? name.substring(1, name.length() - 1)
                : name;
        found.add(new Address(shown.isBlank() ? null : shown.strip(), address));
    }

    private void reset() {
        phrase.setLength(0);
        comment.setLength(0);
        angle = null;
        quoted = false;
        spec = false;
    }
}
