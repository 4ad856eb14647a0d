package dev.valija.calendar;

import dev.valija.message.OutgoingCalendar;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to an invitation as a calendar object (RFC 5546 3.2.3, RFC 6047). Every value is escaped and folded
 * here: nothing of the invitation is copied as it stands.
 */
final class ReplyText {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
    private static final int LONGEST_LINE = 75;

    private final StringBuilder out = new StringBuilder();

    /**
     * The object.
     *
     * @param attendee who answers, as invited
     * @param comment on one line, or null
     */
    static OutgoingCalendar write(
            Invitation invitation, Participant attendee, ReplyStatus status, @Nullable String comment) {
        return new OutgoingCalendar("REPLY", new ReplyText().reply(invitation, attendee, status, comment));
    }

    private String reply(Invitation invitation, Participant attendee, ReplyStatus status, @Nullable String comment) {
        line("BEGIN", "VCALENDAR");
        line("PRODID", "-//Valija//Valija//EN");
        line("VERSION", "2.0");
        line("METHOD", "REPLY");
        line("BEGIN", "VEVENT");
        line("UID", escaped(invitation.uid()));
        line("SEQUENCE", Long.toString(invitation.sequence()));
        line("DTSTAMP", UTC.format(Instant.now()));
        moment("RECURRENCE-ID", invitation.occurrence());
        moment("DTSTART", invitation.start());
        moment("DTEND", invitation.end());
        if (!invitation.summary().isEmpty()) {
            line("SUMMARY", escaped(invitation.summary()));
        }
        var organizer = invitation.organizer();
        if (organizer != null) {
            line("ORGANIZER", "mailto:" + organizer.email());
        }
        String name = attendee.name();
        String cn = name == null ? "" : ";CN=\"" + name.replace("\"", "'") + "\"";
        line("ATTENDEE;PARTSTAT=" + status.name() + cn, "mailto:" + attendee.email());
        if (comment != null) {
            line("COMMENT", escaped(comment));
        }
        line("END", "VEVENT");
        line("END", "VCALENDAR");
        return out.toString();
    }

    /** In UTC wherever it can be told so, for then no time zone has to go along. */
    private void moment(String property, @Nullable Moment moment) {
        if (moment == null) {
            return;
        }
        var instant = moment.instant();
        if (moment.wholeDay()) {
            line(property + ";VALUE=DATE", DAY.format(moment.local()));
        } else {
            line(property, instant == null ? LOCAL.format(moment.local()) : UTC.format(instant));
        }
    }

    /** RFC 5545 3.3.11. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\n", "\\n");
    }

    /** One content line, folded at 75 octets, never within a character (RFC 5545 3.1). */
    private void line(String name, String value) {
        int octets = 0;
        for (int c : (name + ":" + value).codePoints().toArray()) {
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException("a control character in the calendar");
            }
            String character = Character.toString(c);
            int length = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > LONGEST_LINE) {
                out.append("\r\n ");
                octets = 1;
            }
            out.append(character);
            octets += length;
        }
        out.append("\r\n");
    }
}
