package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of a response: atoms as String, strings and literals as byte[], lists as List, NIL as null
 * (RFC 9051 4). It never reads past the end, whatever the server wrote.
 */
final class Tokens {
    private static final int DEEPEST = 100;
    /** A structure of 2,000 parts has 40,000; each takes some fifty octets where it may have had two on the wire. */
    private static final int MOST_VALUES = 100_000;

    private final byte[] octets;
    private final int end;
    private int at;
    private int values;

    Tokens(byte[] octets, int start, int end) {
        this.octets = octets;
        this.at = start;
        this.end = Math.min(end, octets.length);
    }

    /** Consumes a character, after any blanks, when it is next. */
    boolean take(char c) {
        skipBlanks();
        if (at < end && octets[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    boolean ended() {
        skipBlanks();
        return at >= end;
    }

    /** A run of characters up to a blank, a bracket or a quote; may be empty. */
    String atom() {
        skipBlanks();
        int start = at;
        while (at < end && " ()[]\"{\r\n".indexOf(octets[at]) < 0) {
            at++;
        }
        return ascii(start, at);
    }

    /** The name of a FETCH item with its section, as in {@code BODY[HEADER.FIELDS (DATE)]<0>}, in upper case. */
    String itemName() {
        skipBlanks();
        int start = at;
        while (at < end && " ([".indexOf(octets[at]) < 0) {
            at++;
        }
        if (at < end && octets[at] == '[') {
            while (at < end && octets[at] != ']') {
                at++;
            }
            // GreenMail leaves out the blank before the value.
            while (at < end && " ({\"".indexOf(octets[at]) < 0) {
                at++;
            }
        }
        return ascii(start, at).toUpperCase(Locale.ROOT);
    }

    long number() {
        String digits = atom();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    /** Any value. */
    @Nullable
    Object value() {
        return value(0);
    }

    private @Nullable Object value(int depth) {
        skipBlanks();
        if (at >= end || depth > DEEPEST || ++values > MOST_VALUES) {
            throw malformed();
        }
        return switch (octets[at]) {
            case '(' -> list(depth);
            case '"' -> quoted();
            case '{' -> literal();
            default -> atomOrNil();
        };
    }

    private @Nullable String atomOrNil() {
        int start = at;
        String atom = atom();
        if (at == start) {
            at++; // a stray bracket; pass over it
        }
        return atom.equalsIgnoreCase("NIL") ? null : atom;
    }

    private List<@Nullable Object> list(int depth) {
        at++;
        var values = new ArrayList<@Nullable Object>();
        while (!take(')')) {
            values.add(value(depth + 1));
        }
        return values;
    }

    private byte[] quoted() {
        at++;
        int start = at;
        boolean escaped = false;
        while (at < end && octets[at] != '"') {
            if (octets[at] == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        if (at >= end) {
            throw malformed();
        }
        byte[] inside = Arrays.copyOfRange(octets, start, at++);
        return escaped ? unescaped(inside) : inside;
    }

    private static byte[] unescaped(byte[] quoted) {
        int length = 0;
        for (int i = 0; i < quoted.length; i++) {
            if (quoted[i] == '\\' && i + 1 < quoted.length) {
                i++;
            }
            quoted[length++] = quoted[i];
        }
        return Arrays.copyOf(quoted, length);
    }

    private byte[] literal() {
        int close = at;
        while (close < end && octets[close] != '}') {
            close++;
        }
        long size = -1;
        try {
            size = Long.parseLong(ascii(at + 1, close).replace("+", ""));
        } catch (NumberFormatException e) {
            throw malformed();
        }
        int start = close + 3; // "}", CR, LF
        if (size < 0 || start + size > end) {
            throw malformed();
        }
        at = start + (int) size;
        return Arrays.copyOfRange(octets, start, at);
    }

    /** Everything up to the end, as text. */
    String rest() {
        skipBlanks();
        return new String(octets, at, end - at, StandardCharsets.UTF_8);
    }

    private void skipBlanks() {
        while (at < end && octets[at] == ' ') {
            at++;
        }
    }

    private String ascii(int from, int to) {
        return new String(octets, from, Math.max(0, Math.min(to, end) - from), StandardCharsets.ISO_8859_1);
    }

    static UpstreamException malformed() {
        return new UpstreamException.ProtocolViolation("The server's answer cannot be understood.", null);
    }

    /** A string or atom as octets; NIL and lists as none. */
    static byte[] octets(@Nullable Object value) {
        if (value instanceof byte[] string) {
            return string;
        }
        return value instanceof String atom ? atom.getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
    }

    /** A string or atom as ASCII text; NIL and lists as null. */
    static @Nullable String text(@Nullable Object value) {
        if (value instanceof byte[] string) {
            return new String(string, StandardCharsets.ISO_8859_1);
        }
        return value instanceof String atom ? atom : null;
    }

    /** A list; anything else as an empty one. */
    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** A number; anything else as the other one. */
    static long number(@Nullable Object value, long other) {
        try {
            return value instanceof String atom ? Long.parseLong(atom) : other;
        } catch (NumberFormatException e) {
            return other;
        }
    }
}
