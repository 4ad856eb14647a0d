package dev.valija.mailbox;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has PostgreSQL look at the tables of the index when they have grown much at once. Its own look comes a minute or more
 * later; until then it plans as if they were nearly empty, and reads whole accounts to find a message.
 */
@Component
class IndexStatistics {
    private static final long FEW = 1_000;
    /** Looked at again when there are so many times as many rows. */
    private static final long MUCH = 4;

    private final JdbcClient jdbc;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong due = new AtomicLong(FEW);

    IndexStatistics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Rows were written. Outside any transaction: it may take a second, and holds no writer up. */
    void grew(int rows) {
        long now = written.addAndGet(rows);
        long then = due.get();
        if (now < then || !due.compareAndSet(then, Long.MAX_VALUE)) {
            return;
        }
        long known = 0;
        try {
            known = known();
            if (now >= (MUCH - 1) * known) {
                jdbc.sql("analyze message, message_place, message_words, mailbox_thread, thread_reference")
                        .update();
                known = known();
            }
        } finally {
            written.set(0);
            due.set(Math.max(FEW, (MUCH - 1) * known));
        }
    }

    /** How many messages PostgreSQL believes there are. */
    private long known() {
        return jdbc.sql("select greatest(reltuples, 0)::bigint from pg_class where oid = 'message'::regclass")
                .query(Long.class)
                .single();
    }
}
