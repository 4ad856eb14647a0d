package dev.valija.submission;

import dev.valija.message.MimeWriter;
import dev.valija.problem.ProblemException;
import dev.valija.submission.SubmissionRequest.Person;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The people that a caller names, as the SMTP envelope has them. */
final class Recipients {
    private Recipients() {}

    /**
     * Each once, as they go over the wire, in the order of To, Cc, Bcc.
     *
     * @throws ProblemException invalid-request naming the one that is none, or To when there is nobody
     */
    static List<String> of(@Nullable List<Person> to, @Nullable List<Person> cc, @Nullable List<Person> bcc) {
        var wire = new LinkedHashMap<String, String>();
        collect("/to", to, wire);
        collect("/cc", cc, wire);
        collect("/bcc", bcc, wire);
        if (wire.isEmpty()) {
            throw ProblemException.invalid("/to", "Name at least one recipient.");
        }
        return new ArrayList<>(wire.values());
    }

    private static void collect(String field, @Nullable List<Person> people, Map<String, String> wire) {
        for (String email : check(field, people)) {
            wire.putIfAbsent(email.toLowerCase(Locale.ROOT), email);
        }
    }

    /** Their addresses as they go over the wire. @throws ProblemException invalid-request naming the one that is none */
    static List<String> check(String field, @Nullable List<Person> people) {
        var checked = new ArrayList<String>();
        for (int i = 0; people != null && i < people.size(); i++) {
            try {
                checked.add(MimeWriter.wireAddress(people.get(i).address().email()));
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(field + "/" + i + "/email", "This is no mail address.");
            }
        }
        return checked;
    }
}
