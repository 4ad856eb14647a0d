package dev.valija.message;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A calendar object that a message is about (RFC 6047 2): it goes as one more form of the text.
 *
 * @param method of the object, such as {@code REPLY}
 * @param text the object, lines ended by CRLF
 */
public record OutgoingCalendar(String method, String text) implements OutgoingObject {
    private static final Pattern METHOD = Pattern.compile("[A-Z-]{1,30}");

    public OutgoingCalendar {
        method = method.toUpperCase(Locale.ROOT);
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("the calendar's method");
        }
    }
}
