package dev.valija.calendar;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A DATE or DATE-TIME of a calendar file (RFC 5545 3.3.4, 3.3.5).
 *
 * @param local midnight for a whole day
 */
record Moment(LocalDateTime local, boolean wholeDay, Zone zone) {
    private static final Pattern FORM = Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)(?:T(\\d\\d)(\\d\\d)(\\d\\d)?(Z)?)?");
    private static final Pattern DURATION = Pattern.compile(
            "\\+?P(?:(\\d{1,4})W)?(?:(\\d{1,5})D)?(?:T(?:(\\d{1,6})H)?(?:(\\d{1,7})M)?(?:(\\d{1,8})S)?)?");

    /** The property's time, or null where it has none. */
    static @Nullable Moment of(@Nullable Property property, Zones zones) {
        return property == null ? null : parse(property.value().strip(), zones.find(property.parameter("TZID")));
    }

    static @Nullable Moment parse(String text, Zone zone) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return null;
        }
        try {
            var day = LocalDate.of(
                    Integer.parseInt(match.group(1)),
                    Integer.parseInt(match.group(2)),
                    Integer.parseInt(match.group(3)));
            if (day.getYear() < 1) {
                return null;
            }
            if (match.group(4) == null) {
                return new Moment(day.atStartOfDay(), true, Zone.floating());
            }
            int second = match.group(6) == null ? 0 : Integer.parseInt(match.group(6));
            var time = day.atTime(
                    Integer.parseInt(match.group(4)), Integer.parseInt(match.group(5)), Math.min(second, 59));
            return new Moment(time, false, match.group(7) == null ? zone : Zone.utc());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** When that is, or null for a whole day and a floating time. */
    @Nullable
    Instant instant() {
        return wholeDay ? null : zone.at(local);
    }

    /** The same in another place of the calendar: a later occurrence. */
    Moment on(LocalDateTime other) {
        return new Moment(other, wholeDay, zone);
    }

    /** The moment a DURATION later (RFC 5545 3.3.6): days are days, hours are hours; null for what is no duration. */
    @Nullable
    Moment after(String duration) {
        var match = DURATION.matcher(duration.strip());
        if (!match.matches()) {
            return null;
        }
        var days = local.plusDays(number(match.group(1)) * 7 + number(match.group(2)));
        var time = Duration.ofHours(number(match.group(3)))
                .plusMinutes(number(match.group(4)))
                .plusSeconds(number(match.group(5)));
        if (days.getYear() > 9000) {
            return null;
        }
        return new Moment(time.isZero() ? days : zone.later(days, time), wholeDay, zone);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
