package dev.valija.mailbox;

import dev.valija.mailbox.query.Term;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query as a condition on one account's rows of {@code message_words w}, {@code message_place p} and
 * {@code message m}: texts only ever become parameters.
 */
final class SearchCondition {
    private final long account;
    private final SearchScope scope;
    private final Term query;
    private final Map<String, ? extends Collection<Long>> bodies;
    private final Map<String, Object> parameters = new HashMap<>();
    private final String sql;
    private final String words;
    private final List<String> rarities;
    private boolean onPlaces;
    private boolean onMessages;

    /**
     * Compiles a query.
     *
     * @param bodies our ids of the messages whose bodies hold a text, by text, as far as a provider was asked
     */
    SearchCondition(long account, SearchScope scope, Term query, Map<String, ? extends Collection<Long>> bodies) {
        this.account = account;
        this.scope = scope;
        this.query = query;
        this.bodies = bodies;
        this.words = necessaryWords(query);
        var only = scope.only(account);
        this.sql = sql(query)
                + only.map(some -> " and p.mailbox_id = any (" + parameter(some.toArray(Long[]::new)) + ")")
                        .orElse("");
        this.onPlaces |= only.isPresent();
        this.rarities = conjuncts().flatMap(term -> rarity(term).stream()).toList();
    }

    long account() {
        return account;
    }

    String sql() {
        return sql;
    }

    /** The tables it speaks of, looked up for each row of {@code message_words w}. */
    String joins() {
        return (onPlaces ? lookup("mailbox_id, unread, flagged, keywords", "message_place", "message_id", "p") : "")
                + (onMessages ? lookup("size, has_attachment", "message", "id", "m") : "");
    }

    /** Row by row: to join them PostgreSQL may read the whole table. */
    private static String lookup(String columns, String table, String id, String name) {
        return " cross join lateral (select " + columns + " from " + table
                + " t where t.account_id = w.account_id and t." + id + " = w.message_id offset 0) " + name;
    }

    Map<String, Object> parameters() {
        return Map.copyOf(parameters);
    }

    /** Whether it speaks of nothing but words. */
    boolean ofWordsOnly() {
        return !onPlaces && !onMessages;
    }

    /** What the words of every hit match, as a tsquery, so that an index finds them; or empty. */
    String words() {
        return words;
    }

    /** The mailbox that all hits are in, if there is one. */
    @Nullable
    Long onlyMailbox() {
        var only = scope.only(account);
        if (only.filter(some -> some.size() == 1).isPresent()) {
            return only.get().iterator().next();
        }
        var named = conjuncts()
                .filter(term -> term instanceof Term.In)
                .map(term -> mailboxes((Term.In) term))
                .toList();
        return named.size() == 1 && named.getFirst().length == 1 ? named.getFirst()[0] : null;
    }

    /** Received no earlier. */
    @Nullable
    OffsetDateTime from() {
        return conjuncts()
                .filter(term -> term instanceof Term.After)
                .map(term -> start(((Term.After) term).day()))
                .max(OffsetDateTime::compareTo)
                .orElse(null);
    }

    /** Received earlier. */
    @Nullable
    OffsetDateTime before() {
        return conjuncts()
                .filter(term -> term instanceof Term.Before)
                .map(term -> start(((Term.Before) term).day()))
                .min(OffsetDateTime::compareTo)
                .orElse(null);
    }

    /**
     * What every hit is, each in a form by which an index finds all such messages of the account where they are few:
     * selects {@code received_at} and {@code message_id}.
     */
    List<String> rarities() {
        return rarities;
    }

    private Set<String> rarity(Term term) {
        var places = "select received_at, message_id from message_place where account_id = :account and ";
        var messages = "select received_at, id as message_id from message where account_id = :account and ";
        return switch (term) {
            case Term.Is is ->
                Set.of(
                        switch (is.state()) {
                            case UNREAD -> places + "unread";
                            case FLAGGED -> places + "flagged";
                            case ANSWERED -> places + "'$answered' = any (keywords)";
                        });
            case Term.HasAttachment attachment -> Set.of(messages + "has_attachment");
            case Term.Larger larger -> Set.of(messages + "size > " + parameter(larger.octets()));
            case Term.Smaller smaller -> Set.of(messages + "size < " + parameter(smaller.octets()));
            case Term.In in -> Set.of(messages + "mailbox_id = any (" + parameter(mailboxes(in)) + ")");
            default -> Set.of();
        };
    }

    private Stream<Term> conjuncts() {
        return query instanceof Term.And and ? and.all().stream() : Stream.of(query);
    }

    private String sql(Term term) {
        return switch (term) {
            case Term.And and -> join(and.all(), " and ");
            case Term.Or or -> join(or.any(), " or ");
            case Term.Not not -> "not " + sql(not.term());
            case Term.Text text -> text(text);
            case Term.In in -> place("p.mailbox_id = any (" + parameter(mailboxes(in)) + ")");
            case Term.HasAttachment attachment -> message("m.has_attachment");
            case Term.Is is ->
                place(
                        switch (is.state()) {
                            case UNREAD -> "p.unread";
                            case FLAGGED -> "p.flagged";
                            case ANSWERED -> "'$answered' = any (p.keywords)";
                        });
            case Term.Before before -> "(w.received_at < " + parameter(start(before.day())) + ")";
            case Term.After after -> "(w.received_at >= " + parameter(start(after.day())) + ")";
            case Term.Larger larger -> message("m.size > " + parameter(larger.octets()));
            case Term.Smaller smaller -> message("m.size < " + parameter(smaller.octets()));
        };
    }

    private String place(String condition) {
        onPlaces = true;
        return "(" + condition + ")";
    }

    private String message(String condition) {
        onMessages = true;
        return "(" + condition + ")";
    }

    private String join(List<Term> terms, String by) {
        return terms.stream().map(this::sql).collect(Collectors.joining(by, "(", ")"));
    }

    private String text(Term.Text text) {
        return switch (text.field()) {
            case ANY -> "(" + words(text) + " or " + body(text) + ")";
            case SUBJECT, FROM, TO, CC, FILENAME -> words(text);
            case BODY -> body(text);
        };
    }

    private String body(Term.Text text) {
        var ids = bodies.get(text.value());
        return ids == null || ids.isEmpty()
                ? "false"
                : "(w.message_id = any (" + parameter(ids.toArray(Long[]::new)) + "))";
    }

    private String words(Term.Text text) {
        var wanted = MessageWords.query(account, text);
        return wanted.isEmpty() ? "false" : "(w.words @@ cast(" + parameter(wanted) + " as tsquery))";
    }

    private String necessaryWords(Term term) {
        return switch (term) {
            case Term.And and ->
                and.all().stream()
                        .map(this::necessaryWords)
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining(" & "));
            case Term.Or or -> {
                var any = or.any().stream().map(this::necessaryWords).toList();
                yield any.contains("") ? "" : String.join(") | (", any).transform(all -> "((" + all + "))");
            }
            case Term.Text text ->
                text.field() == Term.Field.BODY || isInBodies(text) ? "" : MessageWords.query(account, text);
            default -> "";
        };
    }

    private boolean isInBodies(Term.Text text) {
        var ids = bodies.get(text.value());
        return text.field() == Term.Field.ANY && ids != null && !ids.isEmpty();
    }

    private Long[] mailboxes(Term.In in) {
        return scope.named(in.mailbox()).stream()
                .filter(mailbox -> mailbox.accountId() == account)
                .map(Mailbox::id)
                .toArray(Long[]::new);
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
