package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FreshDatabase;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Holds lists to their indexes: among 100,000 messages nothing is sorted and nothing is scanned. */
class ListPlanTests {
    private static final MailboxKey BIG = new MailboxKey(7, 1);
    private static final List<String> PLANS = new ArrayList<>();
    private static JdbcClient jdbc;

    @BeforeAll
    static void fill() {
        var source = (PGSimpleDataSource) FreshDatabase.migrated().dataSource();
        var plain = JdbcClient.create(source);
        plain.sql("""
                        insert into mailbox (account_id, remote_name, name, total, unread, sync)
                        select a, 'INBOX', 'INBOX', 100000, 10000, 'complete' from generate_series(6, 8) a
                        """).update();
        plain.sql("""
                        with r as materialized (
                            select i, nextval('message_id_seq') id, case when i % 10 = 0 then 6 + i % 3 else 7 end account,
                                   1 + (i % 40 = 2)::int mailbox, timestamptz '2020-01-01' + i * interval '1 hour' arrived
                              from generate_series(1, 120000) i),
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
                        """).update();
        plain.sql("vacuum analyze message").update();
        plain.sql("vacuum analyze message_place").update();
        plain.sql("vacuum analyze mailbox_thread").update();
        // PostgreSQL tells the plan of every statement as a notice.
        source.setOptions("-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
                + " -c auto_explain.log_level=notice -c client_min_messages=notice");
        jdbc = JdbcClient.create(new Explained(source));
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
        for (var view : List.of("messages", "threads")) {
            var index = view.equals("messages") ? ofMessages : ofThreads;
            var first = rows(sort, null, view, Position.Offset.TOP);
            onlyIndexes(index);
            rows(sort, null, view, first.get(9).position());
            onlyIndexes(index);
            rows(
                    sort,
                    null,
                    view,
                    new Position.Before(rows(sort, null, view, first.get(20).position())
                            .getLast()
                            .position()));
            onlyIndexes(index);
            if (view.equals("messages") || ofThreads.startsWith("mailbox")) {
                rows(sort, null, view, new Position.Offset(view.equals("messages") ? 50_000 : 20_000));
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
        var first = rows("-receivedAt", filter, view, Position.Offset.TOP);
        onlyIndexes(index);
        rows("-receivedAt", filter, view, first.get(9).position());
        onlyIndexes(index);
    }

    private static List<MessageRow> rows(String sort, String filter, String view, Position position) {
        var query = ListQuery.of(BIG, sort, filter, view, null, null, 50);
        PLANS.clear();
        var rows = new MessageQueries(jdbc)
                .page(new ListQuery(BIG, query.order(), query.filter(), query.view(), position, 50));
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

    /** Collects the notices of each statement. */
    private static final class Explained extends JdbcTemplate {
        Explained(PGSimpleDataSource source) {
            super(source);
            setIgnoreWarnings(false);
        }

        @Override
        protected void handleWarnings(Statement statement) throws SQLException {
            for (var warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                if (warning.getMessage().contains("plan:")) {
                    PLANS.add(warning.getMessage());
                }
            }
        }
    }
}
