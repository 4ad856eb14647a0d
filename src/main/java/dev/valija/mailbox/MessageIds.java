package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The field {@code ids} of requests about many messages. */
public final class MessageIds {
    private static final int MOST_IDS = 10_000;
    private static final int LONGEST_ID = 100;

    /**
     * The ids, each once.
     *
     * @throws ProblemException invalid-request when there are none, or too many, or what cannot be an id
     */
    public static Set<String> checked(@Nullable List<@Nullable String> ids) {
        if (ids == null) {
            throw ProblemException.invalid("/ids", "must be given");
        }
        if (ids.isEmpty() || ids.size() > MOST_IDS) {
            throw ProblemException.invalid("/ids", "must hold 1 to " + MOST_IDS + " ids");
        }
        var distinct = new LinkedHashSet<String>();
        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i);
            if (id == null || id.length() > LONGEST_ID) {
                throw ProblemException.invalid("/ids/" + i, "must be a text of at most " + LONGEST_ID + " characters");
            }
            distinct.add(id);
        }
        return distinct;
    }

    private MessageIds() {}
}
