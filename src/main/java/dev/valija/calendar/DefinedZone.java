package dev.valija.calendar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time zone as a file defines it (RFC 5545 3.6.5): what the last change of the clock says, holds. Only the years around
 * the time asked for are looked at, whatever the rules are; ICU's reader lists every change there ever is, for minutes.
 */
record DefinedZone(List<Observance> observances) {
    private static final int MOST_OBSERVANCES = 30;
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d\\d)(\\d\\d)(?:\\d\\d)?");

    /** A STANDARD or DAYLIGHT part: from when on the clock is so. */
    record Observance(
            LocalDateTime start,
            ZoneOffset from,
            ZoneOffset to,
            @Nullable YearlyChange yearly,
            List<LocalDateTime> dates) {

        /** Its last beginning that is not after that time, as the clock showed it before; null where there is none. */
        @Nullable
        LocalDateTime lastBefore(LocalDateTime bound) {
            var last = yearly == null ? null : yearly.lastBefore(bound);
            for (var date : dates) {
                if (!date.isAfter(bound) && (last == null || date.isAfter(last))) {
                    last = date;
                }
            }
            return last == null && !start.isAfter(bound) ? start : last;
        }
    }

    /** Reads a VTIMEZONE; empty for one that tells nothing. */
    static Optional<DefinedZone> of(Component definition) {
        var observances = new ArrayList<Observance>();
        for (var part : definition.children().stream().limit(MOST_OBSERVANCES).toList()) {
            var start = part.first("DTSTART");
            var moment = start == null ? null : Moment.parse(start.value().strip(), Zone.floating());
            var from = offset(part.line("TZOFFSETFROM", 20));
            var to = offset(part.line("TZOFFSETTO", 20));
            var rule = part.first("RRULE");
            if (moment != null && to != null) {
                observances.add(new Observance(
                        moment.local(),
                        from == null ? to : from,
                        to,
                        rule == null
                                ? null
                                : YearlyChange.of(
                                        RecurrenceRule.parse(rule.value()), moment.local(), from == null ? to : from),
                        Series.dates(part.all("RDATE").toList(), Zones.none()).stream()
                                .map(Moment::local)
                                .toList()));
            }
        }
        return observances.isEmpty() ? Optional.empty() : Optional.of(new DefinedZone(List.copyOf(observances)));
    }

    private static @Nullable ZoneOffset offset(String text) {
        var match = OFFSET.matcher(text.strip());
        if (!match.matches()) {
            return null;
        }
        try {
            int sign = match.group(1).equals("-") ? -1 : 1;
            return ZoneOffset.ofHoursMinutes(
                    sign * Integer.parseInt(match.group(2)), sign * Integer.parseInt(match.group(3)));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The offset of a local time: in the hour that is left out that of before, in one that is there twice the first. */
    ZoneOffset at(LocalDateTime local) {
        @Nullable Observance holds = null;
        var since = LocalDateTime.MIN;
        for (var observance : observances) {
            var begins = observance.lastBefore(local);
            if (begins != null && begins.isAfter(since)) {
                since = begins;
                holds = observance;
            }
        }
        if (holds == null) {
            return observances.getFirst().from();
        }
        int leap = holds.to().getTotalSeconds() - holds.from().getTotalSeconds();
        return local.isBefore(since.plusSeconds(leap)) ? holds.from() : holds.to();
    }

    /** The offset then. */
    ZoneOffset at(Instant instant) {
        @Nullable Observance holds = null;
        var since = Instant.MIN;
        for (var observance : observances) {
            var begins = observance.lastBefore(LocalDateTime.ofInstant(instant, observance.from()));
            if (begins != null && begins.toInstant(observance.from()).isAfter(since)) {
                since = begins.toInstant(observance.from());
                holds = observance;
            }
        }
        return holds == null ? observances.getFirst().from() : holds.to();
    }
}
