package dev.valija.support;

import dev.valija.message.Keyword;
import dev.valija.upstream.MailTransport;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The submission side of a {@link FakeUpstream}: remembers what was sent, delivers to its users, fails on demand. */
public final class FakeTransport implements MailTransport {

    /** A message the provider took. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Sent(String from, List<String> recipients, byte[] message) {
        /** The message as text. */
        public String text() {
            return new String(message, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private enum Cut {
        NEVER,
        BEFORE_FINAL_DOT,
        AFTER_FINAL_DOT_TAKEN,
        AFTER_FINAL_DOT_LOST
    }

    private final FakeUpstream upstream;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Map<String, Reply> refusals = new ConcurrentHashMap<>();
    private volatile Cut cut = Cut.NEVER;
    private volatile Reply refusesAll;
    private volatile long sizeLimit = 30_000_000;

    FakeTransport(FakeUpstream upstream) {
        this.upstream = upstream;
    }

    /** What was taken, in order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** That recipient is refused so, until told otherwise with code 0. */
    public void refuses(String recipient, int code, String text) {
        if (code == 0) {
            refusals.remove(recipient);
        } else {
            refusals.put(recipient, new Reply(code, text));
        }
    }

    /** Every message is refused as a whole, after its data, until told otherwise with code 0. */
    public void refusesMessages(int code, String text) {
        refusesAll = code == 0 ? null : new Reply(code, text);
    }

    /** The connection of the next send is lost before the final dot. */
    public void cutsBeforeFinalDot() {
        cut = Cut.BEFORE_FINAL_DOT;
    }

    /** The next message is taken, and the connection lost before the reply. */
    public void takesAndCuts() {
        cut = Cut.AFTER_FINAL_DOT_TAKEN;
    }

    /** The next message is not taken, and the connection lost after the final dot. */
    public void losesAndCuts() {
        cut = Cut.AFTER_FINAL_DOT_LOST;
    }

    /** The size limit announced, 0 for none. */
    public void limitsSize(long octets) {
        sizeLimit = octets;
    }

    @Override
    public long sizeLimit() {
        return sizeLimit;
    }

    @Override
    public Outcome send(String from, List<String> recipients, InputStream message, Gate gate) throws IOException {
        var refused = new LinkedHashMap<String, Reply>();
        var accepted = new ArrayList<String>();
        for (var recipient : recipients) {
            var reply = refusals.get(recipient);
            if (reply == null) {
                accepted.add(recipient);
            } else {
                refused.put(recipient, reply);
            }
        }
        if (accepted.isEmpty()) {
            throw new UpstreamException.Rejected("no recipient was taken", refused);
        }
        var octets = message.readAllBytes();
        var fault = cut;
        cut = Cut.NEVER;
        if (fault == Cut.BEFORE_FINAL_DOT) {
            throw new UpstreamException.Unavailable("connection lost before the final dot", null);
        }
        gate.pass(refused);
        if (refusesAll != null) {
            throw new UpstreamException.Rejected("the message was not taken", Map.of("", refusesAll));
        }
        if (fault != Cut.AFTER_FINAL_DOT_LOST) {
            sent.add(new Sent(from, List.copyOf(accepted), octets));
            accepted.forEach(address -> upstream.mailOf(address)
                    .ifPresent(store -> store.receives(FakeMailStore.INBOX, octets, Instant.now(), Set.<Keyword>of())));
        }
        if (fault != Cut.NEVER) {
            throw new UpstreamException.OutcomeUnknown("connection lost after the final dot", null);
        }
        return new Outcome(accepted, refused);
    }
}
