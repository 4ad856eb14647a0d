package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.ApiTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/** The contract and the controllers name the same operations. That answers keep it, every {@link ApiTest} checks. */
@ApiTest
class OpenApiTests {
    private static final String BASE = "/api/v1";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "options");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Test
    void everyOperationOfTheContractHasARouteAndEveryRouteIsInTheContract() throws IOException {
        assertThat(routes()).containsExactlyInAnyOrderElementsOf(contract());
    }

    @Test
    void everyProblemOfTheCatalogueIsInTheContract() throws IOException {
        var types = ((Map<?, ?>) at(yaml(), "components", "schemas", "Problem", "properties", "type")).get("enum");
        var catalogue = java.util.Arrays.stream(dev.valija.problem.Problem.values())
                .map(dev.valija.problem.Problem::type)
                .toList();
        assertThat(catalogue).containsExactlyInAnyOrderElementsOf(strings(types));
    }

    private Set<String> routes() {
        return mappings.getHandlerMethods().keySet().stream()
                .flatMap(info -> info.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith(BASE))
                        .flatMap(pattern -> {
                            var methods = info.getMethodsCondition().getMethods();
                            assertThat(methods).as("methods of " + pattern).isNotEmpty();
                            return methods.stream().map(method -> method + " " + pattern.substring(BASE.length()));
                        }))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> contract() throws IOException {
        var operations = new TreeSet<String>();
        var paths = (Map<?, ?>) yaml().get("paths");
        paths.forEach((path, item) -> ((Map<?, ?>) item)
                .keySet().stream()
                        .map(Object::toString)
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        assertThat(operations).hasSizeGreaterThan(30);
        return operations;
    }

    private static Map<?, ?> yaml() throws IOException {
        return new Yaml().load(Files.readString(Path.of("openapi.yaml")));
    }

    private static Object at(Map<?, ?> root, String... path) {
        Object found = root;
        for (var step : path) {
            found = ((Map<?, ?>) found).get(step);
        }
        return found;
    }

    private static Iterable<String> strings(Object list) {
        return ((java.util.List<?>) list).stream().map(Object::toString).toList();
    }
}
