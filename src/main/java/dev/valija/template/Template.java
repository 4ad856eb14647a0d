package dev.valija.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.problem.Revision;
import dev.valija.template.TemplateRequest.Content;
import dev.valija.template.TemplateRequest.Person;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text kept to be written again, as the API shows it. Its text form shows nothing of it.
 *
 * @param revision counts the changes from 1; its ETag
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Template(
        String id,
        String name,
        String subject,
        @Nullable String text,
        @Nullable String html,
        List<Person> to,
        List<Person> cc,
        List<Person> bcc,
        int revision) {

    static Template of(long id, String name, Content content, int revision) {
        return new Template(
                Long.toString(id),
                name,
                content.subject(),
                content.text(),
                content.html(),
                content.to(),
                content.cc(),
                content.bcc(),
                revision);
    }

    String etag() {
        return new Revision(revision).etag();
    }

    /** What a list shows of it. */
    record Summary(String id, String name, int revision) {}

    @Override
    public String toString() {
        return "Template " + id;
    }
}
