package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.Explained;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.RemoteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds lists and changes to their indexes: among 100,000 messages nothing is sorted and nothing is scanned, in
 * accounts that came after PostgreSQL last looked neither.
 */
class ListPlanIT {
    private static final MailboxKey BIG = new MailboxKey(7, 1);
    /** PostgreSQL has no statistics of it. */
    private static final MailboxKey LATE = new MailboxKey(17, 1);

    private static final String ALL_OF = " on (message|message_\\w+|mailbox_thread) .*\\s+Index Cond: ";
    private static final List<String> PLANS = new ArrayList<>();
    private static JdbcClient jdbc;

    @BeforeAll
    static void fill() {
        var source = (PGSimpleDataSource) FreshDatabase.migrated().dataSource();
        var plain = JdbcClient.create(source);
        fill(plain, BIG, 120_000);
        plain.sql("vacuum analyze message").update();
        plain.sql("vacuum analyze message_place").update();
        plain.sql("vacuum analyze mailbox_thread").update();
        fill(plain, LATE, 90_000);
        // PostgreSQL tells the plan of every statement as a notice.
        source.setOptions(
                FreshDatabase.OPTIONS + " -c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
                        + " -c auto_explain.log_nested_statements=on -c auto_explain.log_level=notice -c client_min_messages=notice");
        jdbc = JdbcClient.create(new Explained(source, PLANS));
    }

    private static void fill(JdbcClient plain, MailboxKey mailbox, int rows) {
        plain.sql("""
                        insert into mailbox (account_id, remote_name, name, total, unread, sync)
                        select :account + a, 'INBOX', 'INBOX', 100000, 10000, 'complete' from generate_series(-1, 1) a
                        """).param("account", mailbox.accountId()).update();
        plain.sql("""
                        with r as materialized (
                            select i, nextval('message_id_seq') id, case when i % 10 = 0 then :account - 1 + i % 3 else :account end account,
                                   1 + (i % 40 = 2)::int mailbox, timestamptz '2020-01-01' + i * interval '1 hour' arrived
                              from generate_series(1, :rows) i),
                        place as (
                            insert into message_place (account_id, message_id, mailbox_id, remote_id, received_at, arrival,
                                   thread_id, has_attachment, keywords)
                            select account, id, mailbox, i, arrived, i, i / 3, i % 50 = 3,
                                   case when i % 10 = 1 then '{}' when i % 100 = 7 then '{$flagged,$seen}'
                                        else '{$seen}'::text[] end from r)
                        insert into message (account_id, id, mailbox_id, arrival, message_id, subject, base_subject,
                               from_text, envelope, received_at, sent_at, size, has_attachment, structure)
                        select account, id, mailbox, i, i || '@example.org',
                               'Subject ' || i % 997 || case when i % 5000 = 0 then ' needle' else '' end,
                               'subject ' || i % 997, 'sender ' || i % 301,
                               jsonb_build_object('from', jsonb_build_array(jsonb_build_object(
                                   'name', 'Sender ' || i % 301, 'email', 's' || i % 301 || '@example.org'))),
                               arrived, arrived, 1000 + (i * 7919) % 100000, i % 50 = 3, '{"id":"1","type":"text/plain"}'::jsonb
                          from r
                        """).param("account", mailbox.accountId()).param("rows", rows).update();
    }

    @ParameterizedTest
    @CsvSource({
        "-receivedAt, message_by_received, mailbox_thread_by_newest",
        "receivedAt, message_by_received, mailbox_thread_by_newest",
        "-sentAt, message_by_sent, message_by_sent",
        "sentAt, message_by_sent, message_by_sent",
        "from, message_by_from, message_by_from",
        "-from, message_by_from, message_by_from",
        "subject, message_by_subject, message_by_subject",
        "-subject, message_by_subject, message_by_subject",
        "size, message_by_size, message_by_size",
        "-size, message_by_size, message_by_size",
        "unread, message_by_unread, mailbox_thread_by_unread",
        "-unread, message_by_unread, mailbox_thread_by_unread"
    })
    void everyOrderReadsItsIndexAtAnyDepth(String sort, String ofMessages, String ofThreads) {
        for (var mailbox : List.of(BIG, LATE)) {
            everyOrderReadsItsIndexAtAnyDepth(mailbox, sort, ofMessages, ofThreads);
        }
    }

