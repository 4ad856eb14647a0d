package dev.valija.message;

import jakarta.mail.internet.MailDateFormat;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes the Date field (RFC 5322 3.3, 4.3 and the forms seen in the wild). */
final class MessageDates {
    private static final Pattern LOOSE = Pattern.compile("(?i)(?:[a-z]{3,9},?\\s+)?"
            + "(?:(?<day>\\d{1,2})[\\s-]+(?<month>[a-z]{3})[a-z]*[\\s-]+(?<year>\\d{2,4})"
            + "|(?<usMonth>[a-z]{3})[a-z]*\\s+(?<usDay>\\d{1,2}),?(?:\\s+(?<usYear>\\d{4}),?)?)\\s+"
            + "(?<hour>\\d{1,2})[:.](?<minute>\\d{2})(?:[:.](?<second>\\d{2}))?\\s*(?<half>[ap]m)?\\s*(?:GMT|UTC)?"
            + "\\s*(?<zone>[+-]\\d{2}:?\\d{2})?(?:.*?(?<lastYear>\\d{4}))?.*");
    private static final Pattern COLON_IN_ZONE = Pattern.compile("(?<=:\\d\\d )([+-]\\d{2}):(\\d{2})(?!\\d)");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.US);
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /** The instant, or null for what is no date. */
    static @Nullable Instant parse(@Nullable String body) {
        if (body == null || body.isBlank() || body.length() > 500) {
            return null;
        }
        // RFC 5322 3.3 has no colon in a zone; without it taken out the zone would be passed over.
        String text = COLON_IN_ZONE.matcher(HeaderDecoder.decode(body)).replaceFirst("$1$2");
        Instant parsed = UsualDate.parse(text);
        if (parsed == null) {
            parsed = standard(text);
        }
        if (parsed == null) {
            parsed = loose(text);
        }
        if (parsed == null) {
            parsed = iso(text);
        }
        return parsed == null || parsed.isBefore(FIRST) || parsed.isAfter(LAST) ? null : parsed;
    }

    static String write(Instant date) {
        return WRITTEN.format(date.atOffset(ZoneOffset.UTC));
    }

    private static @Nullable Instant standard(String text) {
        try {
            return new MailDateFormat().parse(text).toInstant();
        } catch (ParseException | RuntimeException e) {
            return null; // not that form
        }
    }

    private static @Nullable Instant loose(String text) {
        var match = LOOSE.matcher(text);
        if (!match.matches()) {
            return null;
        }
        try {
            String day = either(match.group("day"), match.group("usDay"));
            String monthName = either(match.group("month"), match.group("usMonth"));
            String yearText = either(match.group("year"), either(match.group("usYear"), match.group("lastYear")));
            if (day == null || monthName == null || yearText == null) {
                return null;
            }
            int month = MONTHS.indexOf(monthName.toLowerCase(Locale.ROOT)) + 1;
            int year = Integer.parseInt(yearText);
            // RFC 5322 4.3: two digits below 50 are of this century; two and three digits count from 1900.
            year += year < 50 ? 2000 : year < 1000 ? 1900 : 0;
            int hour = Integer.parseInt(match.group("hour"));
            String half = match.group("half");
            if (half != null) {
                hour = hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0);
            }
            String second = match.group("second");
            var local = LocalDateTime.of(
                    year,
                    month,
                    Integer.parseInt(day),
                    hour,
                    Integer.parseInt(match.group("minute")),
                    second == null ? 0 : Math.min(59, Integer.parseInt(second)));
            String zone = match.group("zone");
            return local.toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String either(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    private static @Nullable Instant iso(String text) {
        try {
            return OffsetDateTime.parse(text.strip().replaceFirst("^(\\S+) (\\d)", "$1T$2"))
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private MessageDates() {}
}
