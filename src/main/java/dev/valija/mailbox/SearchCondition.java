package dev.valija.mailbox;

import dev.valija.mailbox.query.Term;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A query as a condition on rows of the index: texts only ever become parameters. */
final class SearchCondition {
    private final SearchScope scope;
    private final Map<String, String> folded;
    private final Map<String, ? extends Collection<Long>> bodies;
    private final Map<String, Object> parameters = new HashMap<>();
    private final String sql;

    /**
     * Compiles a query.
     *
     * @param folded its texts as the index folds words, by text
     * @param bodies our ids of the messages whose bodies hold a text, by text, as far as a provider was asked
     */
    SearchCondition(
            Term query, SearchScope scope, Map<String, String> folded, Map<String, ? extends Collection<Long>> bodies) {
        this.scope = scope;
        this.folded = folded;
        this.bodies = bodies;
        this.sql = sql(query);
    }

    String sql() {
        return sql;
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    private String sql(Term term) {
        return switch (term) {
            case Term.And and -> join(and.all(), " and ");
            case Term.Or or -> join(or.any(), " or ");
            case Term.Not not -> "not " + sql(not.term());
            case Term.Text text -> text(text);
            case Term.In in ->
                "m.mailbox_id = any ("
                        + parameter(scope.named(in.mailbox()).stream()
                                .map(Mailbox::id)
                                .toArray(Long[]::new))
                        + ")";
            case Term.HasAttachment attachment -> "m.has_attachment";
            case Term.Is is ->
                switch (is.state()) {
                    case UNREAD -> "m.unread";
                    case FLAGGED -> "m.flagged";
                    case ANSWERED -> "('$answered' = any (m.keywords))";
                };
            case Term.Before before -> "(m.received_at < " + parameter(start(before.day())) + ")";
            case Term.After after -> "(m.received_at >= " + parameter(start(after.day())) + ")";
            case Term.Larger larger -> "(m.size > " + parameter(larger.octets()) + ")";
            case Term.Smaller smaller -> "(m.size < " + parameter(smaller.octets()) + ")";
        };
    }

    private String join(List<Term> terms, String by) {
        return terms.stream().map(this::sql).collect(Collectors.joining(by, "(", ")"));
    }

    private String text(Term.Text text) {
        return switch (text.field()) {
            case ANY -> "(" + words(text, "m.search", "") + " or " + body(text) + ")";
            case SUBJECT -> words(text, "m.search", "A");
            case FROM -> words(text, "m.search", "B");
            case TO -> words(text, "m.search", "C");
            case CC -> words(text, "m.search", "D");
            case BODY -> body(text);
            case FILENAME -> "(m.file_names is not null and " + words(text, "m.file_names", "") + ")";
        };
    }

    private String body(Term.Text text) {
        var ids = bodies.get(text.value());
        return ids == null ? "false" : "(m.id = any (" + parameter(ids.toArray(Long[]::new)) + "))";
    }

    /** The words side by side; the last one may go on. V005 says what the weights mean. */
    private String words(Term.Text text, String column, String weight) {
        var tokens = folded.getOrDefault(text.value(), "").strip().split(" +", -1);
        if (tokens[0].isEmpty()) {
            return "false";
        }
        var query = new ArrayList<String>();
        for (int i = 0; i < tokens.length; i++) {
            boolean open = i == tokens.length - 1 && text.match() == Term.Match.PREFIX;
            var flags = (open ? "*" : "") + weight;
            query.add("'" + tokens[i] + "'" + (flags.isEmpty() ? "" : ":" + flags));
        }
        return "(" + column + " @@ cast(" + parameter(String.join(" <-> ", query)) + " as tsquery))";
    }

    private String parameter(Object value) {
        var name = "p" + parameters.size();
        parameters.put(name, value);
        return ":" + name;
    }

    private static OffsetDateTime start(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }
}
