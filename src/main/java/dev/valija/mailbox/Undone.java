package dev.valija.mailbox;

import dev.valija.problem.Problem;
import dev.valija.upstream.RemoteId;
import java.util.Collection;
import java.util.List;

/**
 * What of a change was not done.
 *
 * @param places the messages left as they were
 * @param why told of each
 */
record Undone(Collection<RemoteId> places, Problem why) {
    static final Undone NOTHING = new Undone(List.of(), Problem.CONFLICT);
}
