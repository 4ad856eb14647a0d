package dev.valija.message;

import java.util.Locale;

/**
 * A keyword of a message as RFC 8621 4.1.1 writes it: lower case, system keywords with a leading dollar sign.
 *
 * @param value 1 to 255 characters of printable ASCII without the atom-specials of RFC 9051; anything
 *     else is an IllegalArgumentException
 */
public record Keyword(String value) implements Comparable<Keyword> {
    public static final Keyword SEEN = new Keyword("$seen");
    public static final Keyword FLAGGED = new Keyword("$flagged");
    public static final Keyword ANSWERED = new Keyword("$answered");
    public static final Keyword DRAFT = new Keyword("$draft");
    public static final Keyword FORWARDED = new Keyword("$forwarded");
    public static final Keyword JUNK = new Keyword("$junk");
    public static final Keyword NOT_JUNK = new Keyword("$notjunk");
    /** The reader has answered, or refused to answer, the wish to be told (RFC 3503). */
    public static final Keyword MDN_SENT = new Keyword("$mdnsent");

    public static final Keyword FOLLOW_UP = new Keyword("$followup");
    /** It stays where it is: no rule takes it away. */
    public static final Keyword PINNED = new Keyword("$pinned");

    public static final Keyword SNOOZED = new Keyword("$snoozed");

    public Keyword {
        value = value.toLowerCase(Locale.ROOT);
        if (value.isEmpty() || value.length() > 255) {
            throw new IllegalArgumentException("a keyword has 1 to 255 characters");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || "(){]%*\"\\".indexOf(c) >= 0) {
                throw new IllegalArgumentException("a keyword holds no such character as U+%04X".formatted((int) c));
            }
        }
    }

    @Override
    public int compareTo(Keyword other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
