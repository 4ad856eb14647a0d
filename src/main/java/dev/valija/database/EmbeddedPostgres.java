package dev.valija.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A private PostgreSQL on the loopback interface.
 *
 * <p>The server binaries come from the class path. It is a full server with fsync on and a random password; its data
 * survives restarts and the sudden death of this process.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** Another process may take the free port between our look and the server's bind. */
    private static final int ATTEMPTS = 3;

    private final DirectoryLock lock;
    private final Cluster cluster;
    private final int port;

    private EmbeddedPostgres(DirectoryLock lock, Cluster cluster, int port) {
        this.lock = lock;
        this.cluster = cluster;
        this.port = port;
    }

    /** Starts the server whose binaries and data live in {@code directory}, making both on first use. */
    public static EmbeddedPostgres start(Path directory) {
        Path home = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            DirectoryLock lock = DirectoryLock.on(home);
            try {
                return start(home, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded PostgreSQL cannot use " + home + ": " + e,
                    "Make the directory writable, choose another one with VALIJA_DATA_DIR,"
                            + " or set VALIJA_DB_URL to use a PostgreSQL server of your own.",
                    e);
        }
    }

    private static EmbeddedPostgres start(Path home, DirectoryLock lock) throws IOException {
        Commands commands = Commands.loggingTo(home.resolve("postgres.log"));
        Binaries binaries = Binaries.unpackedIn(home);
        Cluster cluster = new Cluster(home, binaries, commands);
        cluster.initialise();
        cluster.stopLeftover();
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            try {
                cluster.start(port);
                return new EmbeddedPostgres(lock, cluster, port);
            } catch (EmbeddedPostgresException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The address of the default database. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /** The address of the named database. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The superuser that owns everything in this server. */
    public String username() {
        return Cluster.USER;
    }

    /** The password of {@link #username()}. */
    public String password() {
        return cluster.password();
    }

    /** Stops the server; its data stays. */
    @Override
    public void close() {
        try {
            cluster.stop();
        } finally {
            lock.close();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
