package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FreshDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class IndexStatisticsTests {
    private final JdbcClient jdbc = JdbcClient.create(FreshDatabase.migrated().dataSource());
    private final IndexStatistics statistics = new IndexStatistics(jdbc);

    @Test
    void tablesThatGrewMuchAreLookedAtAndThenNotForLong() {
        // Nobody else looks at them meanwhile.
        jdbc.sql("alter table message set (autovacuum_enabled = off)").update();
        rows(0, 1200);
        statistics.grew(900);
        assertThat(known()).isNegative();
        statistics.grew(300);
        assertThat(known()).isEqualTo(1200);

        rows(1200, 4000);
        statistics.grew(2000);
        assertThat(known()).isEqualTo(1200);
        statistics.grew(1700);
        assertThat(known()).isEqualTo(5200);
    }

    private void rows(int from, int count) {
        jdbc.sql("""
                        insert into message (account_id, id, mailbox_id, arrival, subject, base_subject, from_text,
                                             envelope, received_at, size, has_attachment, structure)
                        select 1, i, 1, i, '', '', '', '{}', now(), 1, false, '{}'
                          from generate_series(:from + 1, :from + :count) i
                        """).param("from", from).param("count", count).update();
    }

    private long known() {
        return jdbc.sql("select reltuples::bigint from pg_class where oid = 'message'::regclass")
                .query(Long.class)
                .single();
    }
}
