package dev.valija.snooze;

import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves;
import dev.valija.mailbox.MessageMoves.Marks;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Marks and moves snoozed messages at the provider, and tells which are done. */
@Component
class Carrier {
    static final Marks MARK = new Marks(Set.of(Keyword.SNOOZED), Set.of());
    static final Marks UNMARK = new Marks(Set.of(), Set.of(Keyword.SNOOZED));
    /** So that people see that it is there again. */
    static final Marks WAKE = new Marks(Set.of(), Set.of(Keyword.SNOOZED, Keyword.SEEN));

    private final MessageMoves moves;

    Carrier(MessageMoves moves) {
        this.moves = moves;
    }

    /**
     * What became of it.
     *
     * @param why for each that failed, by its API id
     * @param cause of all failures, where there is one
     */
    record Carried(
            List<Snooze> done,
            List<Snooze> failed,
            List<Failure> why,
            @Nullable ProblemException cause) {}

    /** @param target null to leave them where they are */
    Carried carry(List<Snooze> snoozes, Marks marks, @Nullable MailboxKey target) {
        var keys = snoozes.stream().map(Snooze::key).toList();
        try {
            var why = moves.change(keys, marks, target).failed();
            var failed = why.stream().map(Failure::id).collect(Collectors.toSet());
            Map<Boolean, List<Snooze>> parts = snoozes.stream()
                    .collect(Collectors.partitioningBy(
                            one -> failed.contains(one.key().toString())));
            return new Carried(parts.getOrDefault(false, List.of()), parts.getOrDefault(true, List.of()), why, null);
        } catch (ProblemException e) {
            return new Carried(List.of(), snoozes, failures(keys, e.problem()), e);
        }
    }

    /** Takes our keyword from messages that are none of ours any more. */
    void unmark(List<MessageKey> messages) {
        moves.change(messages, UNMARK, null);
    }

    private static List<Failure> failures(List<MessageKey> keys, Problem problem) {
        return keys.stream().map(key -> Failure.of(key.toString(), problem)).toList();
    }
}
