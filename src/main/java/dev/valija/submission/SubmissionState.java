package dev.valija.submission;

import java.util.Locale;

/** Where a submission is on its way. */
enum SubmissionState {
    /** Waits for its time: the undo window or the schedule. */
    HELD,
    /** Goes as soon as somebody is free. */
    QUEUED,
    /** Is being said to the server; nothing is final yet. */
    TALKING,
    /** The final dot is being said: from here on it is never sent again by itself. */
    GATE,
    /** The server took it. */
    ACCEPTED,
    /** The copy is in Sent. */
    FILED,
    /** Nothing is left to do. */
    DONE,
    /** It surely did not go, and will be tried again. */
    RETRY,
    /** It did not go and will not. */
    REJECTED,
    /** The server's answer was lost; a trace of the message is looked for. */
    RESOLVE,
    /** Perhaps it went. Only the user sends it again. */
    UNKNOWN,
    /** Taken back before it went. */
    CANCELLED;

    /** As the API writes it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is told by this what becomes of the draft: it has gone for good, or is the user's again. */
    boolean settlesDraft() {
        return this == ACCEPTED || this == FILED || this == REJECTED || this == UNKNOWN || this == CANCELLED;
    }

    boolean cancellable() {
        return this == HELD || this == QUEUED || this == RETRY;
    }
}
