package dev.valija.calendar;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A recurrence rule (RFC 5545 3.3.10).
 *
 * @param interval at least 1
 * @param count how often in all, or null
 * @param until the last possible time as written, or null
 * @param understood whether this is all of the rule; of others (times of the day, weeks or days of the year, other
 *     calendars) no occurrence is told
 */
record RecurrenceRule(
        Frequency frequency,
        int interval,
        @Nullable Integer count,
        @Nullable String until,
        List<Weekday> days,
        List<Integer> monthDays,
        List<Integer> months,
        List<Integer> positions,
        DayOfWeek weekStart,
        boolean understood) {

    private static final int LONGEST = 2_000;
    private static final int MOST_VALUES = 100;
    private static final Pattern WEEKDAY = Pattern.compile("([+-]?\\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)");
    private static final List<String> DAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    /** How often it comes. */
    enum Frequency {
        DAILY,
        WEEKLY,
        MONTHLY,
        YEARLY,
        /** More than once a day, or not said. */
        OTHER
    }

    /**
     * A day of the week.
     *
     * @param ordinal which one of its month or year, negative from the end; 0 for each
     */
    record Weekday(int ordinal, DayOfWeek day) {
        String code() {
            return DAYS.get(day.getValue() - 1);
        }
    }

    static RecurrenceRule parse(String text) {
        return text.length() > LONGEST ? unknown() : new Parser(text).rule();
    }

    private static RecurrenceRule unknown() {
        return new RecurrenceRule(
                Frequency.OTHER, 1, null, null, List.of(), List.of(), List.of(), List.of(), DayOfWeek.MONDAY, false);
    }

    /** The parts of a rule, and whether each of them made sense. */
    private static final class Parser {
        private final Map<String, String> parts = new HashMap<>();
        private boolean understood = true;

        Parser(String text) {
            for (String part : text.strip().toUpperCase(Locale.ROOT).split(";", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    parts.put(part.substring(0, equals), part.substring(equals + 1));
                }
            }
        }

        RecurrenceRule rule() {
            var frequency = frequency(parts.remove("FREQ"));
            int interval = number(parts.remove("INTERVAL"), 1);
            String times = parts.remove("COUNT");
            var until = parts.remove("UNTIL");
            var days = days(parts.remove("BYDAY"), frequency);
            var monthDays = numbers(parts.remove("BYMONTHDAY"), 31);
            var months = numbers(parts.remove("BYMONTH"), 12);
            var positions = numbers(parts.remove("BYSETPOS"), 366);
            var weekStart = weekStart(parts.remove("WKST"));
            Integer count = times == null ? null : (Integer) number(times, 1);
            boolean known = understood
                    && parts.isEmpty()
                    && frequency != Frequency.OTHER
                    && months.stream().allMatch(m -> m > 0);
            return new RecurrenceRule(
                    frequency, interval, count, until, days, monthDays, months, positions, weekStart, known);
        }

        private static Frequency frequency(@Nullable String text) {
            return switch (text == null ? "" : text) {
                case "DAILY" -> Frequency.DAILY;
                case "WEEKLY" -> Frequency.WEEKLY;
                case "MONTHLY" -> Frequency.MONTHLY;
                case "YEARLY" -> Frequency.YEARLY;
                default -> Frequency.OTHER;
            };
        }

        private int number(@Nullable String text, int otherwise) {
            if (text == null) {
                return otherwise;
            }
            if (text.matches("0*[1-9]\\d{0,3}")) {
                return Integer.parseInt(text);
            }
            understood = false;
            return otherwise;
        }

        private List<Integer> numbers(@Nullable String text, int most) {
            var numbers = new ArrayList<Integer>();
            for (String number : list(text)) {
                if (number.matches("[+-]?\\d{1,3}")
                        && Integer.parseInt(number) != 0
                        && Math.abs(Integer.parseInt(number)) <= most) {
                    numbers.add(Integer.parseInt(number));
                } else {
                    understood = false;
                }
            }
            return numbers.stream().distinct().toList();
        }

        /** RFC 5545 3.3.10: a day may be counted within months and years only. */
        private List<Weekday> days(@Nullable String text, Frequency frequency) {
            var days = new ArrayList<Weekday>();
            boolean counted = frequency == Frequency.MONTHLY || frequency == Frequency.YEARLY;
            for (String day : list(text)) {
                var match = WEEKDAY.matcher(day);
                if (!match.matches()) {
                    understood = false;
                    continue;
                }
                int ordinal = match.group(1) == null ? 0 : Integer.parseInt(match.group(1));
                understood &= (ordinal == 0 || counted) && Math.abs(ordinal) <= 53;
                days.add(new Weekday(ordinal, DayOfWeek.of(DAYS.indexOf(match.group(2)) + 1)));
            }
            return days.stream().distinct().toList();
        }

        private DayOfWeek weekStart(@Nullable String text) {
            int at = DAYS.indexOf(text == null ? "MO" : text);
            understood &= at >= 0;
            return DayOfWeek.of(Math.max(at, 0) + 1);
        }

        private List<String> list(@Nullable String text) {
            if (text == null) {
                return List.of();
            }
            var values = List.of(text.split(",", MOST_VALUES + 1));
            if (values.size() > MOST_VALUES) {
                understood = false;
                return List.of();
            }
            return values;
        }
    }
}
