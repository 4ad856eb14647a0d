package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.Access;
import dev.valija.account.AccessRole;
import dev.valija.account.UserId;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.support.Explained;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.MailboxRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds searches among 100,000 messages to what they may read. PostgreSQL itself counts the pages (8 KiB) of every
 * statement, which unlike time is the same on every machine.
 */
class SearchPlanIT {
    private static final int MESSAGES = 100_000;
    private static final Access OWN = new Access(new UserId(1), new UserId(1), 7, AccessRole.OWNER, Map.of(), null);
    private static final Pattern PAGES = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    private static final List<String> PLANS = new ArrayList<>();
    private static JdbcClient jdbc;
    private static SearchScope scope;

    @BeforeAll
    static void fill() {
        var source = (PGSimpleDataSource) FreshDatabase.migrated().dataSource();
        var plain = JdbcClient.create(source);
        plain.sql("""
                        with r as materialized (
                            select 100000 - i as i, nextval('message_id_seq') id, 1 + (i % 20 = 0)::int mailbox,
                                   timestamptz '2020-01-01' + (100000 - i) * interval '30 minutes' as at
                              from generate_series(0, 99999) i),
                        place as (
                            insert into message_place (account_id, message_id, mailbox_id, remote_id, received_at, arrival,
                                   thread_id, has_attachment, keywords)
                            select 7, id, mailbox, i, at, i, i / 3, i % 7000 = 3,
                                   case when i % 2 = 1 then '{}' when i % 9000 = 8 then '{$answered,$flagged,$seen}'
                                        else '{$seen}'::text[] end from r),
                        words as (
                            insert into message_words (account_id, received_at, message_id, words)
                            select 7, at, id, (format('''7Sre'':1 ''7Ssubject'':2 ''7Sn%s'':3 ''7Fsender'':1 ''7Fs%s'':2 '
                                       || '''7Tanna'':1 ''7Texample'':2', i, i % 301)
                                   || case when i % 5000 = 7 then ' ''7Sneedle'':4 ''7Seye'':5' else '' end
                                   || case when i % 2 = 1 then ' ''7Sodd'':6' else ' ''7Seven'':6' end
                                   || case when i < 50000 then ' ''7Sold'':7' else '' end
                                   || case when i = 4242 then ' ''7Todd'':7 ''7Teven'':9' else '' end)::tsvector from r)
                        insert into message (account_id, id, mailbox_id, arrival, message_id, subject, base_subject,
                               from_text, envelope, received_at, sent_at, size, has_attachment, structure)
                        select 7, id, mailbox, i, i || '@example.org', 'Subject ' || i, 'subject ' || i,
                               'sender ' || i % 301, '{}', at, at, 1000 + (i * 7919) % 100000, i % 7000 = 3,
                               '{"id":"1","type":"text/plain"}'::jsonb
                          from r
                        """).update();
        for (var table : List.of("message", "message_place", "message_words")) {
            plain.sql("vacuum analyze " + table).update();
        }
        scope = new SearchScope(
                List.of(OWN),
                List.of(mailbox(1, "INBOX", MailboxRole.INBOX, 95_000), mailbox(2, "Archive", null, 5_000)),
                false);
        source.setOptions(
                FreshDatabase.OPTIONS + " -c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
                        + " -c auto_explain.log_analyze=on -c auto_explain.log_buffers=on -c auto_explain.log_timing=off"
                        + " -c auto_explain.log_level=notice -c client_min_messages=notice -c jit=off");
        jdbc = JdbcClient.create(new Explained(source, PLANS));
    }

    private static Mailbox mailbox(long id, String name, MailboxRole role, int total) {
        return new Mailbox(
                new MailboxKey(7, id),
                name,
                name,
                null,
                "/",
                role,
                true,
                true,
                total,
                0,
                null,
                Mailbox.Sync.COMPLETE,
                null,
                total,
                total,
                0,
                0);
    }

