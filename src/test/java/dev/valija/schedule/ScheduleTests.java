package dev.valija.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.valija.support.FreshDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Alarms go off, once, whoever dies in between. */
class ScheduleTests {
    private static final HikariDataSource DATABASE = pool(FreshDatabase.migrated());

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final Alarms alarms = new Alarms(DATABASE);
    private final Queue<Long> done = new ConcurrentLinkedQueue<>();
    private final Queue<Schedule> nodes = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void nothingIsLeft() {
        jdbc.sql("delete from scheduled_tasks").update();
    }

    @AfterEach
    void stop() {
        nodes.forEach(Schedule::stop);
    }

    @Test
    void anAlarmGoesOffWithinSecondsAndIsOverThen() {
        node(done::add);
        alarms.set("work", 7, Instant.now().plusSeconds(1));
        alarms.set("work", 8, Instant.now().plusSeconds(600));

        await().atMost(Duration.ofSeconds(6)).until(() -> done.contains(7L));
        await().until(() -> left() == 1);
        assertThat(done).containsExactly(7L);
    }

    @Test
    void itGoesOffOnOneOfTwoNodes() {
        LongStream.range(0, 100)
                .forEach(account -> alarms.set("work", account, Instant.now().minusSeconds(1)));
        node(done::add);
        node(done::add);

        await().atMost(Duration.ofSeconds(60)).until(() -> left() == 0);
        assertThat(done).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void whatANodeDiedOverAnotherDoes() {
        alarms.set("work", 7, Instant.now().minusSeconds(600));
        jdbc.sql("""
                        update scheduled_tasks set picked = true, picked_by = 'who died', version = version + 1,
                               last_heartbeat = now() - interval '2 minutes'
                        """).update();
        node(done::add);

        await().atMost(Duration.ofSeconds(20)).until(() -> done.contains(7L));
    }

    @Test
    void whatANodeIsAtNoOtherTakes() {
        alarms.set("work", 7, Instant.now().minusSeconds(600));
        alarms.set("work", 8, Instant.now().minusSeconds(500));
        jdbc.sql("""
                        update scheduled_tasks set picked = true, picked_by = 'another', version = version + 1,
                               last_heartbeat = now() - interval '20 seconds' where task_instance like '7/%'
                        """).update();
        node(done::add);

        await().atMost(Duration.ofSeconds(6)).until(() -> done.contains(8L));
        assertThat(done).containsExactly(8L);
    }

    @Test
    void whatFailsIsTriedAgainLaterAndLater() {
        node(account -> {
            done.add(account);
            throw new IllegalStateException("no");
        });
        alarms.set("work", 7, Instant.now());
        await().until(() -> failures() == 1);
        assertThat(secondsLeft()).isBetween(5, 15);

        jdbc.sql("update scheduled_tasks set execution_time = now()").update();
        await().until(() -> failures() == 2);
        assertThat(secondsLeft()).isBetween(20, 30);
    }

    @Test
    void itIsSetTogetherWithWhatElseIsWritten() {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(DATABASE));
        transaction.executeWithoutResult(status -> {
            alarms.set("work", 7, Instant.now());
            status.setRollbackOnly();
        });
        assertThat(left()).isZero();
    }

    @Test
    void theLastOnesAreEndedWithinThePatienceOfAShutdown() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var node = node(account -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        });
        alarms.set("work", 7, Instant.now());
        begun.await();

        var start = Instant.now();
        node.stop();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(11));
        assertThat(left()).as("it is not lost").isOne();
    }

    @Test
    void itCanBeStartedAgain() {
        var node = node(done::add);
        node.stop();
        alarms.set("work", 7, Instant.now());
        node.start();
        await().atMost(Duration.ofSeconds(6)).until(() -> done.contains(7L));
    }

    private static HikariDataSource pool(FreshDatabase database) {
        var pool = new HikariDataSource();
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(8);
        return pool;
    }

    private Schedule node(LongConsumer work) {
        var node = new Schedule(DATABASE, List.of(new AccountWork("work", work, account -> {})));
        nodes.add(node);
        node.start();
        return node;
    }

    private int left() {
        return jdbc.sql("select count(*) from scheduled_tasks")
                .query(Integer.class)
                .single();
    }

    private int failures() {
        return jdbc.sql("select coalesce(max(consecutive_failures), 0) from scheduled_tasks")
                .query(Integer.class)
                .single();
    }

    /** Seconds until it is tried again. */
    private int secondsLeft() {
        return jdbc.sql("select extract(epoch from execution_time - now())::int from scheduled_tasks")
                .query(Integer.class)
                .single();
    }
}
