package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The check that all tests of the API lean on does find what is wrong. */
class ContractTests {
    private final MockMvc mvc = MockMvcBuilders.standaloneSetup(new Wrong())
            .alwaysExpect(new Contract())
            .build();

    @Test
    void anAnswerWithoutARequiredFieldIsCaught() {
        assertThatThrownBy(() -> mvc.perform(get("/api/v1/instance")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("maxRequestBytes");
    }

    @Test
    void aFieldThatIsNotInTheContractIsCaught() {
        assertThatThrownBy(() -> mvc.perform(get("/api/v1/changes")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("surprise");
    }

    @Test
    void aProblemOfAnUnknownTypeIsCaught() {
        assertThatThrownBy(() -> mvc.perform(get("/api/v1/accounts"))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> mvc.perform(get("/api/v1/submissions"))).isInstanceOf(AssertionError.class);
    }

    @RestController
    static class Wrong {
        @GetMapping("/api/v1/instance")
        Map<String, Object> instance() {
            return Map.of("name", "Valija", "version", "1", "demo", new String[0]);
        }

        @GetMapping("/api/v1/changes")
        Map<String, Object> changes() {
            return Map.of("state", "1", "changes", new String[0], "reset", false, "surprise", 1);
        }

        @GetMapping("/api/v1/accounts")
        ResponseEntity<Map<String, Object>> accounts() {
            return problem(HttpStatus.CONFLICT);
        }

        @GetMapping("/api/v1/submissions")
        ResponseEntity<Map<String, Object>> submissions() {
            return problem(HttpStatus.NOT_FOUND);
        }

        private static ResponseEntity<Map<String, Object>> problem(HttpStatus status) {
            return ResponseEntity.status(status)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(Map.of("type", "/problems/made-up", "title", "?", "status", status.value()));
        }
    }
}
