package dev.valija.retention;

import dev.valija.mailbox.BulkResult;
import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessageMoves;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Takes messages whose time is over out of their mailbox. */
@Component
class Removal {
    static final String TRASH = "Trash";

    private static final Logger log = LoggerFactory.getLogger(Removal.class);
    private static final Duration ANOTHER_TIME = Duration.ofHours(6);

    private final MessageMoves moves;
    private final StayRows stays;
    private final DepartedRows departed;

    Removal(MessageMoves moves, StayRows stays, DepartedRows departed) {
        this.moves = moves;
        this.stays = stays;
        this.departed = departed;
    }

    /**
     * Removes those that the provider has as they are taken for, and not marked to stay. First all are put off for some
     * hours: whatever happens to these, others have their turn.
     *
     * @param proven their keywords, by number
     * @throws ProblemException when the provider cannot be reached
     */
    void remove(Rule rule, List<Long> due, Map<Long, Set<Keyword>> proven, Instant now) {
        stays.postpone(rule.mailbox().key(), due, now.plus(ANOTHER_TIME));
        var going = due.stream()
                .filter(proven::containsKey)
                .filter(id -> !rule.keeps(proven.getOrDefault(id, Set.of())))
                .toList();
        if (!going.isEmpty()) {
            remove(rule, going, now);
        }
    }

    private void remove(Rule rule, List<Long> going, Instant now) {
        try {
            var failed = carry(rule, going, now).failed().stream()
                    .map(Failure::id)
                    .map(id -> MessageKey.parse(id).id())
                    .collect(Collectors.toSet());
            var gone = going.stream().filter(id -> !failed.contains(id)).toList();
            stays.delete(rule.mailbox().key(), gone);
            log.info(
                    "{} messages have left mailbox {} by its rule",
                    gone.size(),
                    rule.mailbox().key());
        } catch (ProblemException e) {
            if (isAway(e)) {
                throw e;
            }
            // One that the server will not let go must not hold back the others.
            if (going.size() > 1) {
                int half = going.size() / 2;
                remove(rule, going.subList(0, half), now);
                remove(rule, going.subList(half, going.size()), now);
            } else {
                log.info("a message stays in mailbox {}: {}", rule.mailbox().key(), e.problem());
            }
        }
    }

    private BulkResult carry(Rule rule, Collection<Long> going, Instant now) {
        var source = rule.mailbox().key();
        var messages =
                going.stream().map(id -> new MessageKey(source.accountId(), id)).toList();
        if (rule.isForEver()) {
            return moves.destroy(messages, source);
        }
        var trash = moves.findOrMake(source.accountId(), MailboxRole.TRASH, TRASH);
        departed.write(rule.mailbox(), going, now);
        return moves.move(messages, source, trash.key());
    }

    /** Whether it is the provider, and not these messages. */
    static boolean isAway(ProblemException e) {
        return e.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED
                || (e instanceof UpstreamException upstream && !upstream.connectionUsable());
    }
}
