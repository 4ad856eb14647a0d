package dev.valija.calendar;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.calendar.InvitationReplies.Kept;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An invitation as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record InvitationView(
        String method,
        String uid,
        long sequence,
        boolean cancelled,
        boolean updated,
        String summary,
        String location,
        String description,
        boolean allDay,
        @Nullable Time start,
        @Nullable Time end,
        @Nullable Time occurrence,
        @Nullable Recurrence recurrence,
        List<Time> next,
        @Nullable Person organizer,
        List<Person> attendees,
        int attendeeTotal,
        int moreEvents,
        @Nullable String me,
        boolean replyable,
        @Nullable Reply reply) {

    private static final int MOST_NEXT = 3;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    /** A time as written in its zone, and when that is. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Time(
            String local,
            @Nullable Instant instant,
            @Nullable String zone) {
        static @Nullable Time of(@Nullable Moment moment) {
            return moment == null ? null : at(moment, moment.local());
        }

        /** Of whole days the last one: who reads it should not have to count. */
        static @Nullable Time ofEnd(@Nullable Moment end) {
            return end == null || !end.wholeDay()
                    ? of(end)
                    : at(end, end.local().minusDays(1));
        }

        private static Time at(Moment moment, LocalDateTime local) {
            return new Time(
                    (moment.wholeDay() ? DAY : TIME).format(local),
                    moment.instant(),
                    moment.wholeDay() ? null : moment.zone().name());
        }
    }

    /** A recurrence rule in its parts: clients word it. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Recurrence(
            String frequency,
            int interval,
            @Nullable Integer count,
            @Nullable String until,
            List<Weekday> days,
            List<Integer> monthDays,
            List<Integer> months,
            List<Integer> positions,
            boolean understood) {

        /** A day of the week, and which one of its month or year; 0 for each. */
        record Weekday(String day, int ordinal) {}

        static @Nullable Recurrence of(@Nullable RecurrenceRule rule, @Nullable Moment start) {
            if (rule == null) {
                return null;
            }
            return new Recurrence(
                    rule.frequency().name().toLowerCase(Locale.ROOT),
                    rule.interval(),
                    rule.count(),
                    start == null ? null : until(rule, start),
                    rule.days().stream()
                            .map(day -> new Weekday(day.code(), day.ordinal()))
                            .toList(),
                    rule.monthDays(),
                    rule.months(),
                    rule.positions(),
                    rule.understood());
        }

        /** The last day, where the series is. */
        private static @Nullable String until(RecurrenceRule rule, Moment start) {
            var text = rule.until();
            var until = text == null ? null : Moment.parse(text, start.zone());
            return until == null ? null : DAY.format(start.zone().localOf(until));
        }
    }

    /** Somebody named in the event. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Person(@Nullable String name, String email, String status, String role, String kind) {
        static @Nullable Person of(@Nullable Participant person) {
            return person == null
                    ? null
                    : new Person(person.name(), person.email(), person.status(), person.role(), person.kind());
        }
    }

    /** What the user answered last. */
    record Reply(String status, Instant repliedAt, String submissionId, boolean outdated) {}

    static InvitationView of(Invitation invitation, @Nullable Participant me, boolean replyable, @Nullable Kept kept) {
        var start = invitation.start();
        var series = invitation.series();
        return new InvitationView(
                invitation.method().name().toLowerCase(Locale.ROOT),
                ShownText.line(invitation.uid(), 1000),
                invitation.sequence(),
                invitation.cancelled(),
                invitation.method() == Invitation.Method.REQUEST && invitation.sequence() > 0,
                invitation.summary(),
                invitation.location(),
                invitation.description(),
                start != null && start.wholeDay(),
                Time.of(start),
                Time.ofEnd(invitation.end()),
                Time.of(invitation.occurrence()),
                Recurrence.of(invitation.rule(), start),
                series == null || invitation.cancelled()
                        ? List.of()
                        : series.next(Instant.now(), MOST_NEXT).stream()
                                .map(moment -> Time.at(moment, moment.local()))
                                .toList(),
                Person.of(invitation.organizer()),
                invitation.attendees().stream().map(Person::of).toList(),
                invitation.attendeeTotal(),
                invitation.moreEvents(),
                me == null ? null : me.email(),
                replyable,
                kept == null
                        ? null
                        : new Reply(
                                kept.status(),
                                kept.repliedAt(),
                                kept.submissionId(),
                                kept.sequence() < invitation.sequence()));
    }
}
