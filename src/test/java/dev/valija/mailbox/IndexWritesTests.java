package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.FreshDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.support.JdbcTransactionManager;

class IndexWritesTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final TestNode node = anna.node;

    @Test
    void thoseWhoWaitForABusyAccountHoldNoConnection() throws Exception {
        var written = new AtomicInteger();
        var waiting = new ArrayList<Thread>();
        var busy = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        waiting.add(Thread.startVirtualThread(() -> node.writes.run(anna.id, () -> {
            busy.countDown();
            join(done);
        })));
        try {
            busy.await();
            for (int i = 0; i < 3 * node.pool.getMaximumPoolSize(); i++) {
                waiting.add(Thread.startVirtualThread(() -> node.writes.run(anna.id, written::incrementAndGet)));
            }
            Mirror.await(() -> waiting.stream().allMatch(IndexWritesTests::waits));
            assertThat(node.pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);

            node.writes.run(TestAccount.newId(), written::incrementAndGet);
            assertThat(written).as("another account's").hasValue(1);
        } finally {
            done.countDown();
        }
        for (var thread : waiting) {
            thread.join();
        }
        assertThat(written).hasValue(1 + waiting.size() - 1);
    }

    @Test
    void anotherNodeThatDoesNotLetGoIsNotWaitedForWithoutEnd() throws Exception {
        var impatient = new IndexWrites(
                new JdbcTransactionManager(node.pool),
                node.jdbc,
                node.events::add,
                anna.accounts,
                Duration.ofMillis(50));
        var busy = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        try (var other = anna.anotherNode()) {
            var writer = Thread.startVirtualThread(() -> other.writes.run(anna.id, () -> {
                busy.countDown();
                join(done);
            }));
            try {
                busy.await();
                assertThatThrownBy(() -> impatient.run(anna.id, () -> {}))
                        .isInstanceOf(CannotAcquireLockException.class);
            } finally {
                done.countDown();
            }
            writer.join();
            impatient.run(anna.id, () -> {});
        }
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
