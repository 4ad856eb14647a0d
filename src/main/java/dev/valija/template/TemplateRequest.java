package dev.valija.template;

import dev.valija.problem.OneLine;
import dev.valija.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template as a caller gives it. Its text form shows nothing of it. */
record TemplateRequest(
        @NotNull @Size(min = 1, max = 200) @OneLine String name,
        @Nullable @Size(max = 10_000) @OneLine String subject,
        @Nullable @Size(max = 200_000) String text,
        @Nullable @Size(max = 200_000) String html,
        @Nullable @Size(max = 100) List<@Valid @NotNull Person> to,
        @Nullable @Size(max = 100) List<@Valid @NotNull Person> cc,
        @Nullable @Size(max = 100) List<@Valid @NotNull Person> bcc) {

    /** A name and an address. */
    record Person(
            @Nullable @Size(max = 1000) @OneLine String name,
            @NotNull @Size(min = 3, max = 320) @OneLine String email) {}

    /** @throws ProblemException invalid-request for a name of blanks */
    String cleanName() {
        String clean = name.strip();
        if (clean.isEmpty()) {
            throw ProblemException.invalid("/name", "must say something");
        }
        return clean;
    }

    Content content() {
        return new Content(subject == null ? "" : subject, text, html, list(to), list(cc), list(bcc));
    }

    /** What it makes a mail begin with. Its text form shows nothing of it. */
    record Content(
            String subject,
            @Nullable String text,
            @Nullable String html,
            List<Person> to,
            List<Person> cc,
            List<Person> bcc) {
        @Override
        public String toString() {
            return "Content";
        }
    }

    private static List<Person> list(@Nullable List<Person> people) {
        return people == null ? List.of() : List.copyOf(people);
    }

    @Override
    public String toString() {
        return "TemplateRequest";
    }
}
