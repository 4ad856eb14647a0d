package dev.valija.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.forwardedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

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
    @CsvSource({"'gzip, deflate, br', br", "'gzip, deflate', gzip", "identity, "})
    void scriptsAreSentAsSmallAsTheBrowserTakesThem(String accepted, @Nullable String encoding) throws Exception {
        built();
        var page = api.perform(get("/index.html")).andReturn().getResponse().getContentAsString();
        var script = Pattern.compile("/assets/[^\"']+\\.js").matcher(page);
        assertThat(script.find()).isTrue();
        var whole = api.perform(get(script.group())).andReturn().getResponse().getContentAsByteArray();
        var answer = api.perform(get(script.group()).header("Accept-Encoding", accepted))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "max-age=31536000, public, immutable"))
                .andReturn()
                .getResponse();
        assertThat(answer.getHeader("Content-Encoding")).isEqualTo(encoding);
        assertThat(answer.getContentType()).startsWith("text/javascript");
        assertThat(answer.getHeaders("Vary").stream().anyMatch(vary -> vary.contains("Accept-Encoding")))
                .isEqualTo(encoding != null);
        assertThat(answer.getContentAsByteArray().length)
                .isLessThan(encoding == null ? whole.length + 1 : whole.length / 2);
    }

    @Test
    void whatIsSentCompressedIsTheSame() throws Exception {
        built();
        int compressed = 0;
        for (var file : new PathMatchingResourcePatternResolver().getResources("classpath:static/assets/*.gz")) {
            var plain = file.createRelative(file.getFilename().replace(".gz", ""));
            try (var gzip = new GZIPInputStream(file.getInputStream())) {
                assertThat(gzip.readAllBytes()).as(file.getFilename()).isEqualTo(plain.getContentAsByteArray());
            }
            compressed++;
        }
        assertThat(compressed).isGreaterThan(20);
    }

    @Test
    void theWebmailCanBeInstalledAndStartsWithoutANetwork() throws Exception {
        built();
        api.perform(get("/manifest.json"))
                .andExpect(status().isOk())
                .andExpect(content().contentTypeCompatibleWith("application/json"));
        api.perform(get("/worker.js"))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-cache"))
                .andExpect(content().contentTypeCompatibleWith("text/javascript"));
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
