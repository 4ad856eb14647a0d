package dev.valija.support;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.mockmvc.MockMvcRequest;
import com.atlassian.oai.validator.mockmvc.MockMvcResponse;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.report.ValidationReport;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.ResultMatcher;

/** Holds exchanges to openapi.yaml: every answer, and every request that was accepted. */
final class Contract implements ResultMatcher {
    static final String BASE = "/api/v1";

    private final OpenApiInteractionValidator validator = OpenApiInteractionValidator.createFor(
                    Path.of("openapi.yaml").toAbsolutePath().toUri().toString())
            .withBasePathOverride(BASE)
            .build();

    @Override
    public void match(MvcResult result) {
        var path = result.getRequest().getRequestURI();
        if (!path.startsWith(BASE + "/") || result.getRequest().isAsyncStarted()) {
            return;
        }
        var response = MockMvcResponse.of(result.getResponse());
        var status = result.getResponse().getStatus();
        var method = Request.Method.valueOf(result.getRequest().getMethod());
        ValidationReport report;
        if (status < 400) {
            report = validator.validate(MockMvcRequest.of(result.getRequest()), response);
        } else if (status == 404 || status == 405) {
            // Perhaps no operation of the contract: any operation's problem will do.
            report = validator.validateResponse(BASE + "/instance", Request.Method.GET, response);
        } else {
            report = validator.validateResponse(path, method, response);
        }
        if (report.hasErrors()) {
            throw new AssertionError("%s %s breaks the contract: %s"
                    .formatted(
                            method,
                            path,
                            report.getMessages().stream()
                                    .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
                                    .map(Object::toString)
                                    .collect(Collectors.joining("\n"))));
        }
    }
}
