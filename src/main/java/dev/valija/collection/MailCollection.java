package dev.valija.collection;

import dev.valija.account.DataKeys.DataKey;
import dev.valija.mailbox.MailboxKey;
import dev.valija.problem.Problem;
import dev.valija.upstream.ServerSettings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A maildrop that is emptied, or copied, into a mailbox.
 *
 * @param lease whose turn it is: what is done in an earlier one counts no more
 * @param running somebody is at it
 * @param nextAt when somebody should be; null when only told to
 * @param tries how many have failed in a row
 */
record MailCollection(
        CollectionKey key,
        Source source,
        Target target,
        Policy policy,
        boolean rejected,
        long lease,
        boolean running,
        @Nullable Instant begunAt,
        @Nullable Instant nextAt,
        int tries,
        Pass pass,
        @Nullable Outcome outcome) {

    /** Where it comes from. */
    record Source(ServerSettings server, String loginName, Secret password) {
        boolean sameMaildrop(Source other) {
            return server.host().equals(other.server.host()) && loginName.equals(other.loginName);
        }
    }

    /** A password as it is kept. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
    record Secret(DataKey key, byte[] sealed) {
        @Override
        public String toString() {
            return "Secret";
        }
    }

    /**
     * Where it goes.
     *
     * @param name at the provider, should the index be lost
     */
    record Target(MailboxKey mailbox, String name) {}

    /**
     * How it is done.
     *
     * @param keepDays from storing a message to deleting it at the server; null for never
     */
    record Policy(@Nullable Integer keepDays, Duration interval, boolean paused) {
        /** When what is stored then may be deleted; null for never. */
        @Nullable
        Instant deletesAt(Instant storedAt) {
            return keepDays == null ? null : storedAt.plus(Duration.ofDays(keepDays));
        }
    }

    /** All that is there to be collected, over as many sessions as it takes. */
    record Pass(boolean open, int total, int done, int deleted, int refused) {}

    /**
     * How the last session ended.
     *
     * @param problem null when all went well
     * @param at on which side; null together with the problem
     */
    record Outcome(
            Instant when,
            @Nullable Problem problem,
            @Nullable Side at) {}

    enum Side {
        SOURCE,
        TARGET
    }

    long accountId() {
        return target.mailbox().accountId();
    }
}
