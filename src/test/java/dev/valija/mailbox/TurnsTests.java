package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTests {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void noMoreThanSoManyHaveATurn() throws InterruptedException {
        var turns = new Turns(2, LONG);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.startVirtualThread(() -> turns.taking(() -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                now.decrementAndGet();
            })));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 2);
    }

    /** Four accounts whose servers did not answer kept all others' mailboxes from being filled. */
    @Test
    void whoWaitsForAProviderForLongGoesOnWithoutATurn() throws InterruptedException {
        var turns = new Turns(2, Duration.ofMillis(50));
        var answers = new CountDownLatch(1);
        var stuck = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            stuck.add(Thread.startVirtualThread(() -> turns.taking(() -> await(answers))));
        }
        var another = new CountDownLatch(1);
        Thread.startVirtualThread(() -> turns.taking(another::countDown));

        assertThat(another.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stuck).allMatch(Thread::isAlive);
        answers.countDown();
        for (var thread : stuck) {
            thread.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
