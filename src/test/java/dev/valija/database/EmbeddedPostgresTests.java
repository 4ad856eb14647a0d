package dev.valija.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTests {

    /** Shared: unpacking and initdb take seconds, and each test starts the server anew. */
    @TempDir
    static Path home;

    @Test
    void whatWasWrittenOutlivesARestart() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home)) {
            execute(postgres, "create table if not exists kept as select 42 as answer");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home)) {
            assertThat(select(postgres, "select answer from kept")).isEqualTo("42");
            assertThat(select(postgres, "show fsync")).isEqualTo("on");
            assertThat(select(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void whatWasCommittedOutlivesTheSuddenDeathOfTheApplication() throws Exception {
        Process application = StartsAndWrites.in(home);
        application.getInputStream().read();
        application.destroyForcibly().waitFor();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home)) {
            assertThat(select(postgres, "select count(*) from written_before_death"))
                    .isEqualTo("1");
            execute(postgres, "drop table written_before_death");
        }
    }

    @Test
    void aProcessThatOnlyInheritedTheServersNumberIsLeftAlone() throws Exception {
        EmbeddedPostgres.start(home).close();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(dataDirectory().resolve("postmaster.pid"), stranger.pid() + "\n");

            EmbeddedPostgres.start(home).close();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aSecondInstanceIsTurnedAway() {
        EmbeddedPostgres first = EmbeddedPostgres.start(home);
        try (first) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                    .hasMessageContaining("Another Valija is running")
                    .hasMessageContaining(home.toString());
        }
    }

    @Test
    void nobodyGetsInWithoutThePasswordThatOnlyTheOwnerCanRead() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home)) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsNotTouched() throws Exception {
        EmbeddedPostgres.start(home).close();
        Path data = dataDirectory();
        Path older = Files.move(data, home.resolve("data-17"));
        try {
            assertThatThrownBy(() -> EmbeddedPostgres.start(home)).hasMessageContaining("another major version");
        } finally {
            Files.move(older, data);
        }
    }

    private static Path dataDirectory() throws IOException {
        try (var entries = Files.list(home)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("data-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String select(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }
}
