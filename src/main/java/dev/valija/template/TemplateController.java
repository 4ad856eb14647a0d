package dev.valija.template;

import dev.valija.account.UserId;
import dev.valija.problem.Revision;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/templates")
class TemplateController {
    private final Templates templates;

    TemplateController(Templates templates) {
        this.templates = templates;
    }

    record Items(List<Template.Summary> items) {}

    @GetMapping
    Items list(@AuthenticationPrincipal UserId user) {
        return new Items(templates.list(user));
    }

    @PostMapping
    ResponseEntity<Template> add(@AuthenticationPrincipal UserId user, @Valid @RequestBody TemplateRequest request) {
        var made = templates.add(user, request);
        var template = templates.require(made);
        return ResponseEntity.created(made.location()).eTag(template.etag()).body(template);
    }

    @GetMapping("/{templateId}")
    ResponseEntity<Template> get(@AuthenticationPrincipal UserId user, @PathVariable String templateId) {
        return answer(templates.require(TemplateKey.parse(user, templateId)));
    }

    @PutMapping("/{templateId}")
    ResponseEntity<Template> change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String templateId,
            @RequestHeader("If-Match") Revision revision,
            @Valid @RequestBody TemplateRequest request) {
        var key = TemplateKey.parse(user, templateId);
        templates.change(key, revision.number(), request);
        return answer(templates.require(key));
    }

    @DeleteMapping("/{templateId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String templateId) {
        templates.remove(TemplateKey.parse(user, templateId));
    }

    private static ResponseEntity<Template> answer(Template template) {
        return ResponseEntity.ok().eTag(template.etag()).body(template);
    }
}
