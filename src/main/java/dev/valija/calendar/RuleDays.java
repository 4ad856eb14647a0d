package dev.valija.calendar;

import dev.valija.calendar.RecurrenceRule.Weekday;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The days that a rule names, one period (day, week, month or year) after another (RFC 5545 3.3.10). */
final class RuleDays {
    private final RecurrenceRule rule;
    private final LocalDate start;

    RuleDays(RecurrenceRule rule, LocalDate start) {
        this.rule = rule;
        this.start = start;
    }

    /** The days of the period that many intervals after the first one, in order; some may lie before the start. */
    List<LocalDate> of(long intervals) {
        long periods = intervals * rule.interval();
        var days = new TreeSet<LocalDate>();
        switch (rule.frequency()) {
            case DAILY -> days.add(start.plusDays(periods));
            case WEEKLY -> week(start.plusWeeks(periods), days);
            case MONTHLY -> month(YearMonth.from(start).plusMonths(periods), days);
            case YEARLY -> year(Math.toIntExact(start.getYear() + periods), days);
            case OTHER -> throw new IllegalStateException("not understood");
        }
        days.removeIf(day -> !isWanted(day));
        return positioned(List.copyOf(days));
    }

    private void week(LocalDate within, Set<LocalDate> days) {
        var first = within.with(TemporalAdjusters.previousOrSame(rule.weekStart()));
        for (int i = 0; i < 7; i++) {
            var day = first.plusDays(i);
            boolean named = rule.days().isEmpty()
                    ? day.getDayOfWeek() == start.getDayOfWeek()
                    : rule.days().stream().anyMatch(weekday -> weekday.day() == day.getDayOfWeek());
            if (named) {
                days.add(day);
            }
        }
    }

    private void month(YearMonth month, Set<LocalDate> days) {
        if (!rule.monthDays().isEmpty()) {
            for (int number : rule.monthDays()) {
                int day = number > 0 ? number : month.lengthOfMonth() + 1 + number;
                if (day >= 1 && day <= month.lengthOfMonth()) {
                    days.add(month.atDay(day));
                }
            }
        } else if (!rule.days().isEmpty()) {
            rule.days().forEach(weekday -> weekdays(weekday, month.atDay(1), month.atEndOfMonth(), days));
        } else if (start.getDayOfMonth() <= month.lengthOfMonth()) {
            days.add(month.atDay(start.getDayOfMonth()));
        }
    }

    private void year(int year, Set<LocalDate> days) {
        boolean byMonthDay = !rule.monthDays().isEmpty();
        if (rule.months().isEmpty() && !byMonthDay && !rule.days().isEmpty()) {
            var first = LocalDate.of(year, 1, 1);
            rule.days().forEach(weekday -> weekdays(weekday, first, LocalDate.of(year, 12, 31), days));
            return;
        }
        var months = !rule.months().isEmpty()
                ? rule.months()
                : byMonthDay ? IntStream.rangeClosed(1, 12).boxed().toList() : List.of(start.getMonthValue());
        months.forEach(month -> month(YearMonth.of(year, month), days));
    }

    /** Each such weekday of a stretch, or the one that is counted. */
    private static void weekdays(Weekday weekday, LocalDate first, LocalDate last, Set<LocalDate> days) {
        int ordinal = weekday.ordinal();
        if (ordinal < 0) {
            var day = last.with(TemporalAdjusters.previousOrSame(weekday.day())).plusWeeks(ordinal + 1);
            if (!day.isBefore(first)) {
                days.add(day);
            }
            return;
        }
        var day = first.with(TemporalAdjusters.nextOrSame(weekday.day())).plusWeeks(Math.max(0, ordinal - 1));
        for (; !day.isAfter(last); day = day.plusWeeks(1)) {
            days.add(day);
            if (ordinal > 0) {
                return;
            }
        }
    }

    /** What limits rather than names. */
    private boolean isWanted(LocalDate day) {
        return (rule.months().isEmpty() || rule.months().contains(day.getMonthValue()))
                && (rule.monthDays().isEmpty() || isWantedMonthDay(day))
                && (rule.days().isEmpty() || isWantedWeekday(day));
    }

    private boolean isWantedMonthDay(LocalDate day) {
        return rule.monthDays().contains(day.getDayOfMonth())
                || rule.monthDays().contains(day.getDayOfMonth() - day.lengthOfMonth() - 1);
    }

    /** Days that are counted were counted already; together with days of the month only the weekday matters. */
    private boolean isWantedWeekday(LocalDate day) {
        return rule.days().stream().anyMatch(weekday -> weekday.day() == day.getDayOfWeek());
    }

    private List<LocalDate> positioned(List<LocalDate> days) {
        if (rule.positions().isEmpty()) {
            return days;
        }
        var chosen = new TreeSet<LocalDate>();
        for (int position : rule.positions()) {
            int at = position > 0 ? position - 1 : days.size() + position;
            if (at >= 0 && at < days.size()) {
                chosen.add(days.get(at));
            }
        }
        return new ArrayList<>(chosen);
    }

    /** Whether periods that late are still in the calendar. */
    boolean isWithin(long intervals, LocalDate last) {
        long periods = intervals * rule.interval();
        try {
            var from = switch (rule.frequency()) {
                case DAILY -> start.plusDays(periods);
                case WEEKLY -> start.plusWeeks(periods).minusDays(6);
                case MONTHLY -> start.withDayOfMonth(1).plusMonths(periods);
                case YEARLY -> start.withDayOfYear(1).plus(periods, ChronoUnit.YEARS);
                case OTHER -> last.plusDays(1);
            };
            return !from.isAfter(last);
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }
}
