package dev.valija.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

class DatabaseSettingsTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(EmbeddedDatabaseAutoConfiguration.class));

    @TempDir
    Path directory;

    @Test
    void aNamedDatabaseReplacesTheEmbeddedOne() {
        application
                .withPropertyValues("spring.datasource.url=jdbc:postgresql://db.example.org/valija")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedPostgres.class));
    }

    @Test
    void aContainersConnectionReplacesTheEmbeddedOne() {
        application
                .withBean(JdbcConnectionDetails.class, ContainersConnection::new)
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedPostgres.class));
    }

    @Test
    void anEmptyAddressMeansTheEmbeddedOne() throws Exception {
        Path notADirectory = Files.createFile(directory.resolve("file"));
        application
                .withPropertyValues("spring.datasource.url=", "valija.data-dir=" + notADirectory)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining(notADirectory.toString()));
    }

    @Test
    void thePasswordIsReadFromItsFile() throws Exception {
        Path file = Files.writeString(directory.resolve("db_password"), "from the file\n");
        var environment = new MockEnvironment().withProperty("VALIJA_DB_PASSWORD_FILE", file.toString());

        read(environment);

        assertThat(environment.getProperty("VALIJA_DB_PASSWORD")).isEqualTo("from the file");
    }

    @Test
    void aMissingPasswordFileIsNamed() {
        var environment = new MockEnvironment().withProperty("VALIJA_DB_PASSWORD_FILE", "/nowhere/db_password");

        assertThatThrownBy(() -> read(environment)).hasMessageContaining("/nowhere/db_password");
    }

    private static void read(MockEnvironment environment) {
        new PasswordFileEnvironmentPostProcessor().postProcessEnvironment(environment, new SpringApplication());
    }

    private static final class ContainersConnection implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return "jdbc:postgresql://container/test";
        }

        @Override
        public String getUsername() {
            return "test";
        }

        @Override
        public String getPassword() {
            return "test";
        }
    }
}
