package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CpuBudgetTests {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void whatIsDoneInTimeIsGivenBack() {
        assertThat(CpuBudget.within(SHORT, () -> "done")).isEqualTo("done");
    }

    @Test
    void workWithoutEndIsGivenUpAndInterrupted() {
        var stopped = new CountDownLatch(1);

        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            assertThatThrownBy(() -> CpuBudget.within(SHORT, () -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            Thread.onSpinWait();
                        }
                        stopped.countDown();
                        return "never";
                    }))
                    .isInstanceOf(CpuBudget.Exceeded.class);
            stopped.await();
        });
    }

    @Test
    void workThatDoesNotStopKeepsItsPlace() {
        var stop = new AtomicBoolean();
        var begun = new AtomicBoolean();
        try {
            for (int i = 0; i < CpuBudget.MOST_AT_ONCE; i++) {
                assertThatThrownBy(() -> CpuBudget.within(Duration.ofMillis(1), () -> {
                            while (!stop.get()) {
                                Thread.onSpinWait();
                            }
                            return "never";
                        }))
                        .isInstanceOf(CpuBudget.Exceeded.class);
            }
            assertThatThrownBy(() -> CpuBudget.within(SHORT, () -> begun.compareAndSet(false, true)))
                    .isInstanceOf(CpuBudget.Exceeded.class);
        } finally {
            stop.set(true);
        }
        assertThat(begun).isFalse();
        assertThat(CpuBudget.within(Duration.ofSeconds(10), () -> "done"))
                .as("as soon as there are places again")
                .isEqualTo("done");
    }

    @Test
    void waitingIsNoWork() {
        var others = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 3 * SHORT.toNanos()) {
                Thread.onSpinWait();
            }
            others.countDown();
        });

        assertThat(CpuBudget.within(SHORT, () -> {
                    others.await();
                    return "waited";
                }))
                .isEqualTo("waited");
    }

    @Test
    void aFailureIsHandedOnAndAStackUsedUpBreaksNothingElse() {
        assertThatThrownBy(() -> CpuBudget.within(SHORT, () -> {
                    throw new IllegalArgumentException("mine");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CpuBudget.within(Duration.ofSeconds(10), () -> deeper(0)))
                .isInstanceOf(IllegalStateException.class);
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }
}
