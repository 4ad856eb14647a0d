package dev.valija.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.fortuna.ical4j.model.Recur;
import org.junit.jupiter.api.Test;

/** Rules at random, expanded by us and by ical4j. */
class SeriesAgainstIcal4jTests {
    private static final int RULES = 2_000;
    private static final String[] DAYS = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

    private final Random random = new Random(4);

    @Test
    void ourOccurrencesAreTheirs() {
        int compared = 0;
        for (int i = 0; i < RULES; i++) {
            var start = LocalDateTime.of(2024, 1, 1, 10, 0).plusDays(random.nextInt(800));
            var rule = rule();
            var theirs = theirs(start, rule);
            if (theirs.isEmpty() || !theirs.getFirst().equals(start)) {
                continue; // RFC 5545 3.8.5.3: what follows from a start that its rule does not name is undefined
            }
            compared++;
            assertThat(ours(start, rule)).as("%s from %s", rule, start).isEqualTo(theirs);
        }
        assertThat(compared).isGreaterThan(200);
    }

    private static List<LocalDateTime> ours(LocalDateTime start, String rule) {
        var series = new Series(new Moment(start, false, Zone.floating()), RecurrenceRule.parse(rule));
        return series.next(Instant.EPOCH, 15).stream().map(Moment::local).toList();
    }

    private static List<LocalDateTime> theirs(LocalDateTime start, String rule) {
        var recur = new Recur<LocalDateTime>(rule);
        return recur.getDates(start, start, start.plusYears(60)).stream()
                .limit(15)
                .toList();
    }

    private String rule() {
        var parts = new ArrayList<String>();
        String frequency = List.of("DAILY", "WEEKLY", "MONTHLY", "YEARLY").get(random.nextInt(4));
        parts.add("FREQ=" + frequency);
        parts.add(
                "WKST=" + (random.nextBoolean() ? "MO" : "SU")); // without, ical4j takes that of the machine's country
        maybe(2, () -> parts.add("INTERVAL=" + (1 + random.nextInt(4))));
        boolean byMonthDay = random.nextInt(3) == 0 && !frequency.equals("WEEKLY");
        // Without a month ical4j takes days of the month for those of one month of the year, RFC 5545 3.3.10 of all.
        maybe(
                frequency.equals("YEARLY") && byMonthDay ? 1 : 4,
                () -> parts.add("BYMONTH=" + some(() -> 1 + random.nextInt(12))));
        boolean monthly = frequency.equals("MONTHLY") || frequency.equals("YEARLY");
        if (byMonthDay) {
            parts.add("BYMONTHDAY=" + some(() -> monthDay()));
        } else {
            maybe(2, () -> parts.add("BYDAY=" + some(() -> ordinal(monthly) + DAYS[random.nextInt(7)])));
        }
        if (monthly && parts.size() > 3) {
            maybe(4, () -> parts.add("BYSETPOS=" + List.of("1", "-1", "2").get(random.nextInt(3))));
        }
        maybe(3, () -> parts.add("COUNT=" + (1 + random.nextInt(10))));
        return String.join(";", parts);
    }

    private String ordinal(boolean allowed) {
        return allowed && random.nextBoolean()
                ? List.of("1", "2", "-1", "-2", "4").get(random.nextInt(5))
                : "";
    }

    private int monthDay() {
        return random.nextInt(4) == 0 ? -1 - random.nextInt(3) : 1 + random.nextInt(31);
    }

    private void maybe(int oneIn, Runnable then) {
        if (random.nextInt(oneIn) == 0) {
            then.run();
        }
    }

    private String some(java.util.function.Supplier<Object> value) {
        var values = new ArrayList<String>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            var next = value.get().toString();
            if (!values.contains(next)) {
                values.add(next);
            }
        }
        return String.join(",", values);
    }
}
