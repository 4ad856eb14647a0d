package dev.valija.mailbox;

import dev.valija.problem.Problem;
import java.util.List;

/** What became of many messages, as the API tells it. */
record BulkResult(int changed, List<Failure> failed) {

    /** One that is not as asked, and the type of the problem. */
    record Failure(String id, String type) {
        static Failure of(String id, Problem problem) {
            return new Failure(id, problem.type());
        }
    }
}
