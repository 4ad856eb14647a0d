package dev.valija.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Reads VALIJA_DB_PASSWORD from the file that VALIJA_DB_PASSWORD_FILE names, as container secrets want it. */
final class PasswordFileEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String file = environment.getProperty("VALIJA_DB_PASSWORD_FILE", "");
        if (!file.isEmpty()) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("databasePasswordFile", Map.of("VALIJA_DB_PASSWORD", read(file))));
        }
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("VALIJA_DB_PASSWORD_FILE names a file that cannot be read: " + file, e);
        }
    }
}
