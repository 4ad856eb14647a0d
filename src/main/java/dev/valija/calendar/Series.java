package dev.valija.calendar;

import dev.valija.message.CpuBudget;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When an event comes again: its rule, the days added and left out, and what became of single ones (RFC 5545 3.8.5). It
 * is looked through within a fixed number of steps, whatever the rule says.
 */
final class Series {
    /** Every day for more than fifty years. */
    private static final int MOST_STEPS = 20_000;

    private static final int MOST_DATES = 500;
    private static final int FARTHEST_YEARS = 100;
    /** No clock is further from UTC, and a day that may still be going on began within it. */
    private static final Duration SLACK = Duration.ofDays(1);

    private final Moment start;
    private final RecurrenceRule rule;
    private final Set<LocalDateTime> left = new HashSet<>();
    private final TreeSet<LocalDateTime> added = new TreeSet<>();
    private final Map<LocalDateTime, @Nullable Moment> changed = new HashMap<>();

    Series(Moment start, RecurrenceRule rule) {
        this.start = start;
        this.rule = rule;
    }

    /** EXDATE: these do not take place. */
    void leaveOut(List<Moment> dates) {
        dates.stream().limit(MOST_DATES).map(this::local).forEach(left::add);
    }

    /** RDATE: these take place as well. */
    void add(List<Moment> dates) {
        dates.stream().limit(MOST_DATES).map(this::local).forEach(added::add);
    }

    /** One takes place at another time, or not at all. */
    void change(Moment from, @Nullable Moment to) {
        if (changed.size() < MOST_DATES) {
            changed.put(local(from), to);
        }
    }

    /** The next ones that begin at that time or later; none for a rule that is not understood. */
    List<Moment> next(Instant from, int most) {
        if (!rule.understood()) {
            return List.of();
        }
        var next = new TreeSet<>((Moment a, Moment b) -> sortKey(a).compareTo(sortKey(b)));
        changed.values().forEach(moment -> keep(next, moment, from));
        added.forEach(time -> keep(next, occurrence(time), from));
        // Where its clock is far from UTC, and where its day is over, is not worked out for what is long past.
        var early = LocalDateTime.ofInstant(from, ZoneOffset.UTC).minus(SLACK);
        walk(time -> {
            if (time.isBefore(early)) {
                return true;
            }
            keep(next, occurrence(time), from);
            return next.size() < most + changed.size() + added.size();
        });
        return next.stream().limit(most).toList();
    }

    /** Where somebody wants to go on. */
    @FunctionalInterface
    private interface Visitor {
        boolean visit(LocalDateTime time);
    }

    private void walk(Visitor visitor) {
        var days = new RuleDays(rule, start.local().toLocalDate());
        var last = lastDay();
        var until = rule.until() == null ? null : Moment.parse(rule.until(), start.zone());
        int count = 1;
        if (!visitor.visit(start.local())) { // the start is the first one, whatever the rule says
            return;
        }
        int steps = 0;
        for (long interval = 0; steps < MOST_STEPS && days.isWithin(interval, last); interval++) {
            steps++;
            CpuBudget.check();
            for (LocalDate day : days.of(interval)) {
                steps++;
                var time = day.atTime(start.local().toLocalTime());
                if (!time.isAfter(start.local())) {
                    continue;
                }
                if (isOver(time, ++count, until) || !visitor.visit(time)) {
                    return;
                }
            }
        }
    }

    private boolean isOver(LocalDateTime time, int count, @Nullable Moment until) {
        if (rule.count() != null && count > rule.count()) {
            return true;
        }
        if (until == null) {
            return rule.until() != null; // an end nobody can read
        }
        var end = until.instant();
        if (end == null || start.wholeDay() || start.zone() instanceof Zone.Floating) {
            return until.wholeDay()
                    ? time.toLocalDate().isAfter(until.local().toLocalDate())
                    : time.isAfter(until.local());
        }
        var there = LocalDateTime.ofInstant(end, ZoneOffset.UTC);
        if (time.isBefore(there.minus(SLACK)) || time.isAfter(there.plus(SLACK))) {
            return time.isAfter(there);
        }
        var instant = start.zone().at(time);
        return instant != null && instant.isAfter(end);
    }

    private LocalDate lastDay() {
        return LocalDate.ofYearDay(Math.min(9998, start.local().getYear() + FARTHEST_YEARS), 1);
    }

    /** When the occurrence of that time takes place, or null. */
    private @Nullable Moment occurrence(LocalDateTime time) {
        return left.contains(time) || changed.containsKey(time) ? null : start.on(time);
    }

    private static void keep(Set<Moment> next, @Nullable Moment moment, Instant from) {
        if (moment == null) {
            return;
        }
        // Where its day is over is not known of a whole day or a floating time: it counts for a day.
        var key = sortKey(moment);
        if (!(moment.instant() == null ? key.plus(Duration.ofDays(1)) : key).isBefore(from)) {
            next.add(moment);
        }
    }

    /** Whole days and floating times have no instant; for their order UTC will do. */
    private static Instant sortKey(Moment moment) {
        var instant = moment.instant();
        if (instant != null) {
            return instant;
        }
        var at = Zone.utc().at(moment.local());
        return at == null ? Instant.EPOCH : at;
    }

    /** A time of the file as the local time of the series; a day stands for what begins on it. */
    private LocalDateTime local(Moment moment) {
        return moment.wholeDay()
                ? moment.local().toLocalDate().atTime(start.local().toLocalTime())
                : start.zone().localOf(moment);
    }

    /** The dates of an EXDATE or RDATE; of a period its beginning. */
    static List<Moment> dates(List<Property> properties, Zones zones) {
        var dates = new ArrayList<Moment>();
        for (var property : properties) {
            var zone = zones.find(property.parameter("TZID"));
            for (String date : property.value().split(",", MOST_DATES)) {
                var moment = Moment.parse(date.strip().split("/", 2)[0], zone);
                if (moment != null && dates.size() < MOST_DATES) {
                    dates.add(moment);
                }
            }
        }
        return dates;
    }
}
