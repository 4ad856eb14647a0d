package dev.valija.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The moment the demo's mail is dated from. Kept for some days, so that after a restart the index knows the messages
 * again by their ids, sizes and dates.
 */
final class DemoAnchor {
    private static final Duration KEPT = Duration.ofDays(3);

    private DemoAnchor() {}

    static Instant in(Path directory) {
        var file = directory.resolve("anchor");
        var now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        try {
            if (Files.exists(file)) {
                var kept = Instant.parse(Files.readString(file).strip());
                if (!kept.isAfter(now) && kept.plus(KEPT).isAfter(now)) {
                    return kept;
                }
            }
        } catch (IOException | DateTimeException e) {
            // A file that cannot be read is written anew.
        }
        try {
            Files.writeString(file, now.toString());
            return now;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
