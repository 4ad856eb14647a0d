package dev.valija.mailbox;

import dev.valija.mailbox.Answers.Letter;
import dev.valija.mailbox.ThreadLinks.Link;
import dev.valija.mailbox.ThreadLinks.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Links answers that name no message to what they answer, by {@link Answers}: always the nearest before them, in
 * whatever order they come in. Works on batches, once their rows are written.
 */
@Repository
class SubjectRepair {
    private static final int MOST_QUESTIONS = 20;
    private static final int MOST_ANSWERS = 200;

    private static final Comparator<Letter> NEAREST_LAST =
            Comparator.comparing(Letter::receivedAt).thenComparing(Letter::messageId);

    private final JdbcClient jdbc;
    private final ThreadLinks links;
    private final ThreadIndex threads;
    private final ThreadMembers members;

    SubjectRepair(JdbcClient jdbc, ThreadLinks links, ThreadIndex threads, ThreadMembers members) {
        this.jdbc = jdbc;
        this.links = links;
        this.threads = threads;
        this.members = members;
    }

    /** These messages have come in: they answer, and are answered. */
    void after(long accountId, RowBatch batch) {
        var letters = batch.letters();
        var questions = letters.all().stream().collect(Collectors.groupingBy(Letter::baseSubject));
        var found = new LinkedHashMap<String, Pair>();
        questionsOf(accountId, letters.answers())
                .forEach((answer, before) -> before.forEach(question -> consider(new Pair(answer, question), found)));
        answersTo(accountId, questions)
                .forEach(answer -> questions
                        .getOrDefault(answer.baseSubject(), List.of())
                        .forEach(question -> consider(new Pair(answer, question), found)));
        if (!found.isEmpty()) {
            link(accountId, found);
        }
    }

    private record Pair(Letter answer, Letter question) {}

    private static void consider(Pair pair, Map<String, Pair> found) {
        if (Answers.answers(pair.answer(), pair.question())) {
            found.merge(
                    pair.answer().messageId(),
                    pair,
                    (a, b) -> NEAREST_LAST.compare(a.question(), b.question()) < 0 ? b : a);
        }
    }

    private void link(long accountId, Map<String, Pair> found) {
        var known = links.from(accountId, found.keySet()).stream().collect(Collectors.groupingBy(Link::messageId));
        var linked = new ArrayList<ThreadIndex.Links>();
        found.forEach((id, pair) -> {
            var question = pair.question();
            var before = known.getOrDefault(id, List.of());
            // What a user said stays.
            if (before.stream().allMatch(link -> link.reason() == Reason.SUBJECT && isNearer(question, link))) {
                before.forEach(link -> links.remove(accountId, link));
                links.add(accountId, new Link(id, question.messageId(), Reason.SUBJECT, question.receivedAt()));
                if (!before.isEmpty()) {
                    threads.regroup(accountId, members.threadsOf(accountId, List.of(id)));
                }
                linked.add(new ThreadIndex.Links(
                        id, List.of(), pair.answer().baseSubject().hashCode()));
            }
        });
        if (!linked.isEmpty()) {
            threads.assign(accountId, linked);
        }
    }

    private static boolean isNearer(Letter question, Link link) {
        var at = link.linkedAt();
        return at == null
                || at.isBefore(question.receivedAt())
                || (at.equals(question.receivedAt()) && link.linkedTo().compareTo(question.messageId()) < 0);
    }

    /** What these may be the answers to. */
    private Map<Letter, List<Letter>> questionsOf(long accountId, List<Letter> answers) {
        var found = new LinkedHashMap<Letter, List<Letter>>();
        if (answers.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                        select a.n, q.* from unnest(:keys::text[], :received::bigint[]) with ordinality a (key, at, n)
                          join mailbox b on b.account_id = :account
                         cross join lateral (
                            select m.message_id, m.base_subject, m.received_at, m.subject, m.envelope from message m
                             where m.account_id = :account and m.mailbox_id = b.id and m.subject_key = a.key
                               and m.received_at < timestamptz 'epoch' + a.at * interval '1 microsecond'
                               and m.received_at >= timestamptz 'epoch' + (a.at - :longest) * interval '1 microsecond'
                               and m.message_id is not null
                             order by m.received_at desc, m.arrival desc limit :most) q
                        """)
                .param("account", accountId)
                .param("keys", answers.stream().map(SubjectRepair::key).toArray(String[]::new))
                .param(
                        "received",
                        answers.stream()
                                .map(a -> RowBatch.micros(a.receivedAt()))
                                .toArray(Long[]::new))
                .param("longest", Answers.LONGEST.toMillis() * 1000)
                .param("most", MOST_QUESTIONS)
                .query(rs -> {
                    found.computeIfAbsent(answers.get(rs.getInt("n") - 1), a -> new ArrayList<>())
                            .add(letter(rs));
                });
        return found;
    }

    /** Answers that wait for what they answer, under the subjects of these. */
    private List<Letter> answersTo(long accountId, Map<String, List<Letter>> questions) {
        if (questions.isEmpty()) {
            return List.of();
        }
        var subjects = List.copyOf(questions.values());
        return jdbc.sql("""
                        select a.* from unnest(:keys::text[], :first::bigint[], :last::bigint[]) q (key, first, last)
                         cross join lateral (
                            select m.message_id, m.base_subject, m.received_at, m.subject, m.envelope from message m
                             where m.account_id = :account and m.unreferenced and m.subject_key = q.key
                               and m.received_at > timestamptz 'epoch' + q.first * interval '1 microsecond'
                               and m.received_at <= timestamptz 'epoch' + (q.last + :longest) * interval '1 microsecond'
                             order by m.received_at limit :most) a
                        """)
                .param("account", accountId)
                .param("keys", subjects.stream().map(all -> key(all.getFirst())).toArray(String[]::new))
                .param(
                        "first",
                        subjects.stream()
                                .mapToLong(all -> received(all).min().orElseThrow())
                                .boxed()
                                .toArray(Long[]::new))
                .param(
                        "last",
                        subjects.stream()
                                .mapToLong(all -> received(all).max().orElseThrow())
                                .boxed()
                                .toArray(Long[]::new))
                .param("longest", Answers.LONGEST.toMillis() * 1000)
                .param("most", MOST_ANSWERS)
                .query((rs, n) -> letter(rs))
                .list();
    }

    private static LongStream received(List<Letter> letters) {
        return letters.stream().mapToLong(letter -> RowBatch.micros(letter.receivedAt()));
    }

    /** As the column {@code subject_key}: see V006. */
    private static String key(Letter letter) {
        var base = letter.baseSubject();
        return base.codePointCount(0, base.length()) <= 100 ? base : base.substring(0, base.offsetByCodePoints(0, 100));
    }

    private static Letter letter(ResultSet rs) throws SQLException {
        var id = rs.getString("message_id");
        return new Letter(
                id,
                rs.getString("base_subject"),
                rs.getObject("received_at", OffsetDateTime.class).toInstant(),
                MessageJson.envelope(id, rs.getString("subject"), null, rs.getString("envelope")));
    }
}
