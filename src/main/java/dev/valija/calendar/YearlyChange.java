package dev.valija.calendar;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change of the clock that comes by a rule. A series asks for the same years again and again: each is worked out once. */
final class YearlyChange {
    private static final int MOST_YEARS = 5;
    /** A series goes forward: years that it has left behind are not kept. */
    private static final int MOST_KEPT = 3 * MOST_YEARS;

    private final RecurrenceRule rule;
    private final LocalDateTime start;
    private final @Nullable LocalDateTime end;
    private final RuleDays days;
    private final Map<Integer, List<LocalDate>> kept = new HashMap<>();

    /**
     * The change, or null for a rule that is none of a year or not understood.
     *
     * @param before the offset until then
     */
    static @Nullable YearlyChange of(RecurrenceRule rule, LocalDateTime start, ZoneOffset before) {
        return rule.understood() && rule.frequency() == RecurrenceRule.Frequency.YEARLY
                ? new YearlyChange(rule, start, end(rule, before))
                : null;
    }

    private YearlyChange(RecurrenceRule rule, LocalDateTime start, @Nullable LocalDateTime end) {
        this.rule = rule;
        this.start = start;
        this.end = end;
        this.days = new RuleDays(rule, start.toLocalDate());
    }

    private static @Nullable LocalDateTime end(RecurrenceRule rule, ZoneOffset before) {
        String until = rule.until();
        var moment = until == null ? null : Moment.parse(until, Zone.floating());
        if (moment == null) {
            return null;
        }
        var instant = moment.instant();
        return instant == null ? moment.local() : LocalDateTime.ofInstant(instant, before);
    }

    /** The last one that is not after that time, as the clock showed it before; null where there is none. */
    @Nullable
    LocalDateTime lastBefore(LocalDateTime bound) {
        var last = end != null && end.isBefore(bound) ? end : bound;
        for (int year = last.getYear(); year > last.getYear() - MOST_YEARS && year >= start.getYear(); year--) {
            for (LocalDate day : days(year).reversed()) {
                var time = day.atTime(start.toLocalTime());
                if (!time.isAfter(last)) {
                    return time.isBefore(start) ? null : time;
                }
            }
        }
        return null;
    }

    private List<LocalDate> days(int year) {
        int years = year - start.getYear();
        if (years % rule.interval() != 0) {
            return List.of();
        }
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        return kept.computeIfAbsent(year, ignored -> days.of(years / rule.interval()));
    }
}
