package dev.valija.schedule;

import dev.valija.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * What follows from an event, once the transaction that it is of has ended: in one of its own, for which that one has no
 * room. It is lost with the process, so it must be something that is found out later as well.
 */
public final class Aside {
    private static final Logger log = LoggerFactory.getLogger(Aside.class);

    /** Returns at once; the name is for the log. */
    public static void run(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (ProblemException e) {
                log.info("{}: there is nothing to be done any more: {}", name, e.problem());
            } catch (DataAccessException | TransactionException e) {
                log.info("{} is made up for later: {}", name, e.getClass().getSimpleName());
            }
        });
    }

    private Aside() {}
}
