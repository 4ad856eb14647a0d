package dev.valija.mailbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times that RFC 3339 can write: years 0001 to 9999. Mail may claim others. */
final class ApiTime {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    static @Nullable Instant shown(@Nullable Instant time) {
        return time == null || time.isBefore(FIRST) || time.isAfter(LAST) ? null : time;
    }

    /** The time, or the nearest that can be shown. */
    static Instant clamped(Instant time) {
        return time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    private ApiTime() {}
}
