package dev.valija.snooze;

import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.snooze.Carrier.Carried;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds up what became of many messages. */
final class Tally {
    private final List<Failure> failed = new ArrayList<>();
    private int changed;
    private @Nullable ProblemException first;

    void changed(int messages) {
        changed += messages;
    }

    void add(Carried carried) {
        changed += carried.done().size();
        failed.addAll(carried.why());
        first = first == null ? carried.cause() : first;
    }

    void missing(Collection<String> ids) {
        ids.forEach(id -> failed.add(Failure.of(id, Problem.NOT_FOUND)));
    }

    void failed(Collection<String> ids, ProblemException why) {
        ids.forEach(id -> failed.add(Failure.of(id, why.problem())));
        first = first == null ? why : first;
    }

    /** Where nothing could be done at all, it fails as it did first. */
    BulkResult result() {
        if (changed == 0 && first != null) {
            throw first;
        }
        return new BulkResult(changed, List.copyOf(failed));
    }
}
