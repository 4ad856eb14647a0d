package dev.valija.upstream.smtp;

import dev.valija.upstream.MailTransport;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transport on a connection that may have been idle: a dead one is replaced as long as nothing has been said. */
final class SmtpTransport implements MailTransport {
    /** Said in one breath with the envelope where the server pipelines: a round trip less (RFC 2920 3.1). */
    private static final String DATA = "DATA";

    private static final int GO_ON = 354;

    private final Supplier<SmtpConnection> reconnect;
    private SmtpConnection connection;
    private boolean fresh;
    private boolean broken;

    /**
     * Speaks over that connection.
     *
     * @param fresh whether it was opened for this; a loss means something then
     * @param reconnect opens another, where the connection turns out to have been closed while idle
     */
    SmtpTransport(SmtpConnection connection, boolean fresh, Supplier<SmtpConnection> reconnect) {
        this.connection = connection;
        this.fresh = fresh;
        this.reconnect = reconnect;
    }

    /** The connection as it is now. */
    SmtpConnection connection() {
        return connection;
    }

    /** Whether the connection is in step and may be used again. */
    boolean reusable() {
        return !broken;
    }

    @Override
    public long sizeLimit() {
        return connection.sizeLimit();
    }

    @Override
    public Outcome send(String from, List<String> recipients, InputStream message, Gate gate) throws IOException {
        // Whatever throws below, save where it says otherwise, leaves the connection out of step.
        broken = true;
        try {
            var outcome = transact(from, recipients, message, gate);
            broken = false;
            return outcome;
        } finally {
            fresh = false;
            if (broken) {
                connection.abort();
            }
        }
    }

    private Outcome transact(String from, List<String> recipients, InputStream message, Gate gate) throws IOException {
        var sender = from.isEmpty()
                ? new SmtpAddress("", false)
                : SmtpAddress.of(from).orElse(null);
        if (sender == null) {
            throw refused(Map.of("", new Reply(553, "This sender is no address.")));
        }
        var refusals = new LinkedHashMap<String, Reply>();
        var paths = new LinkedHashMap<String, SmtpAddress>();
        for (String recipient : recipients) {
            SmtpAddress.of(recipient)
                    .ifPresentOrElse(
                            path -> paths.put(recipient, path),
                            () -> refusals.put(recipient, new Reply(553, "This is no address.")));
        }
        long size = message instanceof ByteArrayInputStream known ? known.available() : 0;
        var accepted = envelope(sender, paths, size, isHeader8Bit(message), refusals);
        connection.write(message);
        gate.pass(Map.copyOf(refusals));
        var reply = connection.finalDot();
        if (reply.code() >= 300) {
            if (reply.code() != 421) {
                reset();
            }
            throw refused(withMessage(refusals, reply));
        }
        return new Outcome(accepted, refusals);
    }

