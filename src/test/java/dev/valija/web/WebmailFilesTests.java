package dev.valija.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.forwardedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@ApiTest
class WebmailFilesTests {
    @Autowired
    Api api;

    @Test
    void theRootIsTheOnePage() throws Exception {
        api.perform(get("/")).andExpect(forwardedUrl("/index.html"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mail/1-7", "/settings", "/mail/1-7/1-4711", "/index.html"})
    void everyAddressOfTheWebmailIsItsOnePageAndNeverFromACache(String path) throws Exception {
        built();
        var page = api.perform(get(path))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-cache"))
                .andReturn()
                .getResponse();
        assertThat(page.getContentType()).startsWith("text/html");
    }

    @Test
    void whatIsNamedByItsContentMayBeKeptForEver() throws Exception {
        built();
        var page = api.perform(get("/index.html")).andReturn().getResponse().getContentAsString();
        var asset = Pattern.compile("/assets/[^\"']+").matcher(page);
        assertThat(asset.find()).isTrue();
        api.perform(get(asset.group()))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "max-age=31536000, public, immutable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/none.js", "/none.txt", "/api/none", "/actuator/none", "/assets/x"})
    void whatIsNotThereIsNotThePage(String path) throws Exception {
        var answer = api.perform(get(path)).andReturn().getResponse();
        assertThat(answer.getStatus()).isIn(401, 404);
        assertThat(answer.getContentType()).isEqualTo("application/problem+json");
    }

    @Test
    void theContractIsServed() throws Exception {
        api.perform(get("/api/openapi.yaml")).andExpect(status().isOk());
    }

    private static void built() {
        boolean built = WebmailFilesTests.class.getResource("/static/index.html") != null;
        if ("true".equals(System.getenv("CI"))) {
            assertThat(built).as("the webmail must be built in CI").isTrue();
        }
        assumeTrue(built, "the webmail is not built (skip.frontend)");
    }
}
