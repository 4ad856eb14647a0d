package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FreshDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class MilestonesTests {
    private static final MailboxKey LONG = new MailboxKey(3, 1);
    private static JdbcClient jdbc;

    private final MailboxIndex mailboxes = new MailboxIndex(jdbc);
    private final List<Integer> counted = new ArrayList<>();
    private final MessageQueries queries = new MessageQueries(jdbc) {
        @Override
        Optional<Position.After> at(ListQuery query, Position.@Nullable After from, int rows) {
            synchronized (counted) {
                counted.add(rows);
            }
            return super.at(query, from, rows);
        }
    };
    private final Milestones milestones = new Milestones(queries, mailboxes);

    @BeforeAll
    static void fill() {
        jdbc = JdbcClient.create(FreshDatabase.migrated().dataSource());
        jdbc.sql("""
                        insert into mailbox (account_id, id, remote_name, name, total, sync) overriding system value
                        values (3, 1, 'INBOX', 'INBOX', 13500, 'complete')
                        """).update();
        add(1, 13_500);
    }

    @ParameterizedTest
    @CsvSource({"-receivedAt, messages", "subject, messages", "unread, messages", "receivedAt, threads"})
    void aJumpCountsFromTheMilestoneBefore(String sort, String view) {
        var list = ListQuery.of(LONG, sort, null, view, null, 0, 50);
        walked(list);

        for (int offset : List.of(10_000, 10_999, 11_000, 13_499, 13_500, 90_000)) {
            counted.clear();
            var found = milestones.at(mailbox(), list, offset);
            assertThat(counted).hasSize(1);
            // Behind the end there is no milestone to count from, and nothing to count.
            assertThat(counted.getFirst()).isLessThan(Math.max(1_000, offset - 12_999));
            assertThat(found).isEqualTo(new MessageQueries(jdbc).at(list, null, offset));
        }
    }

    @Test
    void aListThatChangedIsCountedAnew() {
        var list = ListQuery.of(LONG, "-receivedAt", null, "messages", null, 0, 50);
        walked(list);
        var before = milestones.at(mailbox(), list, 12_000).orElseThrow();

        add(20_001, 1);
        try {
            var shifted = milestones.at(mailbox(), list, 12_001);
            assertThat(counted).contains(12_001);
            assertThat(shifted).contains(before);
        } finally {
            remove(20_001);
        }
    }

    @Test
    void aPreviewMovesNothing() {
        var list = ListQuery.of(LONG, "size", null, "messages", null, 0, 50);
        walked(list);
        jdbc.sql("insert into message_preview (account_id, message_id, preview) values (3, 7, 'Hello')")
                .update();
        counted.clear();
        milestones.at(mailbox(), list, 12_000);
        assertThat(counted).containsExactly(0);
    }

    @Test
    void theTopOfAListIsNotWalkedThrough() {
        milestones.at(mailbox(), ListQuery.of(LONG, "-sentAt", null, "messages", null, 0, 50), 9_999);
        assertThat(counted).containsExactly(9_999);
    }

    /** Until a jump no longer counts from the top. */
    private void walked(ListQuery list) {
        Mirror.await(() -> {
            counted.clear();
            milestones.at(mailbox(), list, 10_000);
            return counted.equals(List.of(0));
        });
    }

    private Mailbox mailbox() {
        return mailboxes.find(LONG).orElseThrow();
    }

    private static void add(int first, int count) {
        jdbc.sql("""
                        with r as (select i, timestamptz '2024-01-01' + i * interval '1 minute' arrived
                                     from generate_series(:first, :first + :count - 1) i),
                        place as (
                            insert into message_place (account_id, message_id, mailbox_id, remote_id, received_at, arrival,
                                   thread_id, has_attachment, keywords)
                            select 3, i, 1, i, arrived, i, i, false, case when i % 3 = 0 then '{}' else '{$seen}'::text[] end
                              from r)
                        insert into message (account_id, id, mailbox_id, arrival, subject, base_subject, from_text,
                               envelope, received_at, sent_at, size, has_attachment, structure)
                        select 3, i, 1, i, 'Subject ' || i % 97, 'subject ' || i % 97, '', '{}', arrived, arrived, i,
                               false, '{}'
                          from r
                        """).param("first", first).param("count", count).update();
    }

    private static void remove(int id) {
        jdbc.sql("delete from message_place where account_id = 3 and message_id = ?")
                .param(id)
                .update();
        jdbc.sql("delete from message where account_id = 3 and id = ?")
                .param(id)
                .update();
    }
}
