package dev.valija.collection;

import dev.valija.problem.ProblemException;

/** It is the mailbox, and not the POP3 server, that something is wrong with. */
final class TargetFailure extends RuntimeException {
    private final ProblemException why;

    TargetFailure(ProblemException why) {
        super(why);
        this.why = why;
    }

    ProblemException why() {
        return why;
    }
}