    private static void everyOrderReadsItsIndexAtAnyDepth(
            MailboxKey mailbox, String sort, String ofMessages, String ofThreads) {
        for (var view : List.of("messages", "threads")) {
            var index = view.equals("messages") ? ofMessages : ofThreads;
            var first = rows(mailbox, sort, null, view, Position.Offset.TOP);
            onlyIndexes(index);
            rows(mailbox, sort, null, view, first.get(9).position());
            onlyIndexes(index);
            var deep = rows(mailbox, sort, null, view, new Position.Offset(10_000));
            rows(mailbox, sort, null, view, new Position.Before(deep.getFirst().position()));
            onlyIndexes(index);
            if (view.equals("messages") || ofThreads.startsWith("mailbox")) {
                rows(mailbox, sort, null, view, new Position.Offset(15_000));
                assertThat(PLANS).hasSize(2);
                assertThat(PLANS.getFirst())
                        .containsPattern("Index Only Scan (Backward )?using " + index)
                        .doesNotContain("Sort", "Seq Scan", "Bitmap");
                onlyIndexes(index);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "unread, messages, message_by_unread",
        "flagged, messages, message_flagged",
        "attachment, messages, message_with_attachment",
        "unread, threads, mailbox_thread_by_unread",
        "flagged, threads, mailbox_thread_flagged",
        "attachment, threads, mailbox_thread_with_attachment"
    })
    void filtersHaveIndexesOfTheirOwn(String filter, String view, String index) {
        for (var mailbox : List.of(BIG, LATE)) {
            var first = rows(mailbox, "-receivedAt", filter, view, Position.Offset.TOP);
            onlyIndexes(index);
            rows(mailbox, "-receivedAt", filter, view, first.get(9).position());
            onlyIndexes(index);
        }
    }

    @Test
    void aThousandMessagesAreLookedUpByTheirKeys() {
        var links = new ThreadLinks(jdbc);
        var members = new ThreadMembers(jdbc);
        var threads = new ThreadIndex(jdbc, links, members);
        var messages = new MessageIndex(jdbc, threads, new SubjectRepair(jdbc, links, threads, members));
        for (var mailbox : List.of(BIG, LATE)) {
            var other = new MailboxKey(mailbox.accountId(), 2);
            var ids = LongStream.range(20_000, 21_000).mapToObj(RemoteId::new).toList();
            PLANS.clear();
            messages.changeKeywords(mailbox, ids, Set.of(Keyword.FLAGGED, Keyword.ANSWERED), Set.of());
            var newIds = ids.stream().collect(Collectors.toMap(id -> id, id -> new RemoteId(id.value() + 1_000_000)));
            messages.move(mailbox, other, ids, newIds);
            messages.delete(other, newIds.values());
            assertThat(PLANS).anyMatch(plan -> plan.contains("merge into mailbox_thread"));
            assertThat(PLANS)
                    .allSatisfy(plan -> assertThat(plan)
                            .doesNotContain("Seq Scan")
                            .doesNotContainPattern(ALL_OF + "\\(account_id = \\S+\\)\\s")
                            .doesNotContainPattern(
                                    ALL_OF + "\\(\\(account_id = \\S+\\) AND \\(mailbox_id = \\S+\\)\\)\\s"));
        }
    }

    private static List<MessageRow> rows(
            MailboxKey mailbox, String sort, String filter, String view, Position position) {
        var query = ListQuery.of(mailbox, sort, filter, view, null, null, 50);
        PLANS.clear();
        var rows = new MessageQueries(jdbc)
                .page(new ListQuery(mailbox, query.order(), query.filter(), query.view(), position, 50));
        assertThat(rows).hasSizeGreaterThanOrEqualTo(10);
        return rows;
    }

    /** The rows are picked in that index; only those of the page are put in order again, after they were fetched. */
    private static void onlyIndexes(String index) {
        assertThat(PLANS.getLast())
                .containsPattern("(?s)Nested Loop.*Limit  \\(.*" + index)
                .doesNotContainPattern("(?s)Limit  \\(.*Sort  \\(")
                .doesNotContain("Seq Scan", "Bitmap", "Hash");
    }
}
