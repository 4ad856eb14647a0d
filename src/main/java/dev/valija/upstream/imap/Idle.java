package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Failures;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.jspecify.annotations.Nullable;

/** One stretch of waiting for news in IDLE (RFC 2177): begun by {@link #await}, ended by {@link #end}. */
final class Idle {
    /** What a living server takes to answer DONE. */
    private static final Duration DONE_PATIENCE = Duration.ofSeconds(20);

    /** After so many lines it is looked at what they tell, however many more wait. */
    private static final int MOST_AT_ONCE = 10_000;

    private final ImapSession session;
    private final Consumer<Line> untagged;
    private String tag = "";

    /** @param untagged is shown all that comes meanwhile */
    Idle(ImapSession session, Consumer<Line> untagged) {
        this.session = session;
        this.untagged = untagged;
    }

    /**
     * Waits.
     *
     * @param most how long, if nothing comes
     * @param enough whether what has come so far is worth returning for
     */
    void await(Duration most, BooleanSupplier enough) {
        ImapWire wire = session.wire();
        try {
            session.rest();
            session.patience(DONE_PATIENCE);
            tag = wire.send(Command.of("IDLE"));
            if (!granted(wire)) {
                throw new UpstreamException.NotSupported("The mail server refused to push news.", null);
            }
            long end = System.nanoTime() + most.toNanos();
            while (!enough.getAsBoolean() && arrives(wire, end)) {
                session.patience(DONE_PATIENCE);
                int lines = 0;
                do {
                    note(wire.next());
                } while (++lines < MOST_AT_ONCE && wire.reader().available() > 0);
            }
        } catch (IOException | ProtocolException e) {
            session.lose();
            throw Failures.of(e);
        }
    }

    /** Says that it is enough. */
    void end() {
        end(null);
    }

    /**
     * Says that it is enough, and what next, in one round trip.
     *
     * @return the tagged answer to the command
     */
    Line endWith(Command next) {
        return end(next);
    }

    private Line end(@Nullable Command next) {
        ImapWire wire = session.wire();
        try {
            session.patience(DONE_PATIENCE);
            wire.sendLine("DONE");
            List<String> tags = next == null ? List.of(tag) : List.of(tag, wire.send(next));
            return session.await(tags, untagged).getLast();
        } catch (IOException | ProtocolException e) {
            session.lose();
            throw Failures.of(e);
        }
    }

    private boolean granted(ImapWire wire) throws IOException {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Line line = wire.next();
            if (line.isContinuation()) {
                return true;
            }
            if (line.isTagged() && tag.equals(line.getTag())) {
                return false;
            }
            note(line);
        }
        throw Tokens.malformed();
    }

    private void note(Line line) {
        if (line.isTagged()) {
            throw Tokens.malformed();
        }
        session.note(line);
        untagged.accept(line);
    }

    /** Whether anything comes before the end; a timeout between lines does no harm. */
    private boolean arrives(ImapWire wire, long end) throws IOException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        session.patience(Duration.ofNanos(Math.max(left, 1_000_000)));
        try {
            wire.reader().awaitInput();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
