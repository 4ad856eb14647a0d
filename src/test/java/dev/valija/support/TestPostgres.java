package dev.valija.support;

import dev.valija.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The one PostgreSQL server of a test JVM: the one that VALIJA_DB_URL names, else a container where a Docker engine
 * answers, else the embedded one (in {@code target/test-data}, kept so that only the first run pays for initdb).
 */
record TestPostgres(String serverUrl, String maintenance, String username, String password) {

    /** A second build of the same directory may run at the same time. */
    private static final int DIRECTORIES = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static TestPostgres running() {
        return Holder.SERVER;
    }

    FreshDatabase database(String name) {
        return new FreshDatabase(serverUrl + name, username, password);
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(serverUrl + maintenance, username, password);
    }

    private static final class Holder {
        static final TestPostgres SERVER = start();
    }

    private static TestPostgres start() {
        String url = System.getenv("VALIJA_DB_URL");
        if (url != null && !url.isBlank()) {
            return external(url);
        }
        return DockerEngine.answers() ? container() : embedded();
    }

    private static TestPostgres external(String url) {
        int slash = url.lastIndexOf('/') + 1;
        TestPostgres server = new TestPostgres(
                url.substring(0, slash),
                url.substring(slash),
                System.getenv().getOrDefault("VALIJA_DB_USER", "valija"),
                System.getenv().getOrDefault("VALIJA_DB_PASSWORD", ""));
        atTheEnd(server, () -> server.dropDatabases(FreshDatabase.PREFIX));
        return server;
    }

    @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends
    private static TestPostgres container() {
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:18");
        container.start();
        String url = container.getJdbcUrl().replaceFirst("\\?.*", "");
        int slash = url.lastIndexOf('/') + 1;
        return new TestPostgres(
                url.substring(0, slash), url.substring(slash), container.getUsername(), container.getPassword());
    }

    private static TestPostgres embedded() {
        EmbeddedPostgres postgres = embeddedInAFreeDirectory();
        TestPostgres server =
                new TestPostgres(postgres.jdbcUrl(""), "postgres", postgres.username(), postgres.password());
        atTheEnd(server, postgres::close);
        server.dropDatabases("valija_test_"); // of runs before this one
        return server;
    }

    private static EmbeddedPostgres embeddedInAFreeDirectory() {
        IllegalStateException failure = new IllegalStateException("no embedded PostgreSQL in target/test-data");
        for (int number = 1; number <= DIRECTORIES; number++) {
            try {
                return EmbeddedPostgres.start(Path.of("target", "test-data", String.valueOf(number)));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private void dropDatabases(String prefix) {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select datname from pg_database where starts_with(datname, '" + prefix + "')")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        names.forEach(name -> execute("drop database \"" + name + "\" with (force)"));
    }

    /** Spring closes its contexts, and with them their connection pools, at the same time as this runs. */
    private static void atTheEnd(TestPostgres server, Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.awaitNoClients();
            action.run();
        }));
    }

    private void awaitNoClients() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() < end) {
                try (var rows = statement.executeQuery(
                        "select pg_sleep(0.02) from pg_stat_activity where starts_with(datname, '"
                                + FreshDatabase.PREFIX + "')")) {
                    if (!rows.next()) {
                        return;
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
