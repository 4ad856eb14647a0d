package dev.valija.mailbox;

import dev.valija.problem.Problem;
import java.util.List;

/** What became of many messages, as the API tells it. */
public record BulkResult(int changed, List<Failure> failed) {

    /** One that is not as asked, and the type of the problem. */
    public record Failure(String id, String type) {
        public static Failure of(String id, Problem problem) {
            return new Failure(id, problem.type());
        }
    }
}
