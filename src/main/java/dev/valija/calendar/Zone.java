package dev.valija.calendar;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What a local time of a calendar file is in (RFC 5545 3.3.5). */
sealed interface Zone {

    /** A zone of the IANA database. */
    record Named(ZoneId id) implements Zone {}

    /** A zone that only the file's own VTIMEZONE tells of. */
    record Defined(DefinedZone rules) implements Zone {}

    /** Wherever the reader is. */
    record Floating() implements Zone {}

    static Zone utc() {
        return new Named(ZoneOffset.UTC);
    }

    static Zone floating() {
        return new Floating();
    }

    /** The IANA name, or null. */
    default @Nullable String name() {
        return switch (this) {
            case Named named ->
                named.id().equals(ZoneOffset.UTC) ? "UTC" : named.id().getId();
            case Defined ignored -> null;
            case Floating ignored -> null;
        };
    }

    /** When that is, or null for a floating time. A time that does not exist or exists twice is read as RFC 5545 3.3.5 says. */
    default @Nullable Instant at(LocalDateTime local) {
        return switch (this) {
            case Named named -> local.atZone(named.id()).toInstant();
            case Defined defined -> local.toInstant(defined.rules().at(local));
            case Floating ignored -> null;
        };
    }

    /** The local time so much later. */
    default LocalDateTime later(LocalDateTime local, Duration duration) {
        return switch (this) {
            case Named named -> local.atZone(named.id()).plus(duration).toLocalDateTime();
            case Defined defined -> {
                var then = local.toInstant(defined.rules().at(local)).plus(duration);
                yield LocalDateTime.ofInstant(then, defined.rules().at(then));
            }
            case Floating ignored -> local.plus(duration);
        };
    }

    /** What the clock shows here then; of a time without an instant what it shows anywhere. */
    default LocalDateTime localOf(Moment moment) {
        var instant = moment.instant();
        if (instant == null) {
            return moment.local();
        }
        return switch (this) {
            case Named named -> LocalDateTime.ofInstant(instant, named.id());
            case Defined defined ->
                LocalDateTime.ofInstant(instant, defined.rules().at(instant));
            case Floating ignored -> moment.local();
        };
    }
}
