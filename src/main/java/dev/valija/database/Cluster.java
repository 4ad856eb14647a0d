package dev.valija.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** One PostgreSQL data directory and its password: made once, started, stopped. */
final class Cluster {

    static final String USER = "valija";

    private static final String PREFIX = "data-";
    private static final String SERVER_OPTIONS = String.join(
            " ",
            "-p %d",
            "-c listen_addresses=127.0.0.1",
            "-c unix_socket_directories=''",
            "-c max_connections=200",
            "-c shared_buffers=128MB",
            "-c timezone=UTC",
            "-c log_timezone=UTC");

    private final Path home;
    private final Path data;
    private final Path passwordFile;
    private final Binaries binaries;
    private final Commands commands;
    private final String password;

    Cluster(Path home, Binaries binaries, Commands commands) throws IOException {
        this.home = home;
        this.data = home.resolve(PREFIX + binaries.majorVersion());
        this.passwordFile = home.resolve("password");
        this.binaries = binaries;
        this.commands = commands;
        this.password = readOrMakePassword();
    }

    String password() {
        return password;
    }

    /** Makes the data directory. An initdb that was cut short leaves only its half directory, which goes first. */
    void initialise() throws IOException {
        if (Files.exists(data)) {
            return;
        }
        refuseOtherMajors();
        Path half = home.resolve("half-" + data.getFileName());
        FileSystemUtils.deleteRecursively(half);
        commands.run(
                binaries.program("initdb"),
                "--pgdata=" + half,
                "--username=" + USER,
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile);
        Files.move(half, data);
    }

    /** Starts the server apart from our terminal, so that Ctrl-C reaches it only through {@link #stop()}. */
    void start(int port) throws IOException {
        commands.run(
                binaries.program("pg_ctl"),
                "--pgdata=" + data,
                "--log=" + commands.log(),
                "--options=" + SERVER_OPTIONS.formatted(port),
                "--wait",
                "--timeout=60",
                "start");
    }

    void stop() {
        try {
            if (!stop("fast")) {
                stop("immediate");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that was killed leaves its server running, and that server holds the data directory. */
    void stopLeftover() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> process = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        if (process.isPresent() && isServer(process.get())) {
            stop();
        } else {
            // After a reboot the number may belong to a stranger, whom neither we nor pg_ctl may signal.
            Files.delete(pidFile);
        }
    }

    private static boolean isServer(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).endsWith("postgres"))
                .orElse(true);
    }

    private boolean stop(String mode) throws IOException {
        return commands.succeeds(
                binaries.program("pg_ctl"), "--pgdata=" + data, "--mode=" + mode, "--wait", "--timeout=20", "stop");
    }

    private void refuseOtherMajors() throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            Optional<Path> other = entries.filter(
                            entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .findFirst();
            if (other.isPresent()) {
                throw new EmbeddedPostgresException(
                        other.get() + " was written by another major version of PostgreSQL than this build carries.",
                        "Go back to the previous Valija, or move the data to a PostgreSQL server of your own"
                                + " and set VALIJA_DB_URL; or move that directory away to start empty.");
            }
        }
    }

    private String readOrMakePassword() throws IOException {
        if (!Files.exists(passwordFile) || Files.size(passwordFile) == 0) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.deleteIfExists(passwordFile);
            Files.createFile(
                    passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, HexFormat.of().formatHex(random));
        }
        return Files.readString(passwordFile).strip();
    }
}
