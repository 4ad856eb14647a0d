package dev.valija.mailbox;

import java.time.Duration;

/** Does something again and again, beside what its thread is doing, until it is closed. */
final class Ticking {
    private final Thread clock;

    Ticking(Duration pause, Runnable action) {
        clock = Thread.ofVirtual().name("ticking").start(() -> {
            try {
                while (true) {
                    Thread.sleep(pause);
                    action.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        });
    }

    void close() {
        clock.interrupt();
    }
}