    /** The hits there are up to 51, and the pages that all statements together may read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "needle                 | 20 | 1500",
                "subject:needle         | 20 | 1500",
                "need                   | 20 | 1500",
                "\"needle eye\"         | 20 | 1500",
                "\"eye needle\"         | 0  | 1500",
                "n4242                  | 11 | 1500",
                "subject                | 51 | 1000",
                "s                      | 51 | 1000",
                "subject sender         | 51 | 1000",
                "odd                    | 51 | 1000",
                "from:s17               | 51 | 25000",
                "to:odd to:even         | 1  | 2500",
                "odd even               | 1  | 4000",
                "old needle             | 10 | 2500",
                "-subject needle        | 0  | 2500",
                "subject -odd           | 51 | 1000",
                "needle OR eye          | 20 | 2500",
                "is:flagged             | 12 | 2500",
                "is:answered            | 12 | 2500",
                "subject is:flagged     | 12 | 2500",
                "has:attachment         | 15 | 2500",
                "odd has:attachment     | 15 | 2500",
                "is:unread              | 51 | 12000",
                "larger:100900          | 51 | 12000",
                "larger:100997          | 2  | 12000",
                "in:archive             | 51 | 20000",
                "in:archive needle      | 0  | 20000",
                "in:nowhere             | 0  | 2000",
                "before:2020-01-03      | 51 | 1500",
                "subject before:2020-01-03 | 51 | 1500",
                "needle after:2025-01-01 | 2 | 2000",
            })
    void aPageReadsLittle(String query, int hits, int pages) {
        PLANS.clear();
        var condition = new SearchCondition(7, scope, QueryParser.parse(query), Map.of());
        var found = new IndexSearch(new SearchQueries(jdbc)).find(condition, MESSAGES, null, 51);
        assertThat(found).hasSize(hits).isSortedAccordingTo(IndexSearch.NEWEST_FIRST);
        assertThat(pagesRead()).as(String.join("\n", PLANS)).isLessThan(pages);
        // Counting up to a bound may begin anywhere.
        assertThat(PLANS)
                .filteredOn(plan -> !plan.contains("select count(*)"))
                .noneMatch(plan -> plan.contains("Seq Scan"));
    }

    @Test
    void aPageAnywhereReadsAsLittleAsTheFirst() {
        var search = new IndexSearch(new SearchQueries(jdbc));
        for (var query : List.of("subject", "needle", "odd is:unread")) {
            var condition = new SearchCondition(7, scope, QueryParser.parse(query), Map.of());
            var all = search.find(condition, MESSAGES, null, 20);
            PLANS.clear();
            var after = search.find(condition, MESSAGES, all.get(9).positionAmongAll(), 10);
            assertThat(after).isEqualTo(all.subList(10, 20));
            assertThat(pagesRead()).isLessThan(12_000);
        }
    }

    @Test
    void oneMailboxIsSearchedInItsOwnOrder() {
        var archive = new SearchScope(List.of(OWN), List.of(scope.mailboxes().getLast()), true);
        var search = new IndexSearch(new SearchQueries(jdbc));
        PLANS.clear();
        var condition = new SearchCondition(7, archive, QueryParser.parse("subject"), Map.of());
        assertThat(search.find(condition, 5_000, null, 51))
                .hasSize(51)
                .allMatch(row -> row.mailbox().id() == 2);
        assertThat(pagesRead()).isLessThan(20_000);
        assertThat(PLANS).noneMatch(plan -> plan.contains("Seq Scan"));
    }

    private static int pagesRead() {
        int pages = 0;
        for (var plan : PLANS) {
            var first = PAGES.matcher(plan); // the first line is that of the whole statement
            if (first.find()) {
                pages += Integer.parseInt(first.group(1))
                        + (first.group(2) == null ? 0 : Integer.parseInt(first.group(2)));
            }
        }
        assertThat(pages).isPositive();
        return pages;
    }
}
