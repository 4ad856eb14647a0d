package dev.valija.account;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do in an account: its owner everything, others what is shared with them. What they may not even see
 * does not exist for them.
 *
 * @param owner whose account it is
 * @param everywhere in all of its mailboxes; null where only some are shared
 * @param mailboxes what goes beyond that, by our number of the mailbox
 * @param address of a member, as they have proven it to the mail server when they were invited; null for the owner
 */
public record Access(
        UserId user,
        UserId owner,
        long accountId,
        @Nullable AccessRole everywhere,
        Map<Long, AccessRole> mailboxes,
        @Nullable String address) {

    public Access {
        mailboxes = Map.copyOf(mailboxes);
    }

    static Access ofOwner(UserId user, long accountId) {
        return new Access(user, user, accountId, AccessRole.OWNER, Map.of(), null);
    }

    public boolean isOwner() {
        return everywhere == AccessRole.OWNER;
    }

    /** Whether every mailbox can be seen, those still to come too. */
    public boolean isWhole() {
        return everywhere != null;
    }

    /** The most that may be done anywhere. */
    public AccessRole most() {
        return Collections.max(Stream.concat(Stream.ofNullable(everywhere), mailboxes.values().stream())
                .toList());
    }

    /** What may be done in a mailbox; empty where it cannot be seen. */
    public Optional<AccessRole> in(long mailbox) {
        return Stream.concat(Stream.ofNullable(everywhere), Stream.ofNullable(mailboxes.get(mailbox)))
                .max(AccessRole::compareTo);
    }

    public boolean sees(long mailbox) {
        return in(mailbox).isPresent();
    }

    public boolean may(AccessRole least, long mailbox) {
        return in(mailbox).filter(role -> role.includes(least)).isPresent();
    }

    public boolean mayEverywhere(AccessRole least) {
        return everywhere != null && everywhere.includes(least);
    }

    /** Whether the account's name may be written in. */
    public boolean maySend() {
        return most().includes(AccessRole.SEND);
    }

    /**
     * Refuses what may not be done in a mailbox.
     *
     * @throws ProblemException not-found where it cannot be seen; forbidden where it can
     */
    public void require(AccessRole least, long mailbox) {
        if (!sees(mailbox)) {
            throw ProblemException.notFound("mailbox");
        }
        if (!may(least, mailbox)) {
            throw forbidden();
        }
    }

    /** Refuses what may not be done in all mailboxes. @throws ProblemException forbidden */
    public void requireEverywhere(AccessRole least) {
        if (!mayEverywhere(least)) {
            throw forbidden();
        }
    }

    /** @throws ProblemException forbidden where the account's name may not be written in */
    void requireSending() {
        if (!maySend()) {
            throw forbidden();
        }
    }

    private static ProblemException forbidden() {
        return new ProblemException(Problem.FORBIDDEN, "This is shared with you for less than that.");
    }
}
