package dev.valija.calendar;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a calendar file that came by mail says (RFC 5546), as text: the event, and what is asked or told about it.
 *
 * @param uid as in the file, unescaped
 * @param occurrence which one of a series is meant (RECURRENCE-ID), or null for all of it
 * @param end null where none is told; of whole days the first one after
 * @param attendees the first ones
 * @param attendeeTotal how many there are
 * @param moreEvents how many other events the file holds
 */
record Invitation(
        Method method,
        String uid,
        long sequence,
        boolean cancelled,
        String summary,
        String location,
        String description,
        @Nullable Moment start,
        @Nullable Moment end,
        @Nullable Moment occurrence,
        @Nullable RecurrenceRule rule,
        @Nullable Series series,
        @Nullable Participant organizer,
        List<Participant> attendees,
        int attendeeTotal,
        int moreEvents) {

    private static final int MOST_ATTENDEES = 100;
    private static final int LONGEST_LINE = 500;
    private static final int LONGEST_DESCRIPTION = 5_000;

    /** What the sender does (RFC 5546 1.4). */
    enum Method {
        REQUEST,
        CANCEL,
        REPLY,
        COUNTER,
        DECLINECOUNTER,
        PUBLISH,
        REFRESH,
        ADD,
        /** None is told: just a file. */
        NONE;

        static Method parse(String text) {
            return Stream.of(values())
                    .filter(method -> method.name().equals(text.strip().toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(NONE);
        }
    }

    /**
     * Reads a file; empty when it holds no event.
     *
     * @param charset the label the mail gives, or null
     */
    static Optional<Invitation> read(byte[] file, @Nullable String charset) {
        return CalendarReader.read(file, charset).flatMap(Invitation::of);
    }

    private static Optional<Invitation> of(Component calendar) {
        var events = calendar.children("VEVENT").toList();
        return events.stream()
                .filter(event -> event.first("RECURRENCE-ID") == null)
                .findFirst()
                .or(() -> events.stream().findFirst())
                .map(event -> of(calendar, event, events));
    }

    private static Invitation of(Component calendar, Component event, List<Component> events) {
        var zones = Zones.of(calendar);
        var method = Method.parse(calendar.line("METHOD", 40));
        var start = Moment.of(event.first("DTSTART"), zones);
        var rule = event.first("RRULE");
        var recurrence = rule == null ? null : RecurrenceRule.parse(rule.value());
        String uid = uid(event);
        var organizer = event.first("ORGANIZER");
        return new Invitation(
                method,
                uid,
                sequence(event),
                method == Method.CANCEL || event.line("STATUS", 40).equalsIgnoreCase("CANCELLED"),
                event.line("SUMMARY", LONGEST_LINE),
                event.line("LOCATION", LONGEST_LINE),
                description(event),
                start,
                end(event, start, zones),
                Moment.of(event.first("RECURRENCE-ID"), zones),
                recurrence,
                start == null || recurrence == null ? null : series(start, recurrence, event, events, zones),
                organizer == null ? null : Participant.of(organizer),
                event.all("ATTENDEE").limit(MOST_ATTENDEES).map(Participant::of).toList(),
                Math.toIntExact(event.all("ATTENDEE").count()),
                Math.toIntExact(
                        events.stream().filter(other -> !uid(other).equals(uid)).count()));
    }

    private static String uid(Component event) {
        var uid = event.first("UID");
        return uid == null ? "" : uid.text();
    }

    private static long sequence(Component event) {
        String text = event.line("SEQUENCE", 20);
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
    }

    private static String description(Component event) {
        var description = event.first("DESCRIPTION");
        return description == null ? "" : ShownText.lines(description.text(), LONGEST_DESCRIPTION);
    }

    /** RFC 5545 3.6.1: without an end a whole day lasts that day, and any other event has no length. */
    private static @Nullable Moment end(Component event, @Nullable Moment start, Zones zones) {
        if (start == null) {
            return null;
        }
        var end = Moment.of(event.first("DTEND"), zones);
        var duration = event.first("DURATION");
        if (end == null && duration != null) {
            end = start.after(duration.value());
        }
        // RFC 5545 3.8.2.2: later than the start; of whole days some mean the day itself.
        boolean same = end != null && start.wholeDay() && end.local().equals(start.local());
        if (end != null && !same && end.wholeDay() == start.wholeDay() && !isBefore(end, start)) {
            return end;
        }
        return start.wholeDay() ? start.on(start.local().plusDays(1)) : null;
    }

    private static boolean isBefore(Moment one, Moment other) {
        var a = one.instant();
        var b = other.instant();
        if (a == null || b == null) {
            return one.local().isBefore(other.local());
        }
        return a.isBefore(b);
    }

    private static Series series(
            Moment start, RecurrenceRule rule, Component event, List<Component> events, Zones zones) {
        var series = new Series(start, rule);
        series.leaveOut(Series.dates(event.all("EXDATE").toList(), zones));
        series.add(Series.dates(event.all("RDATE").toList(), zones));
        for (var other : events) {
            var from = Moment.of(other.first("RECURRENCE-ID"), zones);
            if (from != null && uid(other).equals(uid(event))) {
                boolean off = other.line("STATUS", 40).equalsIgnoreCase("CANCELLED");
                series.change(from, off ? null : Moment.of(other.first("DTSTART"), zones));
            }
        }
        return series;
    }

    /** The attendee of that address, the organizer not among them. */
    Optional<Participant> attendee(String email) {
        return attendees.stream().filter(attendee -> attendee.is(email)).findFirst();
    }

    boolean isOrganizedBy(String email) {
        return organizer != null && organizer.is(email);
    }

    /** The occurrence as a key: the same for the same one, however it is written; empty for the whole event. */
    String occurrenceKey() {
        return occurrence == null
                ? ""
                : Objects.toString(occurrence.instant(), occurrence.local().toString());
    }
}
