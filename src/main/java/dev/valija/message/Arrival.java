package dev.valija.message;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** When a message came to its reader's server, by what its header says. */
public final class Arrival {
    /** There was no mail before that is collected today; clocks that were never set say 1970 or 1980. */
    private static final Instant FIRST = Instant.parse("1990-01-01T00:00:00Z");
    /** Clocks go wrong by some hours, with their zones. */
    private static final Duration AHEAD = Duration.ofDays(1);

    /**
     * The time of the topmost Received (RFC 5321 4.4), which the last server wrote; else the Date; else now. To the second.
     */
    public static Instant of(byte[] headerBlock, Instant now) {
        var header = HeaderBlock.parse(headerBlock);
        var received = header.first("Received");
        var time = received == null ? null : plausible(received.substring(received.lastIndexOf(';') + 1), now);
        if (time == null) {
            time = plausible(header.first("Date"), now);
        }
        return (time == null ? now : time).truncatedTo(ChronoUnit.SECONDS);
    }

    private static @Nullable Instant plausible(@Nullable String date, Instant now) {
        var time = MessageDates.parse(date);
        return time == null || time.isBefore(FIRST) || time.isAfter(now.plus(AHEAD)) ? null : time;
    }

    private Arrival() {}
}
