package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks once a minute for moves that were left between two steps, by this node before it died or by another. */
@Component
class MoveRepair implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(MoveRepair.class);
    private static final Duration BEAT = Duration.ofMinutes(1);
    /** Longer than a move takes: whoever began it is not at it any more. */
    private static final Duration ABANDONED = Duration.ofMinutes(2);

    private final Moves moves;
    private final PendingMoves journal;
    private volatile @Nullable Thread heart;

    MoveRepair(Moves moves, PendingMoves journal) {
        this.moves = moves;
        this.journal = journal;
    }

    void repair(Duration age) {
        for (long accountId : journal.abandoned(age)) {
            try {
                moves.resume(accountId);
            } catch (ProblemException e) {
                log.info("moves of account {} cannot be ended yet: {}", accountId, e.problem());
            }
        }
    }

    @Override
    public void start() {
        heart = Thread.ofVirtual().name("move repair").start(this::beat);
    }

    private void beat() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                repair(ABANDONED);
            } catch (RuntimeException e) {
                log.warn("looking for unfinished moves failed", e);
            }
            try {
                Thread.sleep(BEAT);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void stop() {
        var running = heart;
        heart = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return heart != null;
    }
}
