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
            + "(?:(\\d{1,2})[\\s-]+([a-z]{3})[a-z]*[\\s-]+(\\d{2,4})|([a-z]{3})[a-z]*\\s+(\\d{1,2}),?)\\s+"
            + "(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?\\s*(?:GMT|UTC)?\\s*([+-]\\d{2}:?\\d{2})?(?:.*?(\\d{4}))?.*");
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
        String text = HeaderDecoder.decode(body);
        Instant parsed = standard(text);
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
            boolean dayFirst = match.group(1) != null;
            int day = Integer.parseInt(dayFirst ? match.group(1) : match.group(5));
            String monthName = dayFirst ? match.group(2) : match.group(4);
            int month = MONTHS.indexOf(monthName.toLowerCase(Locale.ROOT)) + 1;
            String yearText = dayFirst ? match.group(3) : match.group(10);
            if (yearText == null) {
                return null;
            }
            int year = Integer.parseInt(yearText);
            // RFC 5322 4.3: two digits below 50 are of this century; two and three digits count from 1900.
            year += year < 50 ? 2000 : year < 1000 ? 1900 : 0;
            int second = match.group(8) == null ? 0 : Math.min(59, Integer.parseInt(match.group(8)));
            var local = LocalDateTime.of(
                    year, month, day, Integer.parseInt(match.group(6)), Integer.parseInt(match.group(7)), second);
            return local.toInstant(match.group(9) == null ? ZoneOffset.UTC : ZoneOffset.of(match.group(9)));
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
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
