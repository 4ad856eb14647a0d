package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks once a minute for moves that were left between two steps, by this node before it died or by another. */
@Component
class MoveRepair {
    private static final Logger log = LoggerFactory.getLogger(MoveRepair.class);
    /** Longer than a move takes: whoever began it is not at it any more. */
    static final Duration ABANDONED = Duration.ofMinutes(2);

    private final Moves moves;
    private final PendingMoves journal;

    MoveRepair(Moves moves, PendingMoves journal) {
        this.moves = moves;
        this.journal = journal;
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void repair() {
        repair(ABANDONED);
    }

    void repair(Duration age) {
        for (long accountId : journal.abandoned(age)) {
            try {
                moves.resume(accountId, age);
            } catch (ProblemException e) {
                log.info("moves of account {} cannot be ended yet: {}", accountId, e.problem());
            }
        }
    }
}
