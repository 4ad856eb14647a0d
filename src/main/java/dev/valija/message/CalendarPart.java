package dev.valija.message;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The part of a message that is a calendar object (RFC 6047 2.4), or a calendar file that came along. */
public final class CalendarPart {

    /** The best such leaf: what is labelled as one before what is only named like one. */
    public static Optional<BodyPart> of(BodyPart structure) {
        return structure.leaves().filter(leaf -> rank(leaf) < 3).min(Comparator.comparingInt(CalendarPart::rank));
    }

    private static int rank(BodyPart leaf) {
        if (leaf.type().equals("text/calendar")) {
            return "attachment".equals(leaf.disposition()) ? 1 : 0;
        }
        String name = leaf.name() == null ? "" : leaf.name().toLowerCase(Locale.ROOT);
        boolean file = leaf.type().equals("application/ics") || name.endsWith(".ics");
        return file && !leaf.type().startsWith("message/") ? 2 : 3;
    }

    private CalendarPart() {}
}
