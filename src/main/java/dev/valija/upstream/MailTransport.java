package dev.valija.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Hands mail to the provider for delivery, over one borrowed connection: see {@link Upstream#withTransport}. */
public interface MailTransport {

    /** The largest message the server takes, in octets (RFC 1870), or 0 where it does not say. */
    long sizeLimit();

    /**
     * Sends one message (RFC 5321, 6409).
     *
     * @param from the envelope sender's addr-spec
     * @param recipients addr-specs, at least one; Bcc recipients are here and not in the message
     * @param gate passed once when all but the final dot has been said; until it returns nothing is sent for good, and
     *     if it throws nothing is sent at all
     * @throws UpstreamException.Rejected with a reply for each recipient when the server took it for none
     * @throws UpstreamException.OutcomeUnknown when the connection went after the final dot and before the reply
     */
    Outcome send(String from, List<String> recipients, InputStream message, Gate gate) throws IOException;

    /** What stands before the final dot. */
    @FunctionalInterface
    interface Gate {
        /**
         * Returns when the message may go.
         *
         * @param refused replies by recipient, for those the server will not take it for
         */
        void pass(Map<String, Reply> refused);
    }

    /**
     * What became of it.
     *
     * @param refused replies by recipient, for those the server did not take; empty when all went
     */
    record Outcome(List<String> accepted, Map<String, Reply> refused) {}

    /**
     * A reply of the server.
     *
     * @param code 400 to 599 (RFC 5321 4.2)
     * @param text for the user's eyes, control characters removed, at most 500 characters
     */
    record Reply(int code, String text) {
        public boolean permanent() {
            return code >= 500;
        }
    }
}
