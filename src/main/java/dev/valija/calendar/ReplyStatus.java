package dev.valija.calendar;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an invited one can answer (RFC 5545 3.2.12). */
enum ReplyStatus {
    ACCEPTED("Accepted", "has accepted"),
    TENTATIVE("Tentative", "may come to"),
    DECLINED("Declined", "has declined");

    private final String title;
    private final String verb;

    ReplyStatus(String title, String verb) {
        this.title = title;
        this.verb = verb;
    }

    static Optional<ReplyStatus> parse(String text) {
        return Stream.of(values()).filter(status -> status.text().equals(text)).findFirst();
    }

    /** As in the API. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first word of the subject, which organizers' programs and people know it by. */
    String title() {
        return title;
    }

    /** What the person has done, for those who see the text only. */
    String verb() {
        return verb;
    }
}
