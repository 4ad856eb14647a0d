package dev.valija.web;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.util.Arrays;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a problem's type says to a person who opens it as the address that it is (RFC 9457 3.1.1). */
@RestController
class ProblemPages {

    @GetMapping(path = "/problems/{slug}", produces = MediaType.TEXT_HTML_VALUE)
    String page(@PathVariable String slug) {
        var problem = Arrays.stream(Problem.values())
                .filter(each -> each.type().equals("/problems/" + slug))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("problem"));
        // Nothing of the request is in here, so nothing needs escaping.
        return """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><title>%1$s</title>
                <h1>%1$s</h1>
                <p>HTTP status %2$d, type <code>%3$s</code>. The API's description is at
                <a href="/api/openapi.yaml">/api/openapi.yaml</a>.</p></html>
                """.formatted(problem.title().replace("'", "&#39;"), problem.status(), problem.type());
    }
}
