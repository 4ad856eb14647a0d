package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.upstream.net.UpstreamProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Holds README's table of variables to the settings there are. */
class SettingsTests {

    private static final Pattern VARIABLE = Pattern.compile("\\bVALIJA_[A-Z_]*[A-Z]\\b");
    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    @Test
    void everyVariableThatTheReadmeNamesIsASetting() throws IOException {
        var settings = variables(Path.of("src/main/resources/application.yaml"));
        settings.addAll(bound());
        settings.add("VALIJA_DB_PASSWORD_FILE"); // read before there is an application

        assertThat(variables(Path.of("README.md"))).isNotEmpty().isSubsetOf(settings);
    }

    @Test
    void everyVariableOfTheConfigurationIsInTheReadme() throws IOException {
        assertThat(variables(Path.of("src/main/resources/application.yaml")))
                .isSubsetOf(variables(Path.of("README.md")));
    }

    @Test
    void underscoresStandForDotsAndDashes() {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "test-systemEnvironment", Map.of("VALIJA_UPSTREAM_ALLOWED_HOSTS", "localhost,*.lan")));

        var properties = Binder.get(environment)
                .bind("valija.upstream", UpstreamProperties.class)
                .get();

        assertThat(properties.allowedHosts()).containsExactly("localhost", "*.lan");
    }

    private static Set<String> variables(Path file) throws IOException {
        return VARIABLE.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> bound() throws IOException {
        return Pattern.compile("\"name\": \"(valija\\.[a-z.-]+)\"")
                .matcher(Files.readString(METADATA))
                .results()
                .map(match -> match.group(1).toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_"))
                .collect(Collectors.toSet());
    }
}
