package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyFilesTests {
    @TempDir
    Path directory;

    @Test
    void theLeastRecentlyReadGoFirst() throws IOException {
        var files = surveyed(100);
        files.write(key(1), new byte[40]);
        files.write(key(2), new byte[40]);
        files.read(key(1));
        files.write(key(3), new byte[40]);

        assertThat(files.read(key(2))).isNull();
        assertThat(files.read(key(1))).hasSize(40);
        assertThat(files.read(key(3))).hasSize(40);
    }

    @Test
    void theOrderOutlivesARestart() throws IOException {
        var files = surveyed(1000);
        for (int id = 1; id <= 3; id++) {
            files.write(key(id), new byte[40]);
            Files.setLastModifiedTime(file(id), FileTime.from(Instant.parse("2026-01-01T00:00:0" + id + "Z")));
        }
        files.read(key(1));

        var smaller = surveyed(100);

        assertThat(smaller.read(key(2))).isNull();
        assertThat(smaller.read(key(1))).hasSize(40);
        assertThat(smaller.read(key(3))).hasSize(40);
        assertThat(octets()).isEqualTo(80).isEqualTo(smaller.total());
    }

    @Test
    void anotherWriteOfTheSameMessageReplacesTheFirst() throws IOException {
        var files = surveyed(100);
        files.write(key(1), new byte[90]);
        files.write(key(1), new byte[30]);
        files.write(key(2), new byte[60]);

        assertThat(files.read(key(1))).hasSize(30);
        assertThat(files.total()).isEqualTo(90).isEqualTo(octets());
    }

    @Test
    void whatIsLargerThanAllRoomIsNotWritten() throws IOException {
        var files = surveyed(100);
        files.write(key(1), new byte[90]);
        files.write(key(2), new byte[101]);

        assertThat(files.read(key(1))).hasSize(90);
        assertThat(files.read(key(2))).isNull();
        assertThat(octets()).isEqualTo(90);
    }

    @Test
    void whatACrashLeftUnfinishedIsCleanedUp() throws IOException {
        surveyed(100).write(key(1), new byte[40]);
        var unfinished = Files.write(file(1).resolveSibling("123.part"), new byte[70]);
        Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minusSeconds(100)));

        surveyed(100);

        assertThat(unfinished).doesNotExist();
        assertThat(file(1)).exists();
    }

    @Test
    void theLimitIsKeptWhileManyWriteReadAndRemove() throws Exception {
        int limit = 20_000;
        var files = new BodyFiles(directory, limit);
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 16; thread++) {
                var random = new Random(thread);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        work(files, random);
                    }
                }));
            }
            files.survey();
        }
        for (var each : running) {
            each.get();
        }

        assertThat(files.total()).isLessThanOrEqualTo(limit).isEqualTo(octets());
        files.write(key(500), new byte[1000]);
        assertThat(files.total()).isLessThanOrEqualTo(limit).isEqualTo(octets());
    }

    private static void work(BodyFiles files, Random random) {
        try {
            var key = key(random.nextInt(60));
            switch (random.nextInt(5)) {
                case 0 -> files.remove(key);
                case 1, 2 -> {
                    var octets = files.read(key);
                    assertThat(octets == null || octets.length == 300 + key.id() * 10)
                            .isTrue();
                }
                default -> files.write(key, new byte[300 + (int) key.id() * 10]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BodyFiles surveyed(long limit) throws IOException {
        var files = new BodyFiles(directory, limit);
        files.survey();
        return files;
    }

    private Path file(long id) {
        return directory.resolve("7/%02x/%d".formatted(id & 0xff, id));
    }

    private long octets() throws IOException {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static MessageKey key(long id) {
        return new MessageKey(7, id);
    }
}