    /**
     * MAIL, RCPT and DATA, after which the message may follow. Gives the recipients taken, at least one; the others are
     * in {@code refusals} then.
     */
    private List<String> envelope(
            SmtpAddress sender,
            Map<String, SmtpAddress> paths,
            long size,
            boolean header8Bit,
            Map<String, Reply> refusals) {
        if (size > 0 && connection.sizeLimit() > 0 && size > connection.sizeLimit()) {
            broken = false;
            throw refused(Map.of("", new Reply(552, "The message is larger than the server takes.")));
        }
        boolean utf8 = sender.needsUtf8() || paths.values().stream().anyMatch(SmtpAddress::needsUtf8);
        boolean offered = connection.supportsExtension("SMTPUTF8");
        if (utf8 && !offered) {
            var reply = new Reply(553, "The server takes no addresses beyond ASCII.");
            if (sender.needsUtf8()) {
                broken = false;
                throw refused(Map.of("", reply));
            }
            paths.entrySet().removeIf(entry -> {
                if (entry.getValue().needsUtf8()) {
                    refusals.put(entry.getKey(), reply);
                }
                return entry.getValue().needsUtf8();
            });
            utf8 = false;
        }
        if (paths.isEmpty()) {
            broken = false;
            throw refused(refusals);
        }
        var commands = new ArrayList<String>();
        // RFC 6531 3.4: also for a header beyond ASCII. Where it cannot be said, such mail has always gone all the
        // same.
        commands.add(mail(sender, size, utf8 || (offered && header8Bit)));
        paths.values().forEach(path -> commands.add("RCPT TO:<" + path.path() + ">"));
        boolean pipelines = connection.supportsExtension("PIPELINING");
        if (pipelines) {
            commands.add(DATA);
        }
        var replies = say(commands);
        var data = pipelines ? replies.getLast() : null;
        if (replies.getFirst().code() >= 300) {
            giveUp(data);
            throw refused(withMessage(refusals, replies.getFirst()));
        }
        var accepted = new ArrayList<String>();
        int next = 1;
        for (String recipient : paths.keySet()) {
            var reply = replies.get(next++);
            if (reply.code() < 300) {
                accepted.add(recipient);
            } else {
                refusals.put(recipient, reply);
            }
        }
        if (accepted.isEmpty()) {
            giveUp(data);
            throw refused(refusals);
        }
        if (data == null) {
            data = connection.say(List.of(DATA)).getFirst();
        }
        if (data.code() != GO_ON) {
            reset();
            throw refused(withMessage(refusals, data));
        }
        return accepted;
    }

    /** Whether the header of a message that can be read twice holds octets beyond ASCII. */
    private static boolean isHeader8Bit(InputStream message) throws IOException {
        if (!(message instanceof ByteArrayInputStream)) {
            return false;
        }
        message.mark(0); // it has all its octets in any case
        try {
            int lineEnds = 0;
            for (int c = message.read(); c >= 0 && lineEnds < 2; c = message.read()) {
                if (c >= 0x80) {
                    return true;
                }
                lineEnds = c == '\n' ? lineEnds + 1 : c == '\r' ? lineEnds : 0;
            }
            return false;
        } finally {
            message.reset();
        }
    }

    private String mail(SmtpAddress sender, long size, boolean utf8) {
        var command = new StringBuilder("MAIL FROM:<").append(sender.path()).append('>');
        if (size > 0 && connection.supportsExtension("SIZE")) {
            command.append(" SIZE=").append(size);
        }
        if (connection.supportsExtension("8BITMIME")) {
            // RFC 6152 3: allowed for 7-bit text too, and saves reading the message twice.
            command.append(" BODY=8BITMIME");
        }
        return utf8 ? command.append(" SMTPUTF8").toString() : command.toString();
    }

    /** Servers close idle connections without a word, so the first loss on an old one means nothing. */
    private List<Reply> say(List<String> commands) {
        try {
            return connection.say(commands);
        } catch (UpstreamException.Unavailable e) {
            if (fresh) {
                throw e;
            }
            connection.abort();
            connection = reconnect.get();
            fresh = true;
            return connection.say(commands);
        }
    }

    /**
     * Ends a transaction without a recipient. RFC 2920 3.1 would have a single dot said to a server that wants the
     * message all the same; we hang up, since no dot is ever said outside the gate.
     */
    private void giveUp(@Nullable Reply data) {
        if (data == null || data.code() != GO_ON) {
            reset();
        }
    }

    /** Ends the transaction; the connection is in step when that worked. */
    private void reset() {
        broken = !connection.alive();
    }

    private static Map<String, Reply> withMessage(Map<String, Reply> refusals, Reply message) {
        var all = new LinkedHashMap<>(refusals);
        all.put("", message);
        return all;
    }

    private static UpstreamException.Rejected refused(Map<String, Reply> replies) {
        return new UpstreamException.Rejected("The server did not take the message.", replies);
    }
}
