package dev.valija.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs PostgreSQL's programs, as root inside a user namespace because PostgreSQL refuses root. */
record Commands(List<String> prefix, Path log) {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LINES_SHOWN = 5;

    static Commands loggingTo(Path log) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Commands(List.of(), log);
        }
        // In a user namespace without a mapping root is "nobody" to PostgreSQL, while its files stay root's.
        Commands namespaced = new Commands(List.of("unshare", "-U"), log);
        if (!namespaced.succeeds("true")) {
            throw new EmbeddedPostgresException(
                    "The embedded PostgreSQL does not run as root, and user namespaces are not available here.",
                    "Start Valija as an ordinary user, or set VALIJA_DB_URL to use a PostgreSQL server of your own.");
        }
        return namespaced;
    }

    void run(String... command) throws IOException {
        if (!succeeds(command)) {
            throw new EmbeddedPostgresException(
                    Path.of(command[0]).getFileName() + " failed. The end of " + log + ":\n" + endOfLog(),
                    "See the log named above, or set VALIJA_DB_URL to use a PostgreSQL server of your own.");
        }
    }

    boolean succeeds(String... command) throws IOException {
        Process process = start(ProcessBuilder.Redirect.appendTo(log.toFile()), command);
        try {
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command[0], e);
        }
    }

    private Process start(ProcessBuilder.Redirect output, String... command) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(command));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    private String endOfLog() throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
        }
    }
}
