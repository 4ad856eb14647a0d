package dev.valija.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the date-time that nearly all mail has (RFC 5322 3.3), {@code Wed, 10 Sep 2025 22:26:10 +0900}, letter by
 * letter: a general parser costs more than all the rest of a list's row.
 */
final class UsualDate {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private final String text;
    private int at;
    private boolean fits = true;

    private UsualDate(String text) {
        this.text = text;
    }

    /** The instant, or null for any other form. */
    static @Nullable Instant parse(String text) {
        return new UsualDate(text).parse();
    }

    private @Nullable Instant parse() {
        word();
        take(',');
        take(' ');
        int day = at + 1 < text.length() && text.charAt(at + 1) == ' ' ? number(1) : number(2);
        take(' ');
        int month = MONTHS.indexOf(word()) + 1;
        take(' ');
        int year = number(4);
        take(' ');
        int hour = number(2);
        take(':');
        int minute = number(2);
        take(':');
        int second = number(2);
        take(' ');
        int sign = at < text.length() && text.charAt(at) == '-' ? -1 : 1;
        take(sign < 0 ? '-' : '+');
        int zoneHours = number(2);
        int zoneMinutes = number(2);
        if (at < text.length()) {
            take(' '); // a comment follows
        }
        if (!fits) {
            return null;
        }
        try {
            return LocalDateTime.of(year, month, day, hour, minute, second)
                    .toInstant(ZoneOffset.ofHoursMinutes(sign * zoneHours, sign * zoneMinutes));
        } catch (DateTimeException e) {
            return null; // no such day, or second 60
        }
    }

    private void take(char c) {
        fits = fits && at < text.length() && text.charAt(at) == c;
        at++;
    }

    /** Three letters, in lower case. */
    private String word() {
        int end = Math.min(at + 3, text.length());
        var word = text.substring(Math.min(at, end), end).toLowerCase(Locale.ROOT);
        at += 3;
        return word;
    }

    private int number(int digits) {
        int number = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < text.length() ? text.charAt(at) - '0' : -1;
            fits = fits && digit >= 0 && digit <= 9;
            number = number * 10 + digit;
        }
        return number;
    }
}
