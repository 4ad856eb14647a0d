package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a server sends takes no more memory than there is for it, and no more time; the mail of others is read on
 * meanwhile. Each flood has a JVM with as little heap as the module needs: what is not bounded ends that.
 */
class HostileServersIT {
    private static final String HEAP = "-Xmx80m";

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(HostileFlood.class)
    void aFloodIsBounded(HostileFlood flood) throws IOException, InterruptedException {
        var log = directory.resolve("log");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileFlood.class.getName(),
                        flood.name()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean over = process.waitFor(5, TimeUnit.MINUTES);
            assertThat(over).as("it ends: %s", Files.readString(log)).isTrue();
            assertThat(Files.readString(log)).contains("ALL OVER");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
